/** The files of a batch out of the archive, each no larger than it was written. */
import type { ArchiveBatch, BatchContents } from "../../ports/archive-shelf.ts"
import type { ArchiveStore } from "../../ports/archive-store.ts"

/** What is missing is missing in the answer. */
export async function filesOf(store: ArchiveStore, batch: ArchiveBatch): Promise<BatchContents> {
  const contents = new Map<string, Uint8Array>()
  for (const { table, name, bytes } of batch.files) {
    const content = await store.read(name, bytes)
    if (content !== null) contents.set(table, content)
  }
  return contents
}

/** What agents logged in its runs was kept when it was packed. */
export function hasLogs({ files }: ArchiveBatch): boolean {
  return files.some(({ table }) => table === "logs")
}

/** Nothing of it lies there: a disk that is not mounted, a folder that was moved, not files that were altered. */
export function isAway(store: ArchiveStore, { batchId }: ArchiveBatch): string {
  return `${store.place} does not hold the batch ${batchId}: mount it or copy it there`
}
