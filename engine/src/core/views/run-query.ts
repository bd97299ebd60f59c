/**
 * What lists of runs are asked: filter, order and page (architecture §8, rule 32). One meaning for every store, for
 * counts, and for the list stream, which has to know when a run leaves a filter. Pure; adapters translate it.
 */
import { resolutionWord, type Standing } from "../remarks/standing.ts"
import { hasPhrase, noValues, type RunValues } from "../search/run-values.ts"
import { phraseOf } from "../search/words.ts"
import type { DurationLimit } from "./late-runs.ts"
import type { ApprovalRow, RunRow } from "./rows.ts"
import { containsText, durationMs, sortTime } from "./run-facts.ts"
import { type ArchivedEnds, asksValues, matchesTerm, type RunTerm, resolveTerms } from "./run-term.ts"

export { containsText, durationMs, hasId, sortTime } from "./run-facts.ts"

export interface Page<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | null
  readonly total: PageTotal | null
}

/** Exact up to 10,000; above it, or where counting took too long, a lower bound. */
export interface PageTotal {
  readonly value: number
  readonly exact: boolean
}

export const exactCountMax = 10_000

/** Several values of one field mean any of them; several fields mean all of them. Empty and null: not asked. */
export interface RunFilter {
  readonly workflowId: readonly string[]
  /** The engine's words; other spellings are translated by `status-words`. */
  readonly status: readonly string[]
  readonly environment: readonly string[]
  /** A label, or a versionNumber in digits. */
  readonly version: readonly string[]
  /** The run's interval overlaps [from, to). */
  readonly from: number | null
  readonly to: number | null
  readonly tag: readonly string[]
  /** Text in run id, workflow id or name, business event id, correlation id, or words in a value. An id in full finds only its runs. */
  readonly q: string | null
  readonly errorCode: readonly string[]
  readonly hitl: readonly string[]
  readonly actor: readonly string[]
  readonly owner: readonly string[]
  /** `open, acknowledged, resolved, superseded, wont_fix`. */
  readonly resolution: readonly string[]
  /** `live, backfill, replay`. */
  readonly origin: readonly string[]
  readonly correlationId: string | null
  readonly traceId: string | null
  readonly businessEventId: string | null
  readonly parentRunId: string | null
  /** What a query says: all of them (`run-language/`). */
  readonly terms: readonly RunTerm[]
}

export const noFilter: RunFilter = {
  workflowId: [],
  status: [],
  environment: [],
  version: [],
  from: null,
  to: null,
  tag: [],
  q: null,
  errorCode: [],
  hitl: [],
  actor: [],
  owner: [],
  resolution: [],
  origin: [],
  correlationId: null,
  traceId: null,
  businessEventId: null,
  parentRunId: null,
  terms: [],
}

/** Times from now as times: done once for all pages of a list, which hold the `now` they began at. */
export function resolveFilter(
  filter: RunFilter,
  now: number,
  archived: readonly ArchivedEnds[] = [],
  stalled: readonly string[] = [],
  late: readonly DurationLimit[] = [],
): RunFilter {
  if (filter.terms.length === 0) return filter
  return { ...filter, terms: resolveTerms(filter.terms, now, archived, stalled, late) }
}

export const runSorts = [
  "-startedAt",
  "startedAt",
  "-createdAt",
  "createdAt",
  "status",
  "-status",
  "duration",
  "-duration",
] as const

export type RunSort = (typeof runSorts)[number]

/** Where a run stands in an order; compared part by part, then by a tie-break of the store's. */
export type SortKey = readonly (string | number)[]

export function sortKey(run: RunRow, sort: RunSort): SortKey {
  switch (sort) {
    case "-startedAt":
    case "startedAt":
      return [sortTime(run)]
    case "-createdAt":
    case "createdAt":
      return [run.createdAt]
    case "-status":
    case "status":
      return [run.status, sortTime(run)]
    case "-duration":
    case "duration": {
      // Finished runs first in both directions, the others behind them by start.
      const duration = durationMs(run)
      return duration === null ? [1, sortTime(run)] : [0, duration]
    }
  }
}

