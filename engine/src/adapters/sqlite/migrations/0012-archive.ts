/**
 * Batches of finished runs in the archive. They follow each other by the runs' end; how far a workspace is archived stands
 * in `retention_progress` as the class `archive`, in the commit that keeps the batch.
 */
export const archive = `
CREATE TABLE archive_batches (
  batch_id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  from_completed_at INTEGER NOT NULL,
  from_run_key INTEGER NOT NULL,
  to_completed_at INTEGER NOT NULL,
  to_run_key INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  runs INTEGER NOT NULL,
  events INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  -- JSON: of each file its table, name, bytes, sha256, rows. What lies in the archive is believed only if it agrees.
  files TEXT NOT NULL,
  state TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX archive_batches_by_end ON archive_batches (workspace_id, to_completed_at, to_run_key);
`
