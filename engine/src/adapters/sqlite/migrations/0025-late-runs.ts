/**
 * Runs that began long after they were created: the two orders of time differ by no more than these, so that a list in one
 * of them, of a time in the other, looks only there. Most runs begin at once and are not in it.
 */
export const lateRuns = `
CREATE INDEX workflow_runs_late ON workflow_runs (workspace_id, created_at, sort_at)
  WHERE abs(sort_at - created_at) > 600000;
`
