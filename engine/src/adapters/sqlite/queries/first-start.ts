/** When the first of the runs that match began: where a picture of all of time begins. Bounded, and never too late. */
import type { RunQuestion } from "../../../ports/run-question.ts"
import { askedOf, type ListTools } from "./list-runs.ts"
import { planRuns, scansOf } from "./plan-runs.ts"
import { segmentsOf } from "./run-order.ts"
import { merge, runScan } from "./scan.ts"

const oldestFirst = segmentsOf("startedAt")[0]!

/** A time before which none of them began; null: there are none. */
export function firstStart(tools: ListTools, question: RunQuestion): number | null {
  const { statements, bounds, clock } = tools
  const asked = askedOf(statements, question, null)
  const plan = planRuns(statements, asked, bounds.sortedRows)
  const deadline = clock() + bounds.countMs
  const patience = { chunkRows: bounds.chunkRows, late: () => clock() > deadline }
  const { order } = oldestFirst
  const scanned = scansOf(plan, asked, oldestFirst).map((scan) =>
    runScan(statements, scan, order, "1", null, 1, patience),
  )
  const { found, frontier } = merge(scanned, order, 1)
  const key = found[0]?.key ?? frontier
  return key === null || key === undefined ? null : (key[0] as number)
}
