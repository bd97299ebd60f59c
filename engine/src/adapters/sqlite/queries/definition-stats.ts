/**
 * What lists of definitions tell of their runs (settled 30), on a reader's thread. How many succeeded is what is counted of
 * the days; where the counting is far behind, as after an import, it is the newest runs' own rows, a bounded number of them.
 */
import { dayMs, dayOf } from "../../../core/measures/rollup.ts"
import type { DefinitionStats } from "../../../ports/definition-store.ts"
import { newestPosition } from "../high-marks.ts"
import { byDay, runTable } from "../rollup-tables.ts"
import type { Row, Statements } from "./statements.ts"

const thirtyDaysMs = 30 * dayMs

/** The newest finished runs that a rate is made of: a page of two hundred busy definitions reads this many of each. */
const rateRunsMax = 1_000

export function definitionStats(
  statements: Statements,
  workspaceId: string,
  environment: string,
  workflowIds: readonly string[],
  now: number,
): ReadonlyMap<string, DefinitionStats> {
  const rate = isCounted(statements) ? countedRate : lookedAtRate
  const of: Of = { workspaceId, environment, since: now - thirtyDaysMs }
  return new Map(workflowIds.map((id) => [id, statsOf(statements, of, id, rate)]))
}

interface Of {
  readonly workspaceId: string
  readonly environment: string
  readonly since: number
}

/** Events that have not been counted: a second's of a busy server. */
const freshPositions = 20_000

function isCounted(statements: Statements): boolean {
  const sql = `SELECT ${newestPosition} - position AS behind FROM measure_cursor WHERE name = 'feed'`
  return (statements.get(sql, [])!.behind as number) <= freshPositions
}

function statsOf(
  statements: Statements,
  of: Of,
  workflowId: string,
  rate: (statements: Statements, of: Of, workflowId: string) => number | null,
): DefinitionStats {
  const counter = statements.get(
    `SELECT run_count AS "runCount", last_run_at AS "lastRunAt" FROM workflow_definition_counters
     WHERE workspace_id = ? AND environment = ? AND workflow_id = ?`,
    [of.workspaceId, of.environment, workflowId],
  )
  if (counter === undefined) return { runCount: 0, lastRunAt: null, successRate30d: null }
  // What ended a moment ago, the first of its kind, is not counted yet.
  const successRate30d = rate(statements, of, workflowId) ?? lookedAtRate(statements, of, workflowId)
  return { runCount: counter.runCount as number, lastRunAt: counter.lastRunAt as number, successRate30d }
}

/** By the days of their ends, UTC, each a short piece of the primary key; null: none is counted. */
function countedRate(statements: Statements, of: Of, workflowId: string): number | null {
  const row = statements.get(
    `WITH RECURSIVE d (day) AS (SELECT ? UNION ALL SELECT d.day + ${dayMs} FROM d WHERE d.day < ?)
     SELECT sum(t.completed + t.failed + t.timed_out) AS ended, sum(t.completed) AS completed
     FROM d CROSS JOIN ${byDay(runTable).name} t
     WHERE t.workspace_id = ? AND t.hour = d.day AND t.workflow_id = ? AND t.environment = ?
       AND t.origin NOT IN ('backfill', 'replay') AND t.folded = 0`,
    [dayOf(of.since), dayOf(of.since) + 30 * dayMs, of.workspaceId, workflowId, of.environment],
  )
  return rateOf(row!)
}

function lookedAtRate(statements: Statements, of: Of, workflowId: string): number | null {
  const row = statements.get(
    `SELECT count(*) AS ended, coalesce(sum(status = 'COMPLETED'), 0) AS completed FROM (
       SELECT status FROM workflow_runs INDEXED BY workflow_runs_by_workflow
       WHERE workspace_id = ? AND workflow_id = ? AND sort_at >= ? AND environment = ? AND origin = 'live'
         AND status IN ('COMPLETED', 'FAILED', 'TIMED_OUT') ORDER BY sort_at DESC LIMIT ?)`,
    [of.workspaceId, workflowId, of.since, of.environment, rateRunsMax],
  )
  return rateOf(row!)
}

function rateOf({ ended, completed }: Row): number | null {
  return ended === null || ended === 0 ? null : (completed as number) / (ended as number)
}
