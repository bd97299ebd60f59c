/**
 * For each field that a list is filtered by, the way to its runs in order of time, so that what is rare or long ago is
 * found without looking at all runs. Most are of those runs only that have the field: the others pay nothing.
 */
export const filterIndexes = `
CREATE INDEX workflow_runs_by_version ON workflow_runs (workspace_id, workflow_version, sort_at);
CREATE INDEX workflow_runs_by_trigger ON workflow_runs (workspace_id, trigger_kind, sort_at);
CREATE INDEX workflow_runs_by_error_class ON workflow_runs (workspace_id, error_class, sort_at)
  WHERE error_class IS NOT NULL;
CREATE INDEX workflow_runs_by_error_step ON workflow_runs (workspace_id, error_step, sort_at) WHERE error_step IS NOT NULL;
CREATE INDEX workflow_runs_with_error ON workflow_runs (workspace_id, sort_at, error_message) WHERE error_code IS NOT NULL;
CREATE INDEX workflow_runs_retried ON workflow_runs (workspace_id, sort_at, retry_count) WHERE retry_count > 0;
CREATE INDEX workflow_runs_repeating ON workflow_runs (workspace_id, sort_at) WHERE rerun_of IS NOT NULL;
-- Runs that were under way long after they had started: of ten minutes and more, as the plan of lists has it.
CREATE INDEX workflow_runs_long ON workflow_runs (workspace_id, completed_at, sort_at) WHERE duration_ms > 600000;
CREATE INDEX workflow_runs_by_rerun ON workflow_runs (rerun_of, sort_at) WHERE rerun_of IS NOT NULL;
CREATE INDEX workflow_runs_by_root ON workflow_runs (root_run_id) WHERE root_run_id <> run_id;
-- Of finished runs: what grows while a run goes on is not written down anew with each step of it.
CREATE INDEX workflow_runs_by_reason ON workflow_runs (workspace_id, reason)
  WHERE completed_at IS NOT NULL AND reason IS NOT NULL;
CREATE INDEX workflow_runs_by_steps ON workflow_runs (workspace_id, step_count) WHERE completed_at IS NOT NULL;
CREATE INDEX workflow_runs_by_tokens ON workflow_runs (workspace_id, tokens) WHERE completed_at IS NOT NULL AND tokens > 0;
CREATE INDEX workflow_runs_by_cost ON workflow_runs (workspace_id, cost_usd) WHERE completed_at IS NOT NULL AND cost_usd > 0;

CREATE INDEX audit_entries_by_time ON audit_entries (workspace_id, at, number);
CREATE INDEX audit_entries_by_outcome ON audit_entries (workspace_id, outcome, number);
`
