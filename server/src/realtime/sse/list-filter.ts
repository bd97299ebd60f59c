/**
 * Which runs a list stream shows. Workflow, status and environment are in every event; the other filters look at the
 * run's row. A run that leaves the filter is told once, with `matches: false` (rule 17).
 */
import type { FeedEvent, RunFilter, RunRow } from "@waybill/engine"
import { ProblemError } from "../../http/shared/problem.ts"

export interface ListFilter {
  readonly filter: RunFilter
  readonly needsRow: boolean
}

export function listFilter(filter: RunFilter): ListFilter {
  for (const name of ["q", "from", "to"] as const) {
    if (filter[name] !== null) throw new ProblemError("not_supported_yet", `the stream cannot be filtered by ${name}`)
  }
  const { version, tag, errorCode, hitl, actor, correlationId, traceId, businessEventId, parentRunId } = filter
  const lists = [version, tag, errorCode, hitl, actor]
  const words = [correlationId, traceId, businessEventId, parentRunId]
  return { filter, needsRow: lists.some((list) => list.length > 0) || words.some((word) => word !== null) }
}

export function eventMatches({ filter }: ListFilter, event: FeedEvent): boolean {
  return (
    has(filter.workflowId, event.workflowId) &&
    has(filter.status, event.status) &&
    has(filter.environment, event.environment)
  )
}

export function rowMatches({ filter }: ListFilter, row: RunRow): boolean {
  return (
    (filter.version.length === 0 ||
      filter.version.includes(row.workflowVersion) ||
      filter.version.includes(String(row.versionNumber))) &&
    (filter.tag.length === 0 || (JSON.parse(row.tags) as string[]).some((tag) => filter.tag.includes(tag))) &&
    has(filter.errorCode, row.errorCode) &&
    has(filter.hitl, row.hitl) &&
    has(filter.actor, row.actor) &&
    is(filter.correlationId, row.correlationId) &&
    is(filter.traceId, row.traceId) &&
    is(filter.businessEventId, row.businessEventId) &&
    is(filter.parentRunId, row.parentRunId)
  )
}

function has(list: readonly string[], value: string | null): boolean {
  return list.length === 0 || (value !== null && list.includes(value))
}

function is(asked: string | null, value: string | null): boolean {
  return asked === null || asked === value
}
