/**
 * A run beside others of its workflow: the last one that went well, and those that failed like it. Each looks at a
 * bounded number of rows along one index, so that a workflow with a million runs costs no more (rule 29).
 */
import type { RunRow } from "../../../core/views/rows.ts"
import { isGoodFor } from "../../../core/views/why/last-good.ts"
import type { RunNeighbours } from "../../../ports/run-insights.ts"
import { runKeyOf, runShape, selection } from "../rows.ts"
import { alikeRuns } from "./alike-runs.ts"
import type { Row, Statements } from "./statements.ts"

const chunkRows = 250
const lookedAtMax = 5_000

export function neighboursOf(statements: Statements, run: RunRow): RunNeighbours {
  return { lastGood: lastGood(statements, run), alike: alikeRuns(statements, run) }
}

/** By chunks, newest first: most often it is in the first. */
function lastGood(statements: Statements, run: RunRow): RunRow | null {
  const self = statements.get(
    `SELECT sort_at AS "at", run_key AS "key" FROM workflow_runs WHERE run_key = ${runKeyOf}`,
    [run.runId],
  )
  let from = self
  for (let looked = 0; from !== undefined && looked < lookedAtMax; looked += chunkRows) {
    const chunk: Row[] = statements.all(
      `SELECT run_key AS "key", sort_at AS "at", status, environment, origin
       FROM workflow_runs INDEXED BY workflow_runs_by_workflow
       WHERE workspace_id = ? AND workflow_id = ? AND (sort_at, run_key) < (?, ?)
       ORDER BY sort_at DESC, run_key DESC LIMIT ?`,
      [run.workspaceId, run.workflowId, from.at!, from.key!, chunkRows],
    )
    const good = chunk.find((row) => isGoodFor(run, row as unknown as RunRow))
    if (good !== undefined) return rowByKey(statements, good.key as number)
    from = chunk.length < chunkRows ? undefined : chunk[chunk.length - 1]
  }
  return null
}

function rowByKey(statements: Statements, key: number): RunRow {
  const sql = `SELECT ${selection(runShape, "r")} FROM workflow_runs r WHERE r.run_key = ?`
  return statements.get(sql, [key]) as unknown as RunRow
}
