/** What the next purge and the next archiving take, counted up to a bound; the size of that from the first few runs. */
import type { ArchivePlace, ArchivePreview } from "../../../ports/archive-shelf.ts"
import type { PurgePreview } from "../../../ports/retention-store.ts"
import type { Statements } from "./statements.ts"

/** Up to a bound, along one index. */
export function purgePreview(
  statements: Statements,
  workspaceId: string,
  from: ArchivePlace,
  until: number,
  most: number,
): PurgePreview {
  return statements.get(
    `SELECT count(*) AS runs, min(completed_at) AS oldest, max(completed_at) AS newest FROM (
       SELECT completed_at FROM workflow_runs INDEXED BY workflow_runs_finished
       WHERE completed_at IS NOT NULL AND workspace_id = ? AND completed_at >= ?
         AND (completed_at, run_key) > (?, ?) AND completed_at <= ?
       ORDER BY completed_at, run_key LIMIT ?)`,
    [workspaceId, from.completedAt, from.completedAt, from.runKey, until, most],
  ) as unknown as PurgePreview
}

/** Runs whose events are counted one by one; the others are taken to have as many each. */
const counted = 2_000
/** And of which the size is measured. */
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
  const found = purgePreview(statements, workspaceId, from, until, most + 1).runs
  const runs = Math.min(found, most)
  const seqs = due("r.seq", Math.min(counted, runs))
  const first = seqs.reduce((sum, { seq }) => sum + (seq as number), 0)
  const events = runs <= counted ? first : Math.round((first / counted) * runs)
  let [seen, bytes, attached] = [0, 0, 0]
  const looked = due(`r.seq, (${sizeOfEvents}) AS bytes, (${sizeOfAttached}) AS attached`, measured)
  for (const { seq, bytes: own, attached: files } of looked) {
    seen += seq as number
    bytes += (own as number | null) ?? 0
    attached += (files as number | null) ?? 0
  }
  const perRun = looked.length === 0 ? 0 : attached / looked.length
  return {
    runs,
    events,
    bytes: Math.round((seen === 0 ? 0 : (bytes / seen) * events) + perRun * runs),
    isExact: found <= most,
  }
}

/** Equal files count as often as they are attached: where they lie once is not known before. */
const sizeOfAttached = `SELECT sum(a.bytes) FROM workflow_run_attachments a
  WHERE a.run_key = r.run_key AND a.file IS NOT NULL`

/** Of a long run, as far as one look goes. */
const sizeOfEvents = `SELECT sum(octet_length(e.payload)) + 300 * count(*) FROM workflow_run_events e
  WHERE e.run_key = r.run_key AND e.seq <= 1000`
