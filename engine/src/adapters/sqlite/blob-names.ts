/** Which blobs events name: a sweep removes only what none of them does (rule 20). */
import type Database from "better-sqlite3"
import type { BlobsNamed } from "./reader-messages.ts"

const named = /"blob":"([0-9a-z]{16,128})"/g

/** Looks through `limit` events behind a position. Snapshots hold nothing that no event has brought. */
export function blobsNamed(db: Database.Database, after: number, limit: number): BlobsNamed {
  const rows = db
    .prepare<[number, number], { position: number; payload: string | null }>(
      `SELECT position, CASE WHEN instr(payload, '"blob":"') > 0 THEN payload END AS payload
       FROM workflow_run_events WHERE position > ? ORDER BY position LIMIT ?`,
    )
    .all(after, limit)
  const hashes = new Set<string>()
  for (const { payload } of rows) for (const match of payload?.matchAll(named) ?? []) hashes.add(match[1]!)
  return { hashes: [...hashes], next: rows.length < limit ? null : rows[rows.length - 1]!.position }
}
