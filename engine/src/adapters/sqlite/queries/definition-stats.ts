/** What lists of definitions tell of their runs (settled 30). Counted on a reader's thread, over a bounded number of runs. */
import type { DefinitionStats } from "../../../ports/definition-store.ts"
import type { Statements } from "./statements.ts"

const thirtyDaysMs = 30 * 24 * 3_600_000

/** The newest finished runs that a rate is made of: a page of two hundred busy definitions reads this many of each. */
const rateRunsMax = 1_000

export function definitionStats(
  statements: Statements,
  workspaceId: string,
  environment: string,
  workflowIds: readonly string[],
  now: number,
): ReadonlyMap<string, DefinitionStats> {
  return new Map(workflowIds.map((id) => [id, statsOf(statements, workspaceId, environment, id, now - thirtyDaysMs)]))
}

function statsOf(
  statements: Statements,
  workspaceId: string,
  environment: string,
  workflowId: string,
  since: number,
): DefinitionStats {
  const counter = statements.get(
    `SELECT run_count AS "runCount", last_run_at AS "lastRunAt" FROM workflow_definition_counters
     WHERE workspace_id = ? AND environment = ? AND workflow_id = ?`,
    [workspaceId, environment, workflowId],
  )
  if (counter === undefined) return { runCount: 0, lastRunAt: null, successRate30d: null }
  const rate = statements.get(
    `SELECT count(*) AS ended, coalesce(sum(status = 'COMPLETED'), 0) AS completed FROM (
       SELECT status FROM workflow_runs INDEXED BY workflow_runs_by_workflow
       WHERE workspace_id = ? AND workflow_id = ? AND sort_at >= ? AND environment = ? AND origin = 'live'
         AND status IN ('COMPLETED', 'FAILED', 'TIMED_OUT') ORDER BY sort_at DESC LIMIT ?)`,
    [workspaceId, workflowId, since, environment, rateRunsMax],
  )
  const ended = rate!.ended as number
  const successRate30d = ended === 0 ? null : (rate!.completed as number) / ended
  return { runCount: counter.runCount as number, lastRunAt: counter.lastRunAt as number, successRate30d }
}
