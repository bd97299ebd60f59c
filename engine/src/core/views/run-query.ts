/**
 * What lists of runs are asked: filter, order and page (architecture §8, rule 32). One meaning for every store, for
 * counts, and for the list stream, which has to know when a run leaves a filter. Pure; adapters translate it.
 */
import type { RunRow } from "./rows.ts"

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
  /** Plain text in run id, workflow id or name, business event id, correlation id. An id in full finds only its runs. */
  readonly q: string | null
  readonly errorCode: readonly string[]
  readonly hitl: readonly string[]
  readonly actor: readonly string[]
  readonly correlationId: string | null
  readonly traceId: string | null
  readonly businessEventId: string | null
  readonly parentRunId: string | null
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
  correlationId: null,
  traceId: null,
  businessEventId: null,
  parentRunId: null,
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

/** `started_at`, and until there is one `created_at`: sort keys are never null (rule 32). */
export function sortTime(run: RunRow): number {
  return run.startedAt ?? run.createdAt
}

/** Of a finished run; never negative (rule 15). */
export function durationMs(run: RunRow): number | null {
  return run.completedAt === null ? null : Math.max(0, run.completedAt - sortTime(run))
}

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

/** `tags`: those of the start and those added since. */
export function matchesFilter(run: RunRow, tags: ReadonlySet<string>, filter: RunFilter): boolean {
  return (
    oneOf(filter.workflowId, run.workflowId) &&
    oneOf(filter.status, run.status) &&
    oneOf(filter.environment, run.environment) &&
    (filter.version.length === 0 || filter.version.some((version) => isVersion(run, version))) &&
    overlaps(run, filter.from, filter.to) &&
    (filter.tag.length === 0 || filter.tag.some((tag) => tags.has(tag))) &&
    oneOf(filter.errorCode, run.errorCode) &&
    oneOf(filter.hitl, run.hitl) &&
    oneOf(filter.actor, run.actor) &&
    same(filter.correlationId, run.correlationId) &&
    same(filter.traceId, run.traceId) &&
    same(filter.businessEventId, run.businessEventId) &&
    same(filter.parentRunId, run.parentRunId) &&
    (filter.q === null || containsText(run, filter.q))
  )
}

/** The run's id, or one it was given, in full. */
export function hasId(run: RunRow, text: string): boolean {
  return run.runId === text || run.correlationId === text || run.businessEventId === text
}

export function containsText(run: RunRow, text: string): boolean {
  const wanted = lower(text)
  const places = [run.runId, run.workflowId, run.workflowName, run.businessEventId ?? "", run.correlationId]
  return places.some((place) => lower(place).includes(wanted))
}

/** ASCII only, as databases do it without a collation of their own. */
function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
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
    Array.isArray(value) ? [...value].sort() : value,
  ])
  return JSON.stringify([workspaceId, ...entries.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))])
}

export interface ApprovalFilter {
  readonly runId: string | null
  readonly state: readonly string[]
  readonly workflowId: string | null
  /** One of the approvers, as the row lists them: a person or a team. */
  readonly assignee: string | null
}
