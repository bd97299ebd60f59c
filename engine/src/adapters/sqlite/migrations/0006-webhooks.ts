/** Who outside is told what: endpoints, the messages owed to them, each attempt, and how far the feed was read. */
export const webhooks = `
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
