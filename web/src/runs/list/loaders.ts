/**
 * The loaders of the lists that were looked at last, so that "back" finds rows and place as they were. They ask through
 * the query client for its patience with a server that is just away, and keep nothing in it.
 */
import type { QueryClient } from "@tanstack/react-query"
import { api } from "../../data/api.ts"
import { type AskedRuns, filterOf } from "./asked.ts"
import { RunLoader } from "./run-loader.ts"

const KEPT_MAX = 6
export const PAGE_ROWS = 50

const loaders = new WeakMap<QueryClient, Map<string, RunLoader>>()

export function runLoader(queries: QueryClient, asked: AskedRuns): RunLoader {
  const kept = loaders.get(queries) ?? new Map<string, RunLoader>()
  loaders.set(queries, kept)
  const key = JSON.stringify([asked.query, asked.env, asked.sort, asked.fold])
  const loader = kept.get(key) ?? open(queries, asked)
  kept.delete(key)
  kept.set(key, loader)
  if (kept.size > KEPT_MAX) kept.delete(kept.keys().next().value!)
  return loader
}

function open(queries: QueryClient, asked: AskedRuns): RunLoader {
  const list = { ...filterOf(asked), sort: asked.sort, fold: asked.fold?.join(","), limit: PAGE_ROWS }
  const ask = <T>(what: unknown, queryFn: () => Promise<T>) =>
    queries.fetchQuery({ queryKey: ["run-list", asked, what], queryFn, staleTime: 0, gcTime: 0 })
  return new RunLoader({
    askPage: (cursor) => ask(cursor, () => api().runs.list({ ...list, cursor })),
    askRuns: (ids) =>
      ask(ids, async () => (await api().runs.list({ query: `id:${ids.join(",")}`, limit: ids.length })).items),
    now: () => Date.now(),
    setTimer: (run, ms) => setTimeout(run, ms),
  })
}
