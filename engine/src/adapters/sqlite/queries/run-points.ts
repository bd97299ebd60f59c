/** Reads of one run, and the feed by position: each a short range of one index. */
import { type ApprovalRecord, courseTypes } from "../../../core/views/approval-course.ts"
import type { FeedEvent, StoredEventRow } from "../../../core/views/feed-event.ts"
import type { RunRow, StepRow } from "../../../core/views/rows.ts"
import type { Deadline } from "../../../ports/run-insights.ts"
import type { EventPage } from "../../../ports/run-queries.ts"
import { runKeyOf, runShape, selection, stepShape } from "../rows.ts"
import type { Row, Statements } from "./statements.ts"

const event = `e.seq, e.position, e.v, e.type, e.at, e.actor, e.step_id AS "stepId", e.payload, e.hash`

export function findRun(statements: Statements, runId: string): RunRow | null {
  const row = statements.get(`SELECT ${selection(runShape, "r")} FROM workflow_runs r WHERE r.run_key = ${runKeyOf}`, [
    runId,
  ])
  return (row as RunRow | undefined) ?? null
}

export function stepsOf(statements: Statements, runId: string, after: number, limit: number): readonly StepRow[] {
  const sql = `SELECT ${selection(stepShape, "s")} FROM workflow_run_steps s
    WHERE s.run_key = ${runKeyOf} AND s.first_seq > ? ORDER BY s.first_seq LIMIT ?`
  return statements.all(sql, [runId, after, limit]).map((row) => ({ runId, ...row }) as unknown as StepRow)
}

/** Looked for among the run's steps: there is no index by id, and one run has a bounded number of them. */
export function findStep(statements: Statements, runId: string, stepId: string): StepRow | null {
  const sql = `SELECT ${selection(stepShape, "s")} FROM workflow_run_steps s
    WHERE s.run_key = ${runKeyOf} AND s.step_id = ? LIMIT 1`
  const row = statements.get(sql, [runId, stepId])
  return row === undefined ? null : ({ runId, ...row } as unknown as StepRow)
}

/** Events of some types among others: so many are looked at in one statement (rule 29). */
const typedWindow = 10_000

export function eventsOf(statements: Statements, runId: string, page: EventPage): readonly StoredEventRow[] {
  const own = (rows: readonly Row[]) => rows.map((row) => ({ runId, ...row }) as unknown as StoredEventRow)
  const sql = `SELECT ${event} FROM workflow_run_events e WHERE e.run_key = ${runKeyOf} AND e.seq > ?`
  if (page.types.length === 0)
    return own(statements.all(`${sql} ORDER BY e.seq LIMIT ?`, [runId, page.after, page.limit]))
  const typed = `${sql} AND e.seq <= ? AND e.type IN (${page.types.map(() => "?").join(", ")}) ORDER BY e.seq LIMIT ?`
  const head = Math.min(headOf(statements, runId), page.after + (page.within ?? Number.POSITIVE_INFINITY))
  const found: Row[] = []
  for (let after = page.after; after < head && found.length < page.limit; after += typedWindow)
    found.push(
      ...statements.all(typed, [
        runId,
        after,
        Math.min(after + typedWindow, head),
        ...page.types,
        page.limit - found.length,
      ]),
    )
  return own(found)
}

/** The seq of a run's newest event; 0: there is none. */
export function headOf(statements: Statements, runId: string): number {
  const sql = `SELECT max(seq) AS head FROM workflow_run_events WHERE run_key = ${runKeyOf}`
  return (statements.get(sql, [runId])?.head as number | null | undefined) ?? 0
}

/** The same, and whether the run has a context still: not without its first event's content. */
export function readableHead(
  statements: Statements,
  runId: string,
): { readonly head: number; readonly isReadable: boolean } {
  const row = statements.get(
    `SELECT (SELECT max(seq) FROM workflow_run_events WHERE run_key = k.run_key) AS head,
       (SELECT 1 FROM workflow_run_events WHERE run_key = k.run_key AND seq = 1 AND payload IS NOT NULL) AS readable
     FROM workflow_run_keys k WHERE k.run_id = ?`,
    [runId],
  )
  return { head: (row?.head as number | null | undefined) ?? 0, isReadable: row?.readable === 1 }
}

/** The index has what did not succeed only, so that these few are found among a hundred thousand. */
export function unsuccessfulSteps(
  statements: Statements,
  runId: string,
  parentStepId: string | null,
  end: "first" | "last",
  limit: number,
): readonly StepRow[] {
  const order = end === "first" ? "s.completed_at, s.first_seq" : "s.completed_at DESC, s.first_seq DESC"
  const sql = `SELECT ${selection(stepShape, "s")}
    FROM workflow_run_steps s INDEXED BY workflow_run_steps_unsuccessful
    WHERE s.run_key = ${runKeyOf} AND s.parent_step_id IS ? AND s.status IN ('FAILED', 'TIMED_OUT', 'CANCELLED')
    ORDER BY ${order} LIMIT ?`
  return statements.all(sql, [runId, parentStepId, limit]).map((row) => ({ runId, ...row }) as unknown as StepRow)
}

export function deadlinesOf(statements: Statements, runId: string): readonly Deadline[] {
  const sql = `SELECT kind, step_id AS "stepId", due_at AS "dueAt" FROM workflow_timers
    WHERE run_key = ${runKeyOf} AND kind IN ('run_timeout', 'state_timeout') LIMIT 100`
  return statements.all(sql, [runId]) as unknown as readonly Deadline[]
}

const courseEventsMax = 200

/** The types are written out: only then the statement is answered by the index that has nothing else. */
export function approvalRecordOf(statements: Statements, runId: string, stepId: string): ApprovalRecord {
  const own = `run_key = ${runKeyOf} AND step_id = ?`
  const types = courseTypes.map((type) => `'${type}'`).join(", ")
  const events = statements.all(
    `SELECT ${event} FROM workflow_run_events e INDEXED BY workflow_run_events_approval_course
     WHERE e.${own} AND e.type IN (${types}) ORDER BY e.seq DESC LIMIT ${courseEventsMax}`,
    [runId, stepId],
  )
  const timers = statements.all(`SELECT kind, due_at AS "dueAt" FROM workflow_timers WHERE ${own}`, [runId, stepId])
  return {
    events: events.reverse().map((row) => ({ runId, ...row }) as unknown as ApprovalRecord["events"][number]),
    timers: timers as unknown as ApprovalRecord["timers"],
  }
}

export function newestEvent(
  statements: Statements,
  runId: string,
  types: readonly string[],
  after: number,
): StoredEventRow | null {
  const sql = `SELECT ${event} FROM workflow_run_events e
    WHERE e.run_key = ${runKeyOf} AND e.seq > ? AND e.type IN (${types.map(() => "?").join(", ")})
    ORDER BY e.seq DESC LIMIT 1`
  const row = statements.get(sql, [runId, after, ...types])
  return row === undefined ? null : ({ runId, ...row } as unknown as StoredEventRow)
}

export function feedSince(statements: Statements, position: number, limit: number): readonly FeedEvent[] {
  const sql = `SELECT r.run_id AS "runId", ${event}, r.workspace_id AS "workspaceId", r.workflow_id AS "workflowId",
      r.environment, e.run_status AS status
    FROM workflow_run_events e JOIN workflow_runs r ON r.run_key = e.run_key
    WHERE e.position > ? ORDER BY e.position LIMIT ?`
  return statements.all(sql, [position, limit]) as unknown as FeedEvent[]
}
