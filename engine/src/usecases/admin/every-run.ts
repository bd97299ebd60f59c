/** Walks a history in pages, so that a million runs cost no more memory than one. */
import type { HistoryStore, RawEvent } from "../../ports/history-store.ts"

const runsPerPage = 500
const eventsPerPage = 2_000

/** All runs by id, or only the one asked for. */
export async function* everyRun(history: Pick<HistoryStore, "runIds">, only: string | null): AsyncGenerator<string> {
  if (only !== null) {
    yield only
    return
  }
  let after: string | null = null
  for (;;) {
    const ids: readonly string[] = await history.runIds(after, runsPerPage)
    yield* ids
    if (ids.length < runsPerPage) return
    after = ids[ids.length - 1]!
  }
}

export async function* everyEvent(history: Pick<HistoryStore, "rawEvents">, runId: string): AsyncGenerator<RawEvent> {
  let after = 0
  for (;;) {
    const page = await history.rawEvents(runId, after, eventsPerPage)
    yield* page
    if (page.length < eventsPerPage) return
    after = page[page.length - 1]!.seq
  }
}
