/**
 * How many runs failed as one did. What is counted says it (issues); runs that ended since the counting came by are looked
 * at themselves, a bounded number of them. Runs beside production are nobody's issue: of them the newest rows are counted.
 */
import { isSomeIssues } from "../../../core/measures/issue-name.ts"
import type { RunRow } from "../../../core/views/rows.ts"
import { exactCountMax } from "../../../core/views/run-query.ts"
import type { RunNeighbours } from "../../../ports/run-insights.ts"
import { newestPosition } from "../high-marks.ts"
import { runKeyOf } from "../rows.ts"
import type { EndedRun } from "./ended-run.ts"
import { failureOf } from "./failures.ts"
import { endedColumns } from "./measure-slice.ts"
import type { Statements } from "./statements.ts"

/** Of what is not counted yet: positions of the feed, and failures among them. */
const freshPositions = 20_000
const freshFailures = 1_000

export function alikeRuns(statements: Statements, run: RunRow): RunNeighbours["alike"] {
  if (run.errorCode === null) return null
  if (!isSomeIssues(run)) return alikeRows(statements, run)
  const self = statements.get(
    `SELECT e.position, ${endedColumns} FROM workflow_runs r
     JOIN workflow_run_events e ON e.run_key = r.run_key AND e.seq = r.seq WHERE r.run_key = ${runKeyOf}`,
    [run.runId],
  ) as unknown as EndedRun | undefined
  const failure = self === undefined ? null : failureOf(statements, self)
  // Its end has been cleared away: only its row is left.
  if (failure === null) return alikeRows(statements, run)
  const { issueId } = failure
  const counted = statements.get("SELECT count AS n, first_seen_at AS since FROM issues WHERE issue_id = ?", [issueId])
  const fresh = notCounted(statements, run, issueId)
  const before = (counted?.n as number | undefined) ?? 0
  const first = before === 0 ? fresh.since : (counted!.since as number)
  return {
    issueId,
    total: { value: Math.max(1, before + fresh.number), exact: fresh.complete },
    since: first ?? failure.at,
  }
}

interface Fresh {
  readonly number: number
  readonly since: number | null
  readonly complete: boolean
}

function notCounted(statements: Statements, run: RunRow, issueId: string): Fresh {
  const place = statements.get(
    `SELECT c.position AS after, ${newestPosition} AS head FROM measure_cursor c WHERE c.name = 'feed'`,
    [],
  ) as unknown as { readonly after: number; readonly head: number }
  const last = Math.min(place.head, place.after + freshPositions)
  const rows = statements.all(
    `SELECT e.position, ${endedColumns} FROM workflow_run_events e CROSS JOIN workflow_runs r ON r.run_key = e.run_key
     WHERE e.position > ? AND e.position <= ? AND e.type IN ('run.failed', 'run.timed_out') AND r.workspace_id = ?
       AND r.workflow_id = ? AND r.environment = ? AND r.origin = 'live' ORDER BY e.position LIMIT ?`,
    [place.after, last, run.workspaceId, run.workflowId, run.environment, freshFailures],
  ) as unknown as readonly EndedRun[]
  const alike = rows.flatMap((row) => failureOf(statements, row) ?? []).filter((one) => one.issueId === issueId)
  return {
    number: alike.length,
    since: alike.reduce<number | null>((least, { at }) => Math.min(least ?? at, at), null),
    complete: last === place.head && rows.length < freshFailures,
  }
}

/** Among the newest rows with this code, whatever their workflow: `exact` says whether these are all. */
function alikeRows(statements: Statements, run: RunRow): RunNeighbours["alike"] {
  const row = statements.get(
    `SELECT count(*) AS looked, min(at) FILTER (WHERE same) AS since, coalesce(sum(same), 0) AS found FROM (
       SELECT coalesce(completed_at, sort_at) AS at,
         workflow_id = ? AND environment = ? AND status = ? AND error_step IS ? AS same
       FROM workflow_runs INDEXED BY workflow_runs_by_error
       WHERE workspace_id = ? AND error_code = ? ORDER BY sort_at DESC LIMIT ?)`,
    [run.workflowId, run.environment, run.status, run.errorStep, run.workspaceId, run.errorCode, exactCountMax],
  )!
  return {
    issueId: null,
    total: { value: row.found as number, exact: (row.looked as number) < exactCountMax },
    since: (row.since as number | null) ?? run.completedAt ?? run.createdAt,
  }
}
