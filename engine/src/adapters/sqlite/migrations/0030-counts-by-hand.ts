/**
 * Counts of finished runs are kept by who writes runs, added up over a transaction. Kept by triggers, each run that ended
 * cost three rows more, a run that went on two looks, and a run that was cleared away six statements.
 */
export const countsByHand = `
DROP TRIGGER workflow_runs_counted_in;
DROP TRIGGER workflow_runs_counted_out;
DROP TRIGGER workflow_runs_counted_before;
DROP TRIGGER workflow_runs_counted_after;
`
