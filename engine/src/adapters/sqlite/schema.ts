/**
 * The tables, as forward migrations. A released migration is never edited: what changes comes as a new one behind it.
 * Events name their run by `run_key`, a small integer in order of creation, so that the widest table and its index stay
 * narrow; everything a person or another process sees carries the run's id. `position` is the order of commits (rule 17).
 */

/** `WBL1`: says whose file this is. */
export const applicationId = 0x57424c31

export interface Migration {
  readonly version: number
  readonly sql: string
}

const tables = `
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

const indexes = `
CREATE INDEX workflow_runs_open ON workflow_runs (run_id) WHERE completed_at IS NULL;
-- 002's three names.
CREATE INDEX idx_workflow_executions_started_at ON workflow_runs (workspace_id, sort_at);
CREATE INDEX idx_workflow_executions_workspace_status ON workflow_runs (workspace_id, status, sort_at);
CREATE UNIQUE INDEX idx_workflow_step_executions_execution ON workflow_run_steps (run_key, first_seq);
CREATE INDEX workflow_runs_by_workflow ON workflow_runs (workspace_id, workflow_id, sort_at);
CREATE INDEX workflow_runs_by_environment ON workflow_runs (workspace_id, environment, sort_at);
CREATE INDEX workflow_runs_by_created ON workflow_runs (workspace_id, created_at);
CREATE INDEX workflow_runs_by_duration ON workflow_runs (workspace_id, duration_ms) WHERE duration_ms IS NOT NULL;
CREATE INDEX workflow_runs_unfinished ON workflow_runs (workspace_id, sort_at) WHERE completed_at IS NULL;
CREATE INDEX workflow_runs_by_actor ON workflow_runs (workspace_id, actor, sort_at);
CREATE INDEX workflow_runs_by_error ON workflow_runs (workspace_id, error_code, sort_at) WHERE error_code IS NOT NULL;
CREATE INDEX workflow_runs_by_hitl ON workflow_runs (workspace_id, hitl, sort_at) WHERE hitl IS NOT NULL;
CREATE INDEX workflow_runs_by_trace ON workflow_runs (trace_id, sort_at);
CREATE INDEX workflow_runs_by_correlation ON workflow_runs (correlation_id, sort_at);
CREATE INDEX workflow_runs_by_business_event ON workflow_runs (business_event_id, sort_at) WHERE business_event_id IS NOT NULL;
CREATE INDEX workflow_runs_by_parent ON workflow_runs (parent_run_id, sort_at) WHERE parent_run_id IS NOT NULL;

CREATE UNIQUE INDEX workflow_run_events_by_run ON workflow_run_events (run_key, seq);
CREATE INDEX workflow_approvals_by_run ON workflow_approvals (run_key, requested_seq);
CREATE INDEX workflow_approvals_by_state ON workflow_approvals (workspace_id, state, requested_at, approval_id);
CREATE INDEX workflow_approvals_by_time ON workflow_approvals (workspace_id, requested_at, approval_id);
CREATE INDEX workflow_timers_due ON workflow_timers (due_at, timer_id);
CREATE INDEX workflow_idempotency_expiry ON workflow_idempotency (expires_at);
CREATE INDEX workflow_definition_keys_expiry ON workflow_definition_keys (expires_at);
CREATE INDEX workflow_late_results_by_run ON workflow_late_results (run_id, step_id);
CREATE INDEX workflow_workspace_heads_by_run ON workflow_workspace_heads (run_id);
CREATE INDEX workflow_definition_versions_by_hash ON workflow_definition_versions (hash);
CREATE INDEX workflow_definitions_by_file ON workflow_definitions (workspace_id, environment, file) WHERE file IS NOT NULL;
`

/** 002's two tables as views: its columns, its statuses, seconds as numbers (settled 4, 6, 29). */
const views = `
CREATE VIEW workflow_executions AS
SELECT r.run_id AS id, r.workflow_id, r.workspace_id, r.project_id, r.execution_number,
  CASE r.status WHEN 'PENDING' THEN 'pending' WHEN 'COMPLETED' THEN 'completed' WHEN 'FAILED' THEN 'failed'
    WHEN 'TIMED_OUT' THEN 'timeout' WHEN 'CANCELLED' THEN 'cancelled' ELSE 'running' END AS status,
  strftime('%Y-%m-%dT%H:%M:%fZ', r.started_at / 1000.0, 'unixepoch') AS started_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', r.completed_at / 1000.0, 'unixepoch') AS completed_at,
  CASE WHEN r.started_at IS NOT NULL AND r.completed_at IS NOT NULL
    THEN max(0, r.completed_at - r.started_at) / 1000.0 END AS duration,
  (SELECT e.payload -> '$.input.value' FROM workflow_run_events e WHERE e.run_key = r.run_key AND e.seq = 1) AS input_variables,
  (SELECT coalesce(e.payload -> '$.output.value', e.payload -> '$.value.value', e.payload -> '$.data.value')
    FROM workflow_run_events e WHERE e.run_key = r.run_key AND e.seq = r.output_seq) AS results,
  r.error_message,
  (SELECT e.payload -> '$.error' FROM workflow_run_events e
    WHERE r.error_code IS NOT NULL AND e.run_key = r.run_key AND e.seq = r.seq) AS error_details
