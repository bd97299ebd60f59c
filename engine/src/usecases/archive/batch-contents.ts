/** The files of a batch out of the archive, each no larger than it was written. */
import type { ArchiveBatch, ArchivedContent, BatchContents } from "../../ports/archive-shelf.ts"
import { ArchiveDamaged, type ArchiveStore } from "../../ports/archive-store.ts"

/** What is missing is missing in the answer. */
export async function filesOf(store: ArchiveStore, batch: ArchiveBatch): Promise<BatchContents> {
  const contents = new Map<string, Uint8Array>()
  for (const { table, name, bytes } of batch.files) {
    const content = await store.read(name, bytes)
    if (content !== null) contents.set(table, content)
  }
  return contents
}

/** What was attached to one of its runs; null: it is not there, or is longer than it was. */
export async function contentIn(store: ArchiveStore, { name, bytes }: ArchivedContent): Promise<Uint8Array | null> {
  try {
    return await store.read(name, bytes)
  } catch (error) {
    if (error instanceof ArchiveDamaged) return null
    throw error
  }
}

/** What agents logged in its runs was kept when it was packed. */
export function hasLogs({ files }: ArchiveBatch): boolean {
  return files.some(({ table }) => table === "logs")
}

/** Nothing of it lies there: a disk that is not mounted, a folder that was moved, not files that were altered. */
export function isAway(store: ArchiveStore, { batchId }: ArchiveBatch): string {
  return `${store.place} does not hold the batch ${batchId}: mount it or copy it there`
}
