/** Runs that somebody asked to erase: gone through with, also by the next start, and then no more in here. */
export const erasures = `
CREATE TABLE run_erasures (
  run_id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  -- JSON: the entry of the audit, which comes with the last of the run's rows.
  audit TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`
