/**
 * `waybill rebuild`: every projection of a run made again from its events, and from its remarks, run by run (W15, rule 10). Only runs whose
 * events 1…n are all there are touched; a run that moves meanwhile is left to the engine, which keeps its rows itself.
 */
import { auditRows } from "../../core/audit/index.ts"
import { decodeEvent } from "../../core/run/decode-event.ts"
import { RowFold } from "../../core/views/fold.ts"
import type { Admin } from "../../door.ts"
import type { HistoryStore } from "../../ports/history-store.ts"
import type { MeasureStore } from "../../ports/measure-store.ts"
import type { SearchIndex } from "../../ports/search-index.ts"
import { pastRetention } from "./check-runs.ts"
import { rebuildStanding } from "./check-standing.ts"
import { everyEvent, everyRun } from "./every-run.ts"

type Report = Awaited<ReturnType<Admin["rebuild"]>>

export const rebuildRows =
  (
    history: HistoryStore,
    measures: Pick<MeasureStore, "restart"> | null,
    search: Pick<SearchIndex, "restart"> | null,
  ): Admin["rebuild"] =>
  async (options, progress): Promise<Report> => {
    const skipped: { runId: string; why: string }[] = []
    let runs = 0
    let changed = 0
    let events = 0
    for await (const runId of everyRun(history, options.runId)) {
      progress?.({ runs, events })
      runs++
      const done = await rebuildOne(history, runId, (seq) => {
        events += seq
      })
      if (done === "changed") changed++
      else if (done !== "same") skipped.push({ runId, why: done })
    }
    // What was counted is a projection of all runs: it is made again with all of them.
    if (options.runId === null) await mendCounts(history)
    const recounted = options.runId === null && measures !== null && (await measures.restart())
    const reindexed = options.runId === null && search !== null
    if (reindexed) await search.restart()
    return { runs, changed, skipped, recounted, reindexed }
  }

const adriftAtOnce = 1_000

async function mendCounts(history: HistoryStore): Promise<void> {
  for (;;) {
    const adrift = await history.countsAdrift(adriftAtOnce)
    await history.mendCounts(adrift)
    if (adrift.length < adriftAtOnce) return
  }
}

async function rebuildOne(history: HistoryStore, runId: string, count: (events: number) => void): Promise<string> {
  const fold = new RowFold(runId)
  let seq = 0
  let headHash = ""
  for await (const raw of everyEvent(history, runId)) {
    if (raw.seq !== seq + 1)
      return (await history.leftOf(runId)) === null ? `event ${seq + 1} is not there` : pastRetention
    const decoded = decodeEvent(raw)
    if (!decoded.ok) return decoded.why
    fold.apply(decoded.event)
    seq = raw.seq
    headHash = raw.hash
  }
  count(seq)
  if (seq === 0) return (await history.leftOf(runId)) === null ? "it has no events" : pastRetention
  const before = await history.rows(runId)
  if (before !== null && before.run.seq > seq) return "it moved meanwhile; its rows are the engine's"
  const rows = fold.rows(headHash)
  const isSame = before !== null && auditRows(fold.state, rows, before).length === 0
  if (!isSame) await history.replaceRows(runId, rows)
  const standsOtherwise = await rebuildStanding(history, runId, rows.run)
  return isSame && !standsOtherwise ? "same" : "changed"
}