FROM workflow_runs r;

CREATE VIEW workflow_step_executions AS
SELECT s.step_id AS id, r.run_id AS execution_id,
  CASE s.branch_path WHEN '' THEN s.name ELSE s.branch_path || '/' || s.name END AS step_id,
  CASE s.status WHEN 'PENDING' THEN 'pending' WHEN 'SUCCEEDED' THEN 'completed' WHEN 'FAILED' THEN 'failed'
    WHEN 'TIMED_OUT' THEN 'failed' WHEN 'CANCELLED' THEN 'skipped' WHEN 'SKIPPED' THEN 'skipped'
    ELSE 'running' END AS status,
  strftime('%Y-%m-%dT%H:%M:%fZ', coalesce(s.started_at, s.entered_at) / 1000.0, 'unixepoch') AS started_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', s.completed_at / 1000.0, 'unixepoch') AS completed_at,
  CASE WHEN s.completed_at IS NOT NULL
    THEN max(0, s.completed_at - coalesce(s.started_at, s.entered_at)) / 1000.0 END AS duration,
  (SELECT e.payload -> '$.input.value' FROM workflow_run_events e WHERE e.run_key = s.run_key AND e.seq = s.input_seq) AS input_data,
  (SELECT coalesce(e.payload -> '$.output.value', e.payload -> '$.value.value', e.payload -> '$.data.value')
    FROM workflow_run_events e WHERE e.run_key = s.run_key AND e.seq = s.output_seq) AS output_data,
  s.retries AS retry_count,
  s.error ->> '$.detail' AS error_message,
  s.error AS error_details
FROM workflow_run_steps s JOIN workflow_runs r ON r.run_key = s.run_key;
`

/** The way down to the step that failed, and what stands out among many: few rows, so it costs those few only. */
const unsuccessfulSteps = `
CREATE INDEX workflow_run_steps_unsuccessful ON workflow_run_steps (run_key, parent_step_id, completed_at, first_seq)
  WHERE status IN ('FAILED', 'TIMED_OUT', 'CANCELLED');
