/**
 * Counts that the database keeps of finished runs (migration `run-counts`), with those that go on counted where they lie:
 * exact over any number of runs. They answer what is asked by the fields that they are kept by, and by nothing else.
 */

import { noFilter, type RunFilter } from "../../../core/views/run-query.ts"
import type { FacetName, HistogramWindow } from "../../../core/views/run-tally.ts"
import { bucketsOf } from "../../../core/views/run-tally.ts"
import type { RunTerm } from "../../../core/views/run-term.ts"
import { runStatuses } from "../../../core/views/status-words.ts"
import type { Asked } from "./asked.ts"
import { all, type Condition, equal } from "./condition.ts"
import { segmentsOf } from "./run-order.ts"
import { mustBeOpen, predicateOf, rest } from "./run-predicate.ts"
import { chunksOf, source } from "./scan.ts"
import type { Scan } from "./scan-shape.ts"
import { inTimeEachRow, type Statements } from "./statements.ts"

const hourMs = 3_600_000
const newestFirst = segmentsOf("-startedAt")[0]!.order

/** `run_counts` as if its rows were runs, so that a filter's conditions hold for both. */
const keptRuns = `(SELECT workspace_id, workflow_id, environment, workflow_version, status, origin,
  nullif(error_code, '') AS error_code, nullif(hitl, '') AS hitl, runs FROM run_counts) r`

const keptFields: ReadonlySet<string> = new Set([
  "workflowId",
  "environment",
  "version",
  "status",
  "errorCode",
  "hitl",
  "origin",
])

/** Facets that `run_counts` has; the actor is counted apart, where nothing is asked. */
export const keptColumns: { readonly [Name in FacetName]?: string } = {
  workflowId: "workflow_id",
  status: "status",
  env: "environment",
  version: "workflow_version",
  errorCode: "error_code",
  hitl: "hitl",
}

/** True when all that is asked are fields that counts are kept by. */
export function isKept({ filter, exactId }: Asked): boolean {
  if (exactId || filter.q !== null || filter.from !== null || filter.to !== null) return false
  const { tag, owner, resolution, actor, traceId, correlationId, businessEventId, parentRunId } = filter
  if ([tag, owner, resolution, actor].some((list) => list.length > 0)) return false
  if ([traceId, correlationId, businessEventId, parentRunId].some((id) => id !== null)) return false
  return filter.version.every(isLabel) && filter.terms.every(isKeptTerm)
}

function isKeptTerm({ test }: RunTerm): boolean {
  if (test.kind === "present") return test.any.every((field) => field === "error" || field === "hitl")
  if (test.kind !== "text" || !keptFields.has(test.field)) return false
  return test.field !== "version" || test.any.every((match) => match.kind !== "is" || isLabel(match.text))
}

/** Digits may mean a version's number, which is not kept. */
function isLabel(version: string): boolean {
  return !/^[0-9]+$/.test(version)
}

/** @param asked `isKept` @param take gets each value with the number of its runs, a value several times */
export function keptByColumn(
  statements: Statements,
  asked: Asked,
  column: string,
  take: (value: string | null, runs: number) => void,
): void {
  const condition = rest(asked.predicate, null)
  const sql = `SELECT r.${column} AS k, sum(r.runs) AS n FROM ${keptRuns}
    WHERE ${inTimeEachRow} AND ${condition.sql} GROUP BY 1`
  for (const row of statements.all(sql, condition.values)) take(row.k as string | null, row.n as number)
}

/**
 * The statuses that runs with what is asked of kept fields can have, in no order: what else is asked makes them fewer. Of
 * those that go on nothing is kept, so all of theirs are among them.
 */
export function statusesPossible(statements: Statements, { workspaceId, filter }: Asked): readonly string[] {
  const kept = predicateOf(workspaceId, onlyKept(filter), false)
  const condition = rest(kept, null)
  const sql = `SELECT DISTINCT r.status AS k FROM ${keptRuns} WHERE ${inTimeEachRow} AND ${condition.sql}`
  const ended = new Set(statements.all(sql, condition.values).map(({ k }) => k as string))
  return runStatuses.filter((status) => ended.has(status) || !finished.includes(status))
}

const errorFields: ReadonlySet<string> = new Set(["errorClass", "errorMessage", "errorStep", "issue"])

