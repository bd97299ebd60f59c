export const tables = `
CREATE TABLE waybill_meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Whose events are whose; all else about a run is made from its events.
CREATE TABLE workflow_run_keys (
  run_key INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE workflow_runs (
  run_key INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  workspace_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  environment TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  workflow_name TEXT NOT NULL,
  workflow_version TEXT NOT NULL,
  version_number INTEGER NOT NULL,
  definition_hash TEXT NOT NULL,
  execution_number INTEGER NOT NULL,
  status TEXT NOT NULL,
  reason TEXT,
  blocked_on TEXT NOT NULL,
  blocked_count INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  completed_at INTEGER,
  actor TEXT NOT NULL,
  trigger_kind TEXT NOT NULL,
  correlation_id TEXT NOT NULL,
  business_event_id TEXT,
  trace_id TEXT NOT NULL,
  parent_run_id TEXT,
  root_run_id TEXT NOT NULL,
  rerun_of TEXT,
  tags TEXT NOT NULL,
  hitl TEXT,
  error_code TEXT,
  error_class TEXT,
  error_message TEXT,
  error_step TEXT,
  output_seq INTEGER,
  step_count INTEGER NOT NULL,
  succeeded_count INTEGER NOT NULL,
  failed_count INTEGER NOT NULL,
  retry_count INTEGER NOT NULL,
  tokens REAL NOT NULL,
  compute_ms REAL NOT NULL,
  cost_usd REAL NOT NULL,
  effectiveness TEXT,
  concurrency_key TEXT,
  head_hash TEXT NOT NULL,
  -- Sort keys are never null (rule 32): started_at, or created_at until then.
  sort_at INTEGER NOT NULL,
  duration_ms INTEGER
) STRICT;

CREATE TABLE workflow_run_events (
  position INTEGER PRIMARY KEY,
  run_key INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  v INTEGER NOT NULL,
  type TEXT NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  step_id TEXT,
  -- The run's status when the commit that brought this event was done.
  run_status TEXT NOT NULL,
  -- The exact text that was hashed (rule 23); payload and salt are null once erased (rule 10).
  payload TEXT,
  salt TEXT,
  payload_hash TEXT NOT NULL,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;

CREATE TABLE workflow_run_steps (
  step_key INTEGER PRIMARY KEY,
  run_key INTEGER NOT NULL,
  step_id TEXT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  action TEXT,
  parent_step_id TEXT,
  branch_path TEXT NOT NULL,
  item_index TEXT,
  visit INTEGER NOT NULL,
  status TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  delivery INTEGER NOT NULL,
  entered_at INTEGER NOT NULL,
  scheduled_at INTEGER,
  started_at INTEGER,
  completed_at INTEGER,
  retries INTEGER NOT NULL,
  agent TEXT,
  agent_run_id TEXT,
  span_id TEXT,
  input_seq INTEGER,
  output_seq INTEGER,
  error TEXT,
  tokens REAL NOT NULL,
  compute_ms REAL NOT NULL,
  cost_usd REAL NOT NULL,
  next TEXT,
  first_seq INTEGER NOT NULL
) STRICT;

CREATE TABLE workflow_approvals (
  approval_id TEXT PRIMARY KEY,
  run_key INTEGER NOT NULL,
  step_id TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  environment TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  name TEXT NOT NULL,
  round INTEGER NOT NULL,
  state TEXT NOT NULL,
  message TEXT NOT NULL,
  requested_seq INTEGER NOT NULL,
  approvers TEXT NOT NULL,
  outcomes TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  timeout_at INTEGER,
  due_at INTEGER,
  decided_at INTEGER,
  decided_by TEXT,
  outcome TEXT,
  comment TEXT,
  form TEXT,
  content_hash TEXT NOT NULL,
  bound INTEGER NOT NULL,
  votes TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE workflow_signals (
  run_key INTEGER NOT NULL,
  name TEXT NOT NULL,
  signal_id TEXT NOT NULL,
  received_seq INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  state TEXT NOT NULL,
  step_id TEXT,
  PRIMARY KEY (run_key, name, signal_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE workflow_timers (
  run_key INTEGER NOT NULL,
  timer_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  step_id TEXT,
  due_at INTEGER NOT NULL,
  PRIMARY KEY (run_key, timer_id)
) STRICT, WITHOUT ROWID;

-- What one run owes another (rule 11), until the other has taken it.
CREATE TABLE workflow_outbox (
  message_key INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id TEXT NOT NULL UNIQUE,
  to_run_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;

-- The newest snapshot of a run.
CREATE TABLE workflow_run_snapshots (
  run_key INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL,
  codec TEXT NOT NULL,
  state TEXT NOT NULL
) STRICT;

CREATE TABLE workflow_idempotency (
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  run_id TEXT NOT NULL,
  answer TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE workflow_definition_keys (
  workspace_id TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  key TEXT NOT NULL,
  run_id TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, workflow_id, key)
) STRICT, WITHOUT ROWID;

-- Results that came after their fence was void: beside history, never applied (rule 8).
CREATE TABLE workflow_late_results (
  late_key INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL,
  step_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  at INTEGER NOT NULL,
  result TEXT NOT NULL
) STRICT;

CREATE TABLE workflow_run_tags (
  tag TEXT NOT NULL,
  run_key INTEGER NOT NULL,
  PRIMARY KEY (tag, run_key)
) STRICT, WITHOUT ROWID;

-- Heads of finished runs, chained per workspace: a removed run or a cut tail shows (rule 10).
CREATE TABLE workflow_workspace_heads (
  workspace_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  run_id TEXT NOT NULL,
  run_seq INTEGER NOT NULL,
  run_head TEXT NOT NULL,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (workspace_id, number)
) STRICT, WITHOUT ROWID;

-- Runs that a boot was about to resume (rule 1).
CREATE TABLE workflow_resume_marks (
  run_id TEXT PRIMARY KEY,
  times INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One row a definition: what lists need without counting runs.
CREATE TABLE workflow_definition_counters (
  workspace_id TEXT NOT NULL,
  environment TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  last_execution_number INTEGER NOT NULL,
  run_count INTEGER NOT NULL,
  last_run_at INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, environment, workflow_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE workflow_definitions (
  workspace_id TEXT NOT NULL,
  environment TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  version_number INTEGER NOT NULL,
  name TEXT NOT NULL,
  description TEXT,
  status TEXT NOT NULL,
  source TEXT NOT NULL,
  file TEXT,
  sync_state TEXT NOT NULL,
  problems TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, environment, workflow_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE workflow_definition_versions (
  workspace_id TEXT NOT NULL,
  environment TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  version_number INTEGER NOT NULL,
  version TEXT NOT NULL,
  hash TEXT NOT NULL,
  format TEXT NOT NULL,
  text TEXT NOT NULL,
  source TEXT NOT NULL,
  file TEXT,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  note TEXT,
  PRIMARY KEY (workspace_id, environment, workflow_id, version_number)
) STRICT, WITHOUT ROWID;
`
