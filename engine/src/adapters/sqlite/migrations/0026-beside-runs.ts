/**
 * What stands beside runs, found however much there is of others: words of a run, by the run, for an erasure; messages that a
 * workspace owes, by their time.
 */
export const besideRuns = `
CREATE INDEX issues_by_last_run ON issues (last_run_id);
CREATE INDEX alert_threads_by_run ON alert_threads (run_id);
CREATE INDEX workflow_bulk_items_told ON workflow_bulk_items (run_id) WHERE message IS NOT NULL;
CREATE INDEX webhook_deliveries_owed ON webhook_deliveries (workspace_id, created_at) WHERE position IS NOT NULL;
`
