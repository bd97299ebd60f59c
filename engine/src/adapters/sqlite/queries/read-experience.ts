/** What was said of business events in a time, added up: the newest ones, each with the run that ended it. */
import { namedOrigins } from "../../../core/measures/rollup.ts"
import type { RunFilter } from "../../../core/views/run-query.ts"
import type { Experience, ExperienceQuestion } from "../../../ports/outcome-store.ts"
import { all } from "./condition.ts"
import { filtered, meantRuns } from "./read-measures.ts"
import type { Statements } from "./statements.ts"

const lookedAtMax = 5_000

export function experience(
  statements: Statements,
  question: ExperienceQuestion,
  filter: RunFilter | null,
  now: number,
): Experience {
  const { workspaceId, from, to } = question
  const ofEvent = { sql: "r.business_event_id = o.business_event_id", values: [] }
  const ofRun = all([ofEvent, ...meantRuns(question), ...filtered(statements, workspaceId, filter, now)])
  const isWide = filter === null && meansAll(question)
  const runs = "workflow_runs r INDEXED BY workflow_runs_by_business_event"
  const row = statements.get(
    `SELECT count(*) AS looked, count(index_) AS indexes, avg(index_) AS mean, count(saved) AS saves,
       coalesce(sum(saved), 0) AS saved, count(took) FILTER (WHERE took >= 0) AS times,
       avg(took) FILTER (WHERE took >= 0) AS took FROM (
       SELECT o.experience_index AS index_, o.minutes_saved AS saved,
         (SELECT max(r.completed_at) FROM ${runs} WHERE ${ofRun.sql} AND r.status = 'COMPLETED') - o.occurred_at AS took
       FROM (SELECT * FROM business_outcomes WHERE workspace_id = ? AND at >= ? AND at < ?
             ORDER BY at DESC LIMIT ?) o
       WHERE ${isWide ? "1" : `EXISTS (SELECT 1 FROM ${runs} WHERE ${ofRun.sql})`})`,
    [...ofRun.values, workspaceId, from, to, lookedAtMax, ...(isWide ? [] : ofRun.values)],
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

/** Then also what was said of events that have no run yet is told. */
function meansAll({ workflowId, environment, versionNumber, origins }: ExperienceQuestion): boolean {
  const named = namedOrigins([])
  const isProduction = origins.length === named.length && origins.every((origin) => named.includes(origin))
  return workflowId === null && environment === null && versionNumber === null && isProduction
}
