/**
 * Writes what is due into the archive: pack, write, read back, check, and only then may it leave the store. A crash between
 * any two of these leaves a batch that is `writing`: the next one writes it again under its name, or removes it. It
 * never clears anything out of the store itself.
 */

import type {
  ArchiveBatch,
  ArchivedContent,
  ArchiveRoom,
  ArchiveShelf,
  BatchWithout,
  ListedBatch,
  PackedContent,
  PackLimits,
} from "../../ports/archive-shelf.ts"
import { ArchiveDamaged, type ArchiveStore, ArchiveUnavailable, BatchAway } from "../../ports/archive-store.ts"
import type { Clock } from "../../ports/clock.ts"
import type { Log } from "../../ports/log.ts"
import type { ArchivedRanges } from "./archived-ranges.ts"
import { contentIn, filesOf, isAway } from "./batch-contents.ts"

export interface ArchiverPorts {
  readonly shelf: ArchiveShelf
  /** Null: none is configured. */
  readonly store: ArchiveStore | null
  readonly ranges: ArchivedRanges
  readonly room: Pick<ArchiveRoom, "contents">
  readonly clock: Clock
  readonly log: Log
}

export interface ArchiverLimits extends PackLimits {
  /** After a failure; twice as long after each further one. */
  readonly retryMs: number
  readonly retryMsMax: number
}

export const defaultArchiverLimits: ArchiverLimits = {
  runs: 500,
  bytes: 8 << 20,
  attachedBytes: 256 << 20,
  retryMs: 30_000,
  retryMsMax: 3_600_000,
}

/** After a start batches are small, so that a server which is ended again and again gets on; then as large as takes this. */
const firstRuns = 64
const batchMs = 1_000

const attachedPerRead = 500
/** Repacked so often because more was attached meanwhile: then it waits for the next time. */
const repacksMax = 10

/** One that is on its way or leaving may stand before it. */
const newestLookedAt = 20
/** Says that the place is the right one, although what was archived before is not in it. */
const begunAnew = "begun-anew.txt"
const begunAnewBytes = 4_096

export interface Archived {
  readonly runs: number
  readonly events: number
  /** As they lie in the archive. */
  readonly bytes: number
  /** Why the rest has to wait; null: nothing has. */
  readonly waits: string | null
}

/** What is due stays in the store until then. */
export interface ArchiveWaits {
  readonly since: number
  readonly reason: string
  readonly nextTry: number
}

export class Archiver {
  readonly #ports: ArchiverPorts
  readonly #limits: ArchiverLimits
  readonly #waits = new Map<string, ArchiveWaits & { readonly tries: number }>()
  #isStopped = false
  #runs: number

  constructor(ports: ArchiverPorts, limits: ArchiverLimits) {
    this.#ports = ports
    this.#limits = limits
    this.#runs = Math.min(firstRuns, limits.runs)
  }

  get place(): string | null {
    return this.#ports.store?.place ?? null
  }

  waits(workspaceId: string): ArchiveWaits | null {
    return this.#waits.get(workspaceId) ?? null
  }

