/** Runs that no process tries until somebody asks for it (rule 1). */
export const quarantine = `
CREATE TABLE workflow_quarantine (
  run_id TEXT PRIMARY KEY,
  why TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`
