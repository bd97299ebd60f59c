/** What was said of business events in a time, added up: the newest ones, each with the run that ended it. */
import type { Experience, ExperienceQuestion } from "../../../ports/outcome-store.ts"
import { all } from "./condition.ts"
import type { Statements } from "./statements.ts"

const lookedAtMax = 5_000

export function experience(statements: Statements, question: ExperienceQuestion): Experience {
  const { workspaceId, workflowId, environment, from, to } = question
  const ofRun = all([
    { sql: "r.business_event_id = o.business_event_id AND r.workspace_id = o.workspace_id", values: [] },
    ...(workflowId === null ? [] : [{ sql: "r.workflow_id = ?", values: [workflowId] }]),
    ...(environment === null ? [] : [{ sql: "r.environment = ?", values: [environment] }]),
  ])
  const runs = "workflow_runs r INDEXED BY workflow_runs_by_business_event"
  const row = statements.get(
    `SELECT count(*) AS looked, count(index_) AS indexes, avg(index_) AS mean, count(saved) AS saves,
       coalesce(sum(saved), 0) AS saved, count(took) AS times, avg(took) AS took FROM (
       SELECT o.experience_index AS index_, o.minutes_saved AS saved,
         (SELECT max(r.completed_at) FROM ${runs} WHERE ${ofRun.sql} AND r.status = 'COMPLETED') - o.occurred_at AS took
       FROM (SELECT * FROM business_outcomes WHERE workspace_id = ? AND at >= ? AND at < ?
             ORDER BY at DESC LIMIT ?) o
       WHERE ${workflowId === null && environment === null ? "1" : `EXISTS (SELECT 1 FROM ${runs} WHERE ${ofRun.sql})`})`,
    [
      ...ofRun.values,
      workspaceId,
      from,
      to,
      lookedAtMax,
      ...(workflowId === null && environment === null ? [] : ofRun.values),
    ],
  )!
  return {
    experienceCount: row.indexes as number,
    experienceMean: row.mean as number | null,
    minutesSavedCount: row.saves as number,
    minutesSaved: row.saved as number,
    timeToFeatureCount: row.times as number,
    timeToFeatureMeanMs: row.took as number | null,
    exact: (row.looked as number) < lookedAtMax,
  }
}
