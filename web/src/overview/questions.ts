/** What the overview asks: who is waited for, what went wrong today, what moves now, how each workflow does. */
import { queryOptions } from "@tanstack/react-query"
import { api } from "../data/api.ts"
import { runsQuery, workflowsQuery } from "../data/queries.ts"

/** Short lists: whoever wants all goes to the page that has them. */
const shown = 5

export const failedQuery = (env: string) =>
  runsQuery({ env, status: "FAILED,TIMED_OUT", query: "started:>-24h", limit: shown })
export const signalsQuery = (env: string) => runsQuery({ env, status: "WAITING_SIGNAL", limit: shown })
export const movingQuery = (env: string) => runsQuery({ env, status: "RUNNING,PENDING,PAUSED", limit: shown })
export const healthQuery = (env: string) => workflowsQuery({ env, limit: 200 })

export const dayQuery = (env: string) =>
  queryOptions({
    queryKey: ["counts", "day", env],
    queryFn: () => api().runs.counts({ env, query: "started:>-24h" }),
    meta: { live: ["runs"], liveEveryMs: 2_000 },
  })
