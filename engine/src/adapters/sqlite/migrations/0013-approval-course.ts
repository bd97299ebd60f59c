/** What happened to an approval while it waited, told without a look at the rest of its run. Few events are of these. */
export const approvalCourse = `
CREATE INDEX workflow_run_events_approval_course ON workflow_run_events (run_key, step_id, seq)
  WHERE type IN ('approval.delegated', 'approval.reminded', 'approval.warned', 'approval.escalated');
`