  /** When something that failed is to be tried again; null: nothing has. */
  nextTry(): number | null {
    let next: number | null = null
    for (const { nextTry } of this.#waits.values()) next = Math.min(next ?? nextTry, nextTry)
    return next
  }

  /** Nothing of it is to be archived any more. */
  waitsNoMore(workspaceId: string): void {
    this.#waits.delete(workspaceId)
  }

  /** The batch under way is left where it is: the next start writes it again. */
  stop(): void {
    this.#isStopped = true
  }

  /** Everything that ended at or before `until`. A failure is said, not thrown: what waits is no fault of the purge. */
  async archive(workspaceId: string, until: number): Promise<Archived> {
    const done = { runs: 0, events: 0, bytes: 0 }
    try {
      while (!this.#isStopped) {
        const batch = await this.#next(workspaceId, until)
        if (batch === null) break
        done.runs += batch.runs
        done.events += batch.events
        done.bytes += batch.bytes
      }
      this.#waits.delete(workspaceId)
    } catch (error) {
      this.#failed(workspaceId, error)
    }
    return { ...done, waits: this.#waits.get(workspaceId)?.reason ?? null }
  }

  /**
   * Removes the batches of which nothing is listed any more.
   * @param withHalves what a crash left half written, too: nothing is archived that would write it again
   */
  async clear(workspaceId: string, withHalves = false): Promise<void> {
    const { shelf, store } = this.#ports
    await shelf.release(workspaceId)
    const leaving = (await shelf.unfinished(workspaceId)).filter(({ state }) => withHalves || state === "leaving")
    if (leaving.length === 0) return
    try {
      for (const batch of leaving) await this.#remove(needed(store), batch)
    } catch (error) {
      this.#failed(workspaceId, error)
    }
  }

  /**
   * A run out of its batch: the batch that is left of it is written, read back and checked, and only then takes its place.
   * The files of before are removed behind that, by `clear`. Done already, it does nothing, nor where the archive is lost
   * and was begun anew.
   * @param at when that was asked for: written again, it is the same batch
   * @throws ArchiveUnavailable, ArchiveDamaged
   */
  async takeOut(workspaceId: string, runId: string, at: number): Promise<{ readonly batchId: string } | null> {
    const { shelf, clock } = this.#ports
    const batch = await shelf.batchOf(runId)
    if (batch === null) return this.#removeHalves(runId)
    const store = needed(this.#ports.store)
    const contents = await filesOf(store, batch)
    if (contents.size === 0) {
      if (await isBegunAnew(store)) return this.#removeHalves(runId)
      throw new BatchAway(isAway(store, batch))
    }
    const { wasIn, left } = await shelf.without(batch, contents, runId, at)
    if (!wasIn) return null
    await this.#removeOrphans(workspaceId, left?.batch ?? null)
    if (left !== null && !(await this.#write(store, left, []))) throw new ArchiveUnavailable("the server is going down")
    await shelf.replace(batch.batchId, left?.batch.batchId ?? null, clock.now())
    return batch
  }

  /** A crash left them half written, with the run, and nobody may ever write them again. */
  async #removeHalves(runId: string): Promise<null> {
    for (const half of await this.#ports.shelf.halvesOf(runId)) await this.#remove(needed(this.#ports.store), half)
    return null
  }

  async #next(workspaceId: string, until: number, repacked = 0): Promise<ArchiveBatch | null> {
    const { shelf, clock } = this.#ports
    const began = clock.monotonic()
    const packed = await shelf.pack(workspaceId, until, { ...this.#limits, runs: this.#runs })
    await this.#removeOrphans(workspaceId, packed?.batch ?? null)
    if (packed === null) return null
    const store = needed(this.#ports.store)
    await this.#isThere(store, workspaceId)
    const { batch, attached, lost } = packed
    if (lost.length > 0)
      this.#ports.log.write("warn", "attachments are not archived: they are not on the disk as they were", {
        ...{ workspaceId, batchId: batch.batchId, count: lost.length, files: lost.slice(0, 10).join(" ") },
      })
    if (!(await this.#write(store, packed, attached))) return null
    if (!(await shelf.keep(batch.batchId, clock.now()))) {
      if (repacked >= repacksMax) throw new ArchiveUnavailable("files are being attached to what is to be archived")
      return this.#next(workspaceId, until, repacked + 1)
    }
    this.#ports.ranges.add(batch)
    this.#runs = nextRuns(batch.runs, clock.monotonic() - began, this.#limits.runs)
    return batch
  }

  /** What a crash left half written, unless it is written again now. */
  async #removeOrphans(workspaceId: string, again: ArchiveBatch | null): Promise<void> {
    const left = (await this.#ports.shelf.unfinished(workspaceId)).filter(({ state }) => state === "writing")
    for (const orphan of left)
      if (orphan.batchId !== again?.batchId) await this.#remove(needed(this.#ports.store), orphan)
  }

  /**
   * And read back.
   * @param brings what is attached and has to be brought there; the rest of what it names lies there
   * @returns false when it was stopped in the middle
   */
  async #write(
    store: ArchiveStore,
    { batch, contents, attached }: NonNullable<BatchWithout["left"]>,
    brings: readonly PackedContent[],
  ): Promise<boolean> {
    const { shelf, clock } = this.#ports
    await shelf.begin(batch, attached, clock.now())
    for (const content of brings) {
      if (this.#isStopped) return false
      await this.#bring(store, content)
    }
    for (const file of batch.files) {
      if (this.#isStopped) return false
      await store.write(file.name, contents.get(file.table)!)
    }
    const { findings } = await shelf.check(batch, await filesOf(store, batch))
    if (findings.length > 0)
      throw new ArchiveDamaged(`batch ${batch.batchId} came back otherwise: ${findings[0]!.what}`)
    return true
  }

  /** One at a time is in memory. What lies there already, as another batch or a crash left it, is only looked at. */
  async #bring(store: ArchiveStore, content: PackedContent): Promise<void> {
    if (await isThere(this.#ports.shelf, store, content)) return
    const bytes = await this.#ports.shelf.attachment(content)
    if (bytes === null) throw new Error(`the attachment ${content.file} is not there any more`)
    await store.write(content.name, bytes)
    if (!(await isThere(this.#ports.shelf, store, content)))
      throw new ArchiveDamaged(`${content.name} came back otherwise`)
  }

  /** A disk that is not mounted is an empty folder: what is put there is in no archive once the disk is back. */
  async #isThere(store: ArchiveStore, workspaceId: string): Promise<void> {
    const listed = await this.#ports.shelf.list(workspaceId, null, newestLookedAt)
    const newest = listed.find(({ state }) => state === "kept")
    const manifest = newest?.files.find(({ name }) => name.endsWith("/manifest.json"))
    if (manifest === undefined || (await store.read(manifest.name, manifest.bytes)) !== null) return
    if (await isBegunAnew(store)) return
    throw new ArchiveUnavailable(
      `${store.place} does not hold what was archived before (${manifest.name}): mount it or copy it there; if it is lost, put a file ${begunAnew} there`,
    )
  }

  async #remove(store: ArchiveStore, batch: ListedBatch): Promise<void> {
    for (const { name } of batch.files) await store.remove(name)
    await this.#removeAttached(store, batch)
    await this.#ports.shelf.forget(batch.batchId)
  }

  /** What no other batch names. */
  async #removeAttached(store: ArchiveStore, { batchId }: ListedBatch): Promise<void> {
    const { shelf, room } = this.#ports
    for (let after = ""; ; ) {
      const page = await shelf.attached(batchId, after, attachedPerRead, true)
      for (const { name, sha256 } of page) {
        await store.remove(name)
        await room.contents.drop(sha256)
      }
      if (page.length < attachedPerRead) return
      after = page[page.length - 1]!.sha256
    }
  }

  #failed(workspaceId: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error)
    const now = this.#ports.clock.now()
    const before = this.#waits.get(workspaceId)
    const tries = (before?.tries ?? 0) + 1
    const { retryMs, retryMsMax } = this.#limits
    const nextTry = now + Math.min(retryMsMax, retryMs * 2 ** Math.min(tries - 1, 20))
    this.#waits.set(workspaceId, { since: before?.since ?? now, reason, nextTry, tries })
    this.#ports.log.write("warn", "what is due waits in the store: it could not be archived", { workspaceId, reason })
  }
}

/** At most twice as many as took so long, and never so few that files are mostly their own ends. */
function nextRuns(runs: number, tookMs: number, most: number): number {
  const fitting = Math.floor((runs * batchMs) / Math.max(1, tookMs))
  return Math.min(most, Math.max(16, Math.min(fitting, runs * 2)))
}

/** What is not what it should be, is not there. */
async function isThere(shelf: ArchiveShelf, store: ArchiveStore, content: ArchivedContent): Promise<boolean> {
  const bytes = await contentIn(store, content)
  return bytes !== null && (await shelf.isWhole(content, bytes))
}

async function isBegunAnew(store: ArchiveStore): Promise<boolean> {
  return (await store.read(begunAnew, begunAnewBytes)) !== null
}

function needed(store: ArchiveStore | null): ArchiveStore {
  if (store === null) throw new ArchiveUnavailable("no archive is configured: set WAYBILL_ARCHIVE")
  return store
}
