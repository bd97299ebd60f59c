/**
 * Alerts: endpoints for people. What happened is gathered in threads, so that a thousand alike are one message; what was
 * made of them are deliveries like all others.
 */
export const alerts = `
ALTER TABLE webhook_endpoints ADD COLUMN hourly_max INTEGER;
ALTER TABLE webhook_endpoints ADD COLUMN repeat_minutes INTEGER;
UPDATE webhook_endpoints SET kind = 'slack', hourly_max = 20, repeat_minutes = 60 WHERE kind = 'alert';
-- What was alike was known by this column; it stays empty.
DROP INDEX webhook_deliveries_alike;

CREATE TABLE alert_threads (
  endpoint_id TEXT NOT NULL,
  thread_key TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  event TEXT NOT NULL,
  run_id TEXT NOT NULL,
  step_id TEXT,
  approval_id TEXT,
  fresh INTEGER NOT NULL,
  total INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  told_at INTEGER,
  due_at INTEGER,
  PRIMARY KEY (endpoint_id, thread_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_threads_due ON alert_threads (endpoint_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX alert_threads_by_time ON alert_threads (last_at);
`
