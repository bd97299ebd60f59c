/**
 * How the runs of one workflow went in a period, newest first: counted up to a bound, and looked into up to another, each
 * statement a short read (rule 29).
 */
import { exactCountMax } from "../../../core/views/run-query.ts"
import {
  type StatsRun,
  type StatsStep,
  type WorkflowStats,
  WorkflowStatsFold,
} from "../../../core/views/workflow-stats.ts"
import type { StatsQuestion } from "../../../ports/run-insights.ts"
import type { Statements } from "./statements.ts"

const sampledRunsMax = 1_000
/** Runs with many steps fill the sample sooner. */
const sampledStepsMax = 50_000
const chunkRows = 1_000

export function workflowStats(statements: Statements, question: StatsQuestion): WorkflowStats {
  const fold = new WorkflowStatsFold()
  let steps = 0
  let sampled = 0
  let from: { readonly at: number; readonly key: number } = { at: question.to, key: 0 }
  for (let counted = 0; ; ) {
    const limit = Math.min(chunkRows, exactCountMax + 1 - counted)
    const rows = statements.all(
      `SELECT run_key AS "key", sort_at AS "at", status, environment, origin, step_count AS "steps", duration_ms AS "durationMs"
       FROM workflow_runs INDEXED BY workflow_runs_by_workflow
       WHERE workspace_id = ? AND workflow_id = ? AND sort_at >= ? AND (sort_at, run_key) < (?, ?)
       ORDER BY sort_at DESC, run_key DESC LIMIT ?`,
      [question.workspaceId, question.workflowId, question.from, from.at, from.key, limit],
    )
    for (const row of rows) {
      if (++counted > exactCountMax) return fold.result(false)
      if (row.environment !== question.environment || row.origin !== "live") continue
      fold.run(row as unknown as StatsRun)
      if (row.durationMs === null || sampled >= sampledRunsMax || steps >= sampledStepsMax) continue
      fold.sample(stepsOf(statements, row.key as number, sampledStepsMax - steps))
      steps += row.steps as number
      sampled++
    }
    if (rows.length < limit) return fold.result(true)
    const last = rows[rows.length - 1]!
    from = { at: last.at as number, key: last.key as number }
  }
}

function stepsOf(statements: Statements, runKey: number, limit: number): readonly StatsStep[] {
  return statements.all(
    `SELECT name, type, action, branch_path AS "branchPath", status, retries, started_at AS "startedAt",
       entered_at AS "enteredAt", completed_at AS "completedAt"
     FROM workflow_run_steps WHERE run_key = ? ORDER BY first_seq LIMIT ?`,
    [runKey, limit],
  ) as unknown as readonly StatsStep[]
}
