/** Which blobs events name: a sweep removes only what none of them does (rule 20). */
import type { Statements } from "./statements.ts"

export interface BlobsNamed {
  readonly hashes: readonly string[]
  /** The position to go on from; null = the end. */
  readonly next: number | null
}

const named = /"blob":"([0-9a-z]{16,128})"/g

/** Looks through `limit` events behind a position. Snapshots hold nothing that no event has brought. */
export function blobsNamed(statements: Statements, after: number, limit: number): BlobsNamed {
  const rows = statements.all(
    `SELECT position, CASE WHEN instr(payload, '"blob":"') > 0 THEN payload END AS payload
     FROM workflow_run_events WHERE position > ? ORDER BY position LIMIT ?`,
    [after, limit],
  )
  const hashes = new Set<string>()
  for (const row of rows) {
    for (const match of (row.payload as string | null)?.matchAll(named) ?? []) hashes.add(match[1]!)
  }
  return { hashes: [...hashes], next: rows.length < limit ? null : (rows[rows.length - 1]!.position as number) }
}
