/** What agents logged, beside a run's history: it goes with the run, or before it. */
export const runLogs = `
CREATE TABLE workflow_run_logs (
  run_key INTEGER NOT NULL,
  -- From 1 without a gap.
  number INTEGER NOT NULL,
  at INTEGER NOT NULL,
  step_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  -- 0 debug, 1 info, 2 warn, 3 error.
  level INTEGER NOT NULL,
  message TEXT NOT NULL,
  fields TEXT,
  PRIMARY KEY (run_key, number)
) STRICT, WITHOUT ROWID;
`
