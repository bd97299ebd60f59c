/** 002's two tables as views: its columns, its statuses, seconds as numbers (settled 4, 6, 29). */
export const views = `
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