`

/** What is done to many runs, and how far it is. */
const bulk = `
CREATE TABLE workflow_bulk (
  bulk_id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  action TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  query TEXT,
  from_state TEXT,
  actor TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  completed_at INTEGER,
  total INTEGER NOT NULL,
  done INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  request_key TEXT,
  body_hash TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE workflow_bulk_items (
  bulk_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  run_id TEXT NOT NULL,
  state TEXT NOT NULL,
  code TEXT,
  message TEXT,
  new_run_id TEXT,
  PRIMARY KEY (bulk_id, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX workflow_bulk_by_workspace ON workflow_bulk (workspace_id, bulk_id);
CREATE INDEX workflow_bulk_by_state ON workflow_bulk (state, bulk_id);
CREATE UNIQUE INDEX workflow_bulk_by_request ON workflow_bulk (request_key) WHERE request_key IS NOT NULL;
CREATE INDEX workflow_bulk_items_by_state ON workflow_bulk_items (bulk_id, state, number);
`

/** Runs that no process tries until somebody asks for it (rule 1). */
const quarantine = `
CREATE TABLE workflow_quarantine (
  run_id TEXT PRIMARY KEY,
  why TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`

/**
 * What people add beside a run (003: its history never changes). Remarks are append-only, and the database holds to it;
 * the standing is what they lead to, made again by `rebuild`.
 */
const remarks = `
CREATE TABLE workflow_run_remarks (
  remark_key INTEGER PRIMARY KEY AUTOINCREMENT,
  remark_id TEXT NOT NULL UNIQUE,
  run_key INTEGER NOT NULL,
  number INTEGER NOT NULL,
  -- The feed's when it was written.
  position INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  door TEXT NOT NULL,
  address TEXT,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  -- The note that this one takes back.
  withdraws TEXT
) STRICT;
CREATE UNIQUE INDEX workflow_run_remarks_by_run ON workflow_run_remarks (run_key, number);
CREATE UNIQUE INDEX workflow_run_remarks_withdrawn ON workflow_run_remarks (withdraws) WHERE withdraws IS NOT NULL;
CREATE INDEX workflow_run_remarks_by_position ON workflow_run_remarks (position);
CREATE TRIGGER workflow_run_remarks_stay BEFORE UPDATE ON workflow_run_remarks
  BEGIN SELECT RAISE(ABORT, 'a remark is never changed'); END;
CREATE TRIGGER workflow_run_remarks_remain BEFORE DELETE ON workflow_run_remarks
  BEGIN SELECT RAISE(ABORT, 'a remark is never deleted'); END;

-- No row: nobody has said anything about the run.
CREATE TABLE workflow_run_standing (
  run_key INTEGER PRIMARY KEY,
  number INTEGER NOT NULL,
  tags TEXT NOT NULL,
  owner TEXT,
  resolution TEXT,
  resolution_reason TEXT,
  resolved_by TEXT,
  resolved_at INTEGER,
  superseded_by TEXT,
  notes INTEGER NOT NULL
) STRICT;
CREATE INDEX workflow_run_standing_by_owner ON workflow_run_standing (owner, run_key) WHERE owner IS NOT NULL;
CREATE INDEX workflow_run_standing_by_resolution ON workflow_run_standing (resolution, run_key)
  WHERE resolution IS NOT NULL;
CREATE INDEX workflow_run_standing_noted ON workflow_run_standing (run_key) WHERE notes > 0;

-- What a bulk action does to each run, beside its reason: tags, an owner, a resolution.
ALTER TABLE workflow_bulk ADD COLUMN change TEXT;
`

/** Who outside is told what: endpoints, the messages owed to them, each attempt, and how far the feed was read. */
const webhooks = `
CREATE TABLE webhook_endpoints (
  endpoint_id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  url TEXT NOT NULL,
  description TEXT NOT NULL,
  events TEXT NOT NULL,
  workflows TEXT NOT NULL,
  environment TEXT,
  headers TEXT NOT NULL,
  secret TEXT NOT NULL,
  previous_secret TEXT,
  previous_until INTEGER,
  since_position INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL,
  disabled_at INTEGER,
  disabled_reason TEXT,
  -- Stays for those who ask who had removed it; its secrets do not.
  removed_at INTEGER,
  failing_since INTEGER,
  last_success_at INTEGER,
  last_failure_at INTEGER,
  last_error TEXT,
  delivered_count INTEGER NOT NULL,
  failed_count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE webhook_deliveries (
  delivery_key INTEGER PRIMARY KEY AUTOINCREMENT,
  delivery_id TEXT NOT NULL UNIQUE,
  endpoint_id TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  run_id TEXT,
  event TEXT NOT NULL,
  position INTEGER,
  created_at INTEGER NOT NULL,
  body TEXT NOT NULL,
  alert_key TEXT,
  state TEXT NOT NULL,
  due_at INTEGER,
  attempts INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  completed_at INTEGER,
  last_status INTEGER,
  last_error TEXT
) STRICT;
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, due_at, delivery_key) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (endpoint_id, delivery_key);
CREATE INDEX webhook_deliveries_by_event ON webhook_deliveries (endpoint_id, event, delivery_key);
CREATE INDEX webhook_deliveries_dead ON webhook_deliveries (endpoint_id, delivery_key) WHERE state = 'dead';
CREATE INDEX webhook_deliveries_by_run ON webhook_deliveries (run_id, delivery_key) WHERE run_id IS NOT NULL;
CREATE INDEX webhook_deliveries_by_time ON webhook_deliveries (created_at);
CREATE INDEX webhook_deliveries_alike ON webhook_deliveries (endpoint_id, alert_key, created_at)
  WHERE alert_key IS NOT NULL;

CREATE TABLE webhook_attempts (
  delivery_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  at INTEGER NOT NULL,
  status INTEGER,
  ms INTEGER NOT NULL,
  error TEXT,
  answer TEXT NOT NULL,
  PRIMARY KEY (delivery_id, number)
) STRICT, WITHOUT ROWID;

-- One row: the events up to this position are told, or are nobody's.
CREATE TABLE webhook_cursor (
  name TEXT PRIMARY KEY,
  position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO webhook_cursor (name, position) VALUES ('feed', 0);
`

export const migrations: readonly Migration[] = [
  { version: 1, sql: tables + indexes + views },
  { version: 2, sql: unsuccessfulSteps },
  { version: 3, sql: bulk },
  { version: 4, sql: quarantine },
  { version: 5, sql: remarks },
  { version: 6, sql: webhooks },
]

export const schemaVersion = migrations[migrations.length - 1]!.version
