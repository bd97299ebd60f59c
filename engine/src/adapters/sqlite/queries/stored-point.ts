/**
 * A point of a very long run's context, as the thread that fills the index has left it in its file (`context-points.ts`).
 * It is of these very events where the hash of the last of them is the same; whatever else lies there is not looked at.
 */
import { snapshotCodec } from "../../../core/run/snapshot.ts"
import { runKeyOf } from "../rows.ts"
import type { StoredPoint } from "../search/context-points.ts"
import { readableHead } from "./run-points.ts"
import type { Statements } from "./statements.ts"

/** The last one behind `after`, up to `until`; null: there is none, or there is no such file beside these runs. */
export function storedPoint(statements: Statements, runId: string, after: number, until: number): StoredPoint | null {
  const beside = statements.get("SELECT 1 FROM pragma_database_list WHERE name = 'search'", [])
  if (beside === undefined || !readableHead(statements, runId).isReadable) return null
  const found = statements.get(
    `SELECT p.seq, p.fold FROM search.context_points p
     WHERE p.run_key = ${runKeyOf} AND p.seq > ? AND p.seq <= ? AND p.codec = ?
       AND p.hash = (SELECT e.hash FROM workflow_run_events e WHERE e.run_key = p.run_key AND e.seq = p.seq)
     ORDER BY p.seq DESC LIMIT 1`,
    [runId, after, until, snapshotCodec],
  )
  return (found as unknown as StoredPoint | undefined) ?? null
}
