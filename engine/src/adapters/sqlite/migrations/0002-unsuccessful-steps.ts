/** The way down to the step that failed, and what stands out among many: few rows, so it costs those few only. */
export const unsuccessfulSteps = `
CREATE INDEX workflow_run_steps_unsuccessful ON workflow_run_steps (run_key, parent_step_id, completed_at, first_seq)
  WHERE status IN ('FAILED', 'TIMED_OUT', 'CANCELLED');
`
