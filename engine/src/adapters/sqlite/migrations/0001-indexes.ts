export const indexes = `
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
