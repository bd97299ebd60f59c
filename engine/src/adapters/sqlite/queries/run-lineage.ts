/** The runs around a run, each found by an index: children by parent, re-runs among those of one correlation. */
import { type Lineage, type LineageSource, lineageOf } from "../../../core/views/lineage.ts"
import type { RunRow } from "../../../core/views/rows.ts"
import { runShape, selection } from "../rows.ts"
import { findRun } from "./run-points.ts"
import type { Row, Statements } from "./statements.ts"

/** A correlation id may be shared by many: so many of them are looked through for re-runs. */
const correlatedMax = 2_000
const columns = selection(runShape, "r")

export function runLineage(statements: Statements, runId: string, limit: number): Lineage | null {
  const self = findRun(statements, runId)
  return self === null ? null : lineageOf(sourceOf(statements, self.workspaceId), self, limit)
}

function sourceOf(statements: Statements, workspaceId: string): LineageSource {
  const rows = (found: readonly Row[]): readonly RunRow[] => found as unknown as readonly RunRow[]
  const own = (row: RunRow): boolean => row.workspaceId === workspaceId
  return {
    run(runId) {
      const row = findRun(statements, runId)
      return row !== null && own(row) ? row : null
    },
    childrenOf: (runId, limit) =>
      rows(
        statements.all(
          `SELECT ${columns} FROM workflow_runs r INDEXED BY workflow_runs_by_parent
           WHERE r.parent_run_id = ? ORDER BY r.sort_at, r.run_key LIMIT ?`,
          [runId, limit],
        ),
      ).filter(own),
    // A re-run has the correlation id of the run that it repeats.
    rerunsOf: (run, limit) =>
      rows(
        statements.all(
          `SELECT ${columns} FROM (SELECT * FROM workflow_runs INDEXED BY workflow_runs_by_correlation
             WHERE correlation_id = ? ORDER BY sort_at DESC, run_key DESC LIMIT ?) r
           WHERE r.rerun_of = ? ORDER BY r.sort_at, r.run_key LIMIT ?`,
          [run.correlationId, correlatedMax, run.runId, limit],
        ),
      ).filter(own),
    sameEvent: (run, limit) =>
      rows(
        statements.all(
          `SELECT ${columns} FROM workflow_runs r INDEXED BY workflow_runs_by_business_event
           WHERE r.business_event_id = ? ORDER BY r.sort_at DESC, r.run_key DESC LIMIT ?`,
          [run.businessEventId, limit],
        ),
      ).filter(own),
  }
}
