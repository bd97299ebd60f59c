/**
 * What more than one page asks, as options for `useQuery` and `prefetchQuery`: the key, the question, and in `meta.live`
 * what moves it. A question that only one page asks stands beside that page, in the same form.
 */
import { queryOptions } from "@tanstack/react-query"
import type { Query } from "@waybill/sdk"
import { api } from "./api.ts"

export const sessionQuery = () =>
  queryOptions({ queryKey: ["session"], queryFn: () => api().session(), staleTime: Number.POSITIVE_INFINITY })

export const runsQuery = (query: Query) =>
  queryOptions({
    queryKey: ["runs", query],
    queryFn: () => api().runs.list(query),
    meta: { live: ["runs"] },
  })

/** Without its values: a page asks for this whenever the run moves. */
export const runQuery = (runId: string) =>
  queryOptions({
    queryKey: ["run", runId],
    queryFn: () => api().runs.head(runId),
    meta: { live: [`run:${runId}`], liveEveryMs: 300 },
  })

/** What it began with and what came of it; `hasEnded`: its output is there, and moves no more. */
export const runEndsQuery = (runId: string, hasEnded: boolean) =>
  queryOptions({ queryKey: ["run-ends", runId, hasEnded], queryFn: () => api().runs.ends(runId) })

export const workflowsQuery = (query: Query) =>
  queryOptions({
    queryKey: ["workflows", query],
    queryFn: () => api().workflows.list(query),
    meta: { live: ["workflows"], liveEveryMs: 2_000 },
  })

export const workflowQuery = (id: string, env: string) =>
  queryOptions({
    queryKey: ["workflow", id, env],
    queryFn: () => api().workflows.get(id, { env }),
    meta: { live: [`workflow:${id}`], liveEveryMs: 2_000 },
  })

export const approvalsQuery = (query: Query) =>
  queryOptions({
    queryKey: ["approvals", query],
    queryFn: () => api().approvals.list(query),
    meta: { live: ["approvals"] },
  })

const PENDING_MAX = 200

/** What waits for people in an environment, what is over first on top: one answer for the inbox, the counter and the palette. */
export const pendingQuery = (env: string) =>
  approvalsQuery({ state: "pending", env, sort: "dueAt", limit: PENDING_MAX })