/** Less than the filter asks, and never more. */
function onlyKept(filter: RunFilter): RunFilter {
  const { workflowId, status, environment, version, errorCode, hitl, origin, resolution, terms } = filter
  const failed = mustBeOpen({ ...noFilter, resolution, terms }) ? ["FAILED", "TIMED_OUT"] : []
  const hasError: RunTerm = { negated: false, test: { kind: "present", any: ["error"] } }
  const asksError = terms.some(({ negated, test }) => !negated && test.kind === "text" && errorFields.has(test.field))
  return {
    ...noFilter,
    workflowId,
    status: status.length === 0 ? failed : status,
    environment,
    version: version.every(isLabel) ? version : [],
    errorCode,
    hitl,
    origin,
    terms: [...terms.filter(isKeptTerm), ...(asksError ? [hasError] : [])],
  }
}

/** Of the whole workspace, most frequent first. */
export function keptActors(
  statements: Statements,
  { workspaceId }: Asked,
  take: (actor: string, runs: number) => void,
): void {
  const sql = `SELECT actor AS k, runs AS n FROM run_counts_by_actor WHERE ${inTimeEachRow} AND workspace_id = ?`
  for (const row of statements.all(sql, [workspaceId])) take(row.k as string, row.n as number)
}

export function asksNothing(asked: Asked): boolean {
  return isKept(asked) && asked.predicate.conditions.length === 1
}

/** Runs that go on and match, for what reads them in pieces. */
export function unfinished(asked: Asked, more: readonly Condition[] = []): Scan {
  const range = all([equal("workspace_id", asked.workspaceId), { sql: "r.completed_at IS NULL", values: [] }, ...more])
  return { index: "workflow_runs_unfinished", range, residual: rest(asked.predicate, null), ordered: true }
}

/** Hours that are counted one run after the other, where a bucket begins within them. */
const splitHoursMax = 130

/**
 * A histogram of everything, from whole hours; an hour in which a bucket ends is looked at itself. False: it is not worth
 * it, or more is asked than is kept; nothing was taken then.
 */
export function keptHistogram(
  statements: Statements,
  asked: Asked,
  window: HistogramWindow,
  take: (bucket: number, status: string, runs: number) => void,
): boolean {
  const { from, to, bucketMs } = window
  const buckets = bucketsOf(window)
  if (!asksNothing(asked) || bucketMs < hourMs || buckets > splitHoursMax) return false
  const split = splitHours(window)
  const bucketOf = (at: number) => Math.floor((at - from) / bucketMs)
  const sql = `SELECT hour, status, runs FROM run_counts_by_hour
    WHERE ${inTimeEachRow} AND workspace_id = ? AND hour >= ? AND hour <= ?`
  for (const row of statements.all(sql, [asked.workspaceId, Math.ceil(from / hourMs) * hourMs, to - hourMs])) {
    const hour = row.hour as number
    if (!split.has(hour)) take(bucketOf(hour), row.status as string, row.runs as number)
  }
  for (const hour of split) {
    for (const status of finished)
      splitHour(statements, asked, status, Math.max(hour, from), Math.min(hour + hourMs, to), window, take)
  }
  const scan = unfinished(asked, [
    { sql: "r.sort_at >= ?", values: [from] },
    { sql: "r.sort_at < ?", values: [to] },
  ])
  for (const where of chunksOf(statements, scan, newestFirst, 10_000)) {
    for (const row of statements.all(
      `SELECT r.status, r.sort_at AS "at" FROM ${source(scan)} WHERE ${where.sql}`,
      where.values,
    ))
      take(bucketOf(row.at as number), row.status as string, 1)
  }
  return true
}

const finished = ["COMPLETED", "FAILED", "CANCELLED", "TIMED_OUT"]

/** Hours in which a bucket begins or ends, but not at their own beginning. */
function splitHours(window: HistogramWindow): ReadonlySet<number> {
  const edges = Array.from({ length: bucketsOf(window) }, (_, index) => window.from + index * window.bucketMs)
  return new Set([...edges, window.to].filter((edge) => edge % hourMs !== 0).map((edge) => edge - (edge % hourMs)))
}

function splitHour(
  statements: Statements,
  { workspaceId }: Asked,
  status: string,
  from: number,
  to: number,
  window: HistogramWindow,
  take: (bucket: number, status: string, runs: number) => void,
): void {
  const sql = `SELECT CAST((sort_at - ?) / ? AS INTEGER) AS bucket, count(*) AS n
    FROM workflow_runs INDEXED BY idx_workflow_executions_workspace_status
    WHERE workspace_id = ? AND status = ? AND sort_at >= ? AND sort_at < ? GROUP BY 1`
  for (const row of statements.all(sql, [window.from, window.bucketMs, workspaceId, status, from, to]))
    take(row.bucket as number, status, row.n as number)
}
