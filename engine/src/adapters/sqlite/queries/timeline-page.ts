/**
 * A page of a run's timeline: step rows, and for those that were tried more than once the events of their trail, without
 * payloads. How far trails are followed is bounded: one that goes on for longer is told by its row.
 */
import {
  needsTrail,
  type TimelineStep,
  type TrailEvent,
  timelineOf,
  timelineText,
  trailEvents,
} from "../../../core/views/timeline.ts"
import type { TimelinePage } from "../../../ports/run-insights.ts"
import { runKeyOf } from "../rows.ts"
import { findRun } from "./run-points.ts"
import type { Statements } from "./statements.ts"

/** Events of one statement, those between that are no part of a trail included (rule 29), and of all. */
const eventsPerRead = 10_000
const eventsMax = 100_000
const marks = trailEvents.map(() => "?").join(", ")

/** Of a row as the timeline needs it; an error's object is not read for its code. */
const columns = `s.step_id AS "stepId", s.name, s.type, s.action, s.parent_step_id AS "parentStepId",
  s.branch_path AS "branchPath", s.item_index AS "itemIndex", s.visit, s.status, s.attempt, s.delivery, s.retries, s.agent,
  s.error ->> '$.code' AS "errorCode", s.entered_at AS "enteredAt", s.scheduled_at AS "scheduledAt",
  s.started_at AS "startedAt", s.completed_at AS "completedAt", s.first_seq AS "firstSeq"`

export function timelinePage(statements: Statements, runId: string, after: number, limit: number): TimelinePage | null {
  const run = findRun(statements, runId)
  if (run === null) return null
  const found = statements.all(
    `SELECT ${columns} FROM workflow_run_steps s WHERE s.run_key = ${runKeyOf} AND s.first_seq > ?
     ORDER BY s.first_seq LIMIT ?`,
    [runId, after, limit + 1],
  ) as unknown as readonly TimelineStep[]
  const rows = found.slice(0, limit)
  const told = rows.filter(needsTrail)
  const trails = told.length === 0 ? new Map() : trailsOf(statements, { runId, head: run.seq }, told)
  const next = found.length > rows.length ? rows[rows.length - 1]!.firstSeq : null
  return { ...timelineText(timelineOf(rows, trails)), seq: run.seq, next }
}

function trailsOf(
  statements: Statements,
  { runId, head }: { readonly runId: string; readonly head: number },
  steps: readonly { readonly stepId: string; readonly firstSeq: number; readonly completedAt: number | null }[],
): ReadonlyMap<string, readonly TrailEvent[]> {
  const trails = new Map<string, TrailEvent[]>(steps.map(({ stepId }) => [stepId, []]))
  const ended = new Set(steps.filter(({ completedAt }) => completedAt !== null).map(({ stepId }) => stepId))
  const goesOn = steps.length - ended.size
  let after = steps[0]!.firstSeq - 1
  for (let looked = 0; looked < eventsMax; looked += eventsPerRead) {
    const until = after + eventsPerRead
    const rows = statements.all(
      `SELECT e.seq, e.type, e.at, e.step_id AS "stepId" FROM workflow_run_events e
       WHERE e.run_key = ${runKeyOf} AND e.seq > ? AND e.seq <= ? AND e.type IN (${marks}) ORDER BY e.seq`,
      [runId, after, until, ...trailEvents],
    )
    for (const row of rows) {
      const stepId = row.stepId as string
      trails.get(stepId)?.push({ type: row.type as string, at: row.at as number })
      if (row.type === "state.exited") ended.delete(stepId)
    }
    if (until >= head || (ended.size === 0 && goesOn === 0)) break
    after = until
  }
  for (const stepId of ended) trails.delete(stepId)
  return trails
}
