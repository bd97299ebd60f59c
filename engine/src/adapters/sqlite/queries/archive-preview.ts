/** What the next archiving takes, counted up to a bound; its size from the first few runs. */
import type { ArchivePlace, ArchivePreview } from "../../../ports/archive-shelf.ts"
import type { Statements } from "./statements.ts"

/** Runs whose events are measured. */
const measured = 100

export function archivePreview(
  statements: Statements,
  workspaceId: string,
  from: ArchivePlace,
  until: number,
  most: number,
): ArchivePreview {
  const due = (columns: string, limit: number) =>
    statements.all(
      `SELECT ${columns} FROM workflow_runs r INDEXED BY workflow_runs_finished
       WHERE r.completed_at IS NOT NULL AND r.workspace_id = ? AND r.completed_at >= ?
         AND (r.completed_at, r.run_key) > (?, ?) AND r.completed_at <= ?
       ORDER BY r.completed_at, r.run_key LIMIT ?`,
      [workspaceId, from.completedAt, from.completedAt, from.runKey, until, limit],
    )
  const runs = due("r.seq", most + 1)
  const events = runs.slice(0, most).reduce((sum, { seq }) => sum + (seq as number), 0)
  let [seen, bytes] = [0, 0]
  for (const { seq, bytes: own } of due(`r.seq, (${sizeOfEvents}) AS bytes`, measured)) {
    seen += seq as number
    bytes += (own as number | null) ?? 0
  }
  return {
    runs: Math.min(runs.length, most),
    events,
    bytes: seen === 0 ? 0 : Math.round((bytes / seen) * events),
    isExact: runs.length <= most,
  }
}

/** Of a long run, as far as one look goes. */
const sizeOfEvents = `SELECT sum(octet_length(e.payload)) + 300 * count(*) FROM workflow_run_events e
  WHERE e.run_key = r.run_key AND e.seq <= 1000`
