/** What the page asks beside the list: all runs that match, looked at together, and how a query is read. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query"
import type { RunFacets } from "@waybill/contract"
import { api } from "../data/api.ts"
import { type AskedRuns, filterOf } from "./list/asked.ts"
import { withoutField, withTerm } from "./query/edit.ts"
import { runFields } from "./query/fields.ts"

type Asked = Pick<AskedRuns, "query" | "env">

/** Looking at all runs costs more than looking at a page of them. */
const live = { live: ["runs"], liveEveryMs: 2_000 }

/** Over all statuses, so that each tab says how many it would show. */
export function countsQuery({ query, env }: Asked) {
  const filter = filterOf({ query: withoutField(query, runFields.status), env })
  return queryOptions({
    queryKey: ["run-counts", filter],
    queryFn: () => api().runs.counts(filter),
    placeholderData: keepPreviousData,
    meta: live,
  })
}

/** How many there would be. */
export function matchingQuery(asked: Asked) {
  const filter = filterOf(asked)
  return queryOptions({ queryKey: ["run-matching", filter], queryFn: () => api().runs.counts(filter), meta: live })
}

/** Backfills and replays among what else is asked. */
export function apartQuery({ query, env }: Asked) {
  return matchingQuery({ query: withTerm(withoutField(query, runFields.origin), "origin:backfill,replay"), env })
}

export const BUCKETS = 90

export function histogramQuery(asked: Asked) {
  const filter = filterOf(asked)
  return queryOptions({
    queryKey: ["run-histogram", filter],
    queryFn: () => api().runs.histogram({ ...filter, buckets: BUCKETS }),
    placeholderData: keepPreviousData,
    meta: live,
  })
}

export type FacetName = RunFacets["facets"][number]["name"]

/** The values of all facets, counted among the runs that the rest of the query finds. */
export function facetsQuery(asked: Asked, field: keyof typeof runFields) {
  const filter = filterOf({ ...asked, query: withoutField(asked.query, runFields[field]) })
  return queryOptions({
    queryKey: ["run-facets", filter],
    queryFn: () => api().runs.facets(filter),
    placeholderData: keepPreviousData,
    meta: live,
  })
}

/** How the server reads a text; it is the same for ever. */
export const readQuery = (query: string) =>
  queryOptions({
    queryKey: ["read-run-query", query],
    queryFn: () => api().runs.readQuery(query),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const queryFieldsQuery = () =>
  queryOptions({
    queryKey: ["run-query-fields"],
    queryFn: () => api().runs.queryFields(),
    staleTime: Number.POSITIVE_INFINITY,
  })
