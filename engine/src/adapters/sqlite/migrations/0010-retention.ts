/**
 * How long what is kept: policies, how far each class was cleared away, and what is left of runs whose rows are gone. A
 * remark goes only with its run, and only behind the run's seal.
 */
export const retention = `
CREATE TABLE retention_policies (
  workspace_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  policy TEXT NOT NULL,
  note TEXT,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  PRIMARY KEY (workspace_id, version)
) STRICT, WITHOUT ROWID;

-- Everything of the class that finished up to here is gone.
CREATE TABLE retention_progress (
  workspace_id TEXT NOT NULL,
  class TEXT NOT NULL,
  completed_at INTEGER NOT NULL,
  run_key INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, class)
) STRICT, WITHOUT ROWID;

-- What stays of a run: enough for the chains to hold.
CREATE TABLE retention_seals (
  run_id TEXT PRIMARY KEY,
  run_key INTEGER NOT NULL,
  workspace_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  head_hash TEXT NOT NULL,
  -- 'events': its row is there; 'summaries': that is gone too.
  class TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX retention_seals_by_key ON retention_seals (run_key);

CREATE INDEX workflow_runs_finished ON workflow_runs (workspace_id, completed_at, run_key)
  WHERE completed_at IS NOT NULL;

DROP TRIGGER workflow_run_remarks_remain;
CREATE TRIGGER workflow_run_remarks_remain BEFORE DELETE ON workflow_run_remarks
  WHEN NOT EXISTS (SELECT 1 FROM retention_seals s WHERE s.run_key = OLD.run_key AND s.class = 'summaries')
  BEGIN SELECT RAISE(ABORT, 'a remark is never deleted'); END;
`
