/** `waybill verify --archive`: every batch fetched, held against what was written, the chain of every run in it, and what was attached. */
import type { ArchiveBatch, ArchiveReport, ArchiveShelf, BatchFinding } from "../../ports/archive-shelf.ts"
import { ArchiveDamaged, type ArchiveStore, ArchiveUnavailable } from "../../ports/archive-store.ts"
import { contentIn, filesOf } from "./batch-contents.ts"

const batchesPerRead = 100
const attachedPerRead = 500
const findingsMax = 1_000

export const verifyArchive =
  ({ shelf, store }: { readonly shelf: ArchiveShelf; readonly store: ArchiveStore | null }) =>
  async (progress?: (at: { readonly runs: number; readonly events: number }) => void): Promise<ArchiveReport> => {
    const findings: (BatchFinding & { readonly batchId: string })[] = []
    let [batches, runs, events] = [0, 0, 0]
    for (let after: ArchiveBatch | null = null; ; ) {
      const page: readonly ArchiveBatch[] = await shelf.kept(after, batchesPerRead)
      for (const batch of page) {
        const found = await checkOne(shelf, store, batch)
        // It left while it was looked at: an erased run's batch is written anew and checked, its files of before go.
        if (found.findings.length > 0 && (await shelf.batch(batch.batchId)) === null) continue
        batches++
        runs += found.runs
        events += found.events
        for (const finding of found.findings)
          if (findings.length < findingsMax) findings.push({ ...finding, batchId: batch.batchId })
        progress?.({ runs, events })
      }
      if (page.length < batchesPerRead) return { batches, runs, events, findings }
      after = page[page.length - 1]!
    }
  }

/** A store that does not answer is no finding: nothing is known then. */
async function checkOne(shelf: ArchiveShelf, store: ArchiveStore | null, batch: ArchiveBatch) {
  if (store === null) throw new ArchiveUnavailable("runs are archived, and no archive is configured now")
  try {
    const found = await shelf.check(batch, await filesOf(store, batch))
    if (await hasAttached(shelf, store, batch)) return found
    return { ...found, findings: [...found.findings, { runId: "", seq: 0, what: "archive_attachment" as const }] }
  } catch (error) {
    if (!(error instanceof ArchiveDamaged)) throw error
    return { runs: 0, events: 0, findings: [{ runId: "", seq: 0, what: "archive_altered" as const }] }
  }
}

/** One content at a time is in memory; the first that is not what it was is enough. */
async function hasAttached(shelf: ArchiveShelf, store: ArchiveStore, { batchId }: ArchiveBatch): Promise<boolean> {
  for (let after = ""; ; ) {
    const page = await shelf.attached(batchId, after, attachedPerRead, false)
    for (const content of page) {
      const bytes = await contentIn(store, content)
      if (bytes === null || !(await shelf.isWhole(content, bytes))) return false
    }
    if (page.length < attachedPerRead) return true
    after = page[page.length - 1]!.sha256
  }
}
