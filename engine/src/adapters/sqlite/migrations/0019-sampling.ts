/** What sampling took away: how far it is, how much it was, and of which runs the index over values has to forget. */
export const sampling = `
CREATE TABLE sampling_progress (
  workspace_id TEXT PRIMARY KEY,
  completed_at INTEGER NOT NULL,
  run_key INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sampling_counts (
  workspace_id TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  -- UTC, when they went.
  day TEXT NOT NULL,
  runs INTEGER NOT NULL,
  events INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, workflow_id, day)
) STRICT, WITHOUT ROWID;

-- Numbers are never given again, so that a reader's place stays true.
CREATE TABLE sampled_runs (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  run_key INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX sampled_runs_by_time ON sampled_runs (at);
`
