/**
 * The archive, opened: who writes what is due, who looks at what lies there, who checks that it is whole. Finished runs
 * only; which and when is retention's.
 */
import type { ArchiveRoom, ArchiveShelf } from "../../ports/archive-shelf.ts"
import type { ArchiveStore } from "../../ports/archive-store.ts"
import type { Clock } from "../../ports/clock.ts"
import type { Log } from "../../ports/log.ts"
import { ArchivedContents } from "./archived-contents.ts"
import { ArchivedRanges } from "./archived-ranges.ts"
import { ArchivedRuns } from "./archived-runs.ts"
import { Archiver, type ArchiverLimits } from "./archiver.ts"
import { verifyArchive } from "./verify-archive.ts"

export interface ArchivePorts {
  readonly shelf: ArchiveShelf
  readonly room: ArchiveRoom
  /** Null: none is configured; what was archived before cannot be looked at. */
  readonly store: ArchiveStore | null
  readonly clock: Clock
  readonly log: Log
}

export interface OpenArchive {
  readonly archiver: Archiver
  readonly ranges: ArchivedRanges
  readonly runs: ArchivedRuns
  /** What was attached to them. */
  readonly contents: ArchivedContents
  readonly shelf: ArchiveShelf
  readonly verify: ReturnType<typeof verifyArchive>
}

export async function openArchive(ports: ArchivePorts, limits: ArchiverLimits): Promise<OpenArchive> {
  const ranges = await ArchivedRanges.open(ports.shelf)
  return {
    archiver: new Archiver({ ...ports, ranges }, limits),
    ranges,
    runs: new ArchivedRuns({ ...ports, ranges }),
    contents: new ArchivedContents(ports),
    shelf: ports.shelf,
    verify: verifyArchive(ports),
  }
}