export function compareKeys(a: SortKey, b: SortKey, sort: RunSort): number {
  for (const [index, left] of a.entries()) {
    const right = b[index]!
    if (left === right) continue
    const ascending = left < right ? -1 : 1
    const fixed = index === 0 && (sort === "duration" || sort === "-duration")
    return fixed || !sort.startsWith("-") ? ascending : -ascending
  }
  return 0
}

/** Whether the filter looks at what runs were given and gave: then `matchesFilter` has to be told. */
export function filterAsksValues(filter: RunFilter): boolean {
  return filter.q !== null || filter.terms.some(asksValues)
}

/**
 * @param filter resolved
 * @param values what its events bring; none for a filter that does not ask
 */
export function matchesFilter(
  run: RunRow,
  standing: Standing,
  filter: RunFilter,
  values: RunValues = noValues,
): boolean {
  return (
    oneOf(filter.workflowId, run.workflowId) &&
    oneOf(filter.status, run.status) &&
    oneOf(filter.environment, run.environment) &&
    (filter.version.length === 0 || filter.version.some((version) => isVersion(run, version))) &&
    overlaps(run, filter.from, filter.to) &&
    (filter.tag.length === 0 || filter.tag.some((tag) => standing.tags.includes(tag))) &&
    oneOf(filter.errorCode, run.errorCode) &&
    oneOf(filter.hitl, run.hitl) &&
    oneOf(filter.origin, run.origin) &&
    oneOf(filter.actor, run.actor) &&
    oneOf(filter.owner, standing.owner) &&
    oneOf(filter.resolution, resolutionWord(run, standing)) &&
    same(filter.correlationId, run.correlationId) &&
    same(filter.traceId, run.traceId) &&
    same(filter.businessEventId, run.businessEventId) &&
    same(filter.parentRunId, run.parentRunId) &&
    (filter.q === null || containsText(run, filter.q) || hasPhrase(values, phraseOf(filter.q))) &&
    filter.terms.every((term) => matchesTerm(run, standing, values, term))
  )
}

function isVersion(run: RunRow, version: string): boolean {
  return run.workflowVersion === version || String(run.versionNumber) === version
}

function overlaps(run: RunRow, from: number | null, to: number | null): boolean {
  if (to !== null && sortTime(run) >= to) return false
  return from === null || run.completedAt === null || run.completedAt >= from || sortTime(run) >= from
}

function oneOf(wanted: readonly string[], value: string | null): boolean {
  return wanted.length === 0 || (value !== null && wanted.includes(value))
}

function same(wanted: string | null, value: string | null): boolean {
  return wanted === null || wanted === value
}

/** The same question gives the same text, however its values are ordered: what a cursor is bound to. */
export function filterText(workspaceId: string, filter: RunFilter): string {
  const entries = Object.entries(filter).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map((one) => (typeof one === "string" ? one : JSON.stringify(one))).sort() : value,
  ])
  return JSON.stringify([workspaceId, ...entries.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))])
}

/** Newest request first; or by time to breach: the sooner of due time and timeout, those without either behind. */
export type ApprovalSort = "-requestedAt" | "dueAt"

/** Sorts behind every time. */
const noBreach = Number.MAX_SAFE_INTEGER

/** Compared part by part, ascending for `dueAt`, descending else. */
export function approvalKey(row: ApprovalRow, sort: ApprovalSort): SortKey {
  if (sort === "-requestedAt") return [row.requestedAt, row.approvalId]
  return [Math.min(row.dueAt ?? noBreach, row.timeoutAt ?? noBreach), row.requestedAt, row.approvalId]
}

export interface ApprovalFilter {
  readonly runId: string | null
  readonly state: readonly string[]
  readonly workflowId: string | null
  readonly environment: string | null
  /** Any of these among the approvers, as the row lists them: people and teams; empty: whoever they are. */
  readonly assignees: readonly string[]
  /** Only what asks one of these, or nobody by name; absent: whatever is asked. */
  readonly deciders?: readonly string[]
}

/** Whether one of these people and teams is asked; an approval that names nobody asks every operator (settled 24). */
export function mayAsk({ approvers }: Pick<ApprovalRow, "approvers">, deciders: readonly string[]): boolean {
  const asked = JSON.parse(approvers) as readonly string[]
  return asked.length === 0 || asked.some((one) => deciders.includes(one))
}
