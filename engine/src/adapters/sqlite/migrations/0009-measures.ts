/**
 * What was counted of finished runs (rule 33): deltas of a range of the feed, put together now and then; how far the feed
 * was counted; and the targets that people set. All but the targets is made again from the runs.
 */
export const measures = `
CREATE TABLE run_rollups (
  workspace_id TEXT NOT NULL,
  hour INTEGER NOT NULL,
  workflow_id TEXT NOT NULL,
  environment TEXT NOT NULL,
  version_number INTEGER NOT NULL,
  version TEXT NOT NULL,
  origin TEXT NOT NULL,
  -- 1: of runs that a later one with the same business event stands for.
  folded INTEGER NOT NULL,
  from_position INTEGER NOT NULL,
  to_position INTEGER NOT NULL,
  completed REAL NOT NULL,
  failed REAL NOT NULL,
  timed_out REAL NOT NULL,
  cancelled REAL NOT NULL,
  first_pass REAL NOT NULL,
  retries REAL NOT NULL,
  duration_sum REAL NOT NULL,
  tokens REAL NOT NULL,
  token_squares REAL NOT NULL,
  compute_ms REAL NOT NULL,
  cost_usd REAL NOT NULL,
  cost_squares REAL NOT NULL,
  accuracy_count REAL NOT NULL,
  accuracy_sum REAL NOT NULL,
  accuracy_squares REAL NOT NULL,
  throughput_count REAL NOT NULL,
  throughput_sum REAL NOT NULL,
  durations TEXT NOT NULL,
  PRIMARY KEY (workspace_id, hour, workflow_id, environment, version_number, origin, folded, to_position)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_rollups_by_workflow ON run_rollups (workspace_id, workflow_id, hour);

CREATE TABLE step_rollups (
  workspace_id TEXT NOT NULL,
  hour INTEGER NOT NULL,
  workflow_id TEXT NOT NULL,
  environment TEXT NOT NULL,
  version_number INTEGER NOT NULL,
  version TEXT NOT NULL,
  origin TEXT NOT NULL,
  step TEXT NOT NULL,
  from_position INTEGER NOT NULL,
  to_position INTEGER NOT NULL,
  steps REAL NOT NULL,
  attempts REAL NOT NULL,
  succeeded REAL NOT NULL,
  failed REAL NOT NULL,
  timed_out REAL NOT NULL,
  cancelled REAL NOT NULL,
  retries REAL NOT NULL,
  duration_sum REAL NOT NULL,
  queue_sum REAL NOT NULL,
  tokens REAL NOT NULL,
  compute_ms REAL NOT NULL,
  cost_usd REAL NOT NULL,
  durations TEXT NOT NULL,
  queues TEXT NOT NULL,
  PRIMARY KEY (workspace_id, workflow_id, hour, environment, version_number, origin, step, to_position)
) STRICT, WITHOUT ROWID;

-- One row: the runs that ended up to this position are counted. The number grows when counting begins anew.
CREATE TABLE measure_cursor (
  name TEXT PRIMARY KEY,
  position INTEGER NOT NULL,
  round INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO measure_cursor (name, position, round) VALUES ('feed', 0, 1);

-- Repairs by the time they were done, for the mean time to repair.
CREATE INDEX workflow_run_standing_repaired ON workflow_run_standing (resolved_at, run_key)
  WHERE resolution IN ('resolved', 'superseded');

CREATE TABLE slos (
  workspace_id TEXT NOT NULL,
  slo_id TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  environment TEXT NOT NULL,
  objective TEXT NOT NULL,
  -- A share: of runs that must succeed, or that must be quick enough.
  target REAL NOT NULL,
  -- Of a duration; null of a success rate.
  limit_ms INTEGER,
  window_days INTEGER NOT NULL,
  description TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL,
  PRIMARY KEY (workspace_id, slo_id)
) STRICT, WITHOUT ROWID;

-- Failures that are alike. What was counted is made again from the runs; what people say of them is only here.
CREATE TABLE issues (
  issue_key INTEGER PRIMARY KEY AUTOINCREMENT,
  issue_id TEXT NOT NULL UNIQUE,
  workspace_id TEXT NOT NULL,
  environment TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  step TEXT,
  error_class TEXT NOT NULL,
  error_code TEXT NOT NULL,
  -- With what differs from run to run taken out.
  message TEXT NOT NULL,
  frame TEXT,
  -- As the newest run said it.
  sample TEXT NOT NULL,
  count INTEGER NOT NULL,
  first_seen_at INTEGER NOT NULL,
  first_run_id TEXT NOT NULL,
  first_version INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  last_run_id TEXT NOT NULL,
  last_version INTEGER NOT NULL,
  state TEXT NOT NULL,
  owner TEXT,
  reason TEXT,
  ignore_until_at INTEGER,
  ignore_until_count INTEGER,
  resolved_at INTEGER,
  resolved_by TEXT,
  -- Failures of versions before it are known to go on.
  resolved_version INTEGER,
  regressed_at INTEGER,
  regressed_version INTEGER,
  regressions INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by TEXT
) STRICT;
CREATE INDEX issues_by_last_seen ON issues (workspace_id, last_seen_at, issue_key);

CREATE TABLE issue_runs (
  issue_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  run_id TEXT NOT NULL,
  PRIMARY KEY (issue_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX issue_runs_by_run ON issue_runs (run_id);

CREATE TABLE issue_hours (
  issue_id TEXT NOT NULL,
  hour INTEGER NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (issue_id, hour)
) STRICT, WITHOUT ROWID;

-- What became of a business event, as those who know it say: only ever more is said.
CREATE TABLE business_outcomes (
  outcome_key INTEGER PRIMARY KEY AUTOINCREMENT,
  outcome_id TEXT NOT NULL UNIQUE,
  workspace_id TEXT NOT NULL,
  business_event_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  occurred_at INTEGER,
  experience_index REAL,
  minutes_saved REAL,
  accuracy REAL,
  note TEXT
) STRICT;
CREATE INDEX business_outcomes_by_event ON business_outcomes (workspace_id, business_event_id, outcome_key);
CREATE INDEX business_outcomes_by_time ON business_outcomes (workspace_id, at);
CREATE TRIGGER business_outcomes_stay BEFORE UPDATE ON business_outcomes
  BEGIN SELECT RAISE(ABORT, 'what was said of an outcome is never changed'); END;
`
