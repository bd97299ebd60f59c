import { queryOptions } from "@tanstack/react-query"
import { api } from "../../../data/api.ts"
import { periodOf } from "./period.ts"

/** Figures move with each run that ends, but nobody reads them that fast. */
const EVERY_MS = 5_000

export const statsQuery = (workflowId: string, env: string, days: number) =>
  queryOptions({
    queryKey: ["workflow-stats", workflowId, env, days],
    queryFn: () => api().workflows.stats(workflowId, { env, from: periodOf(days, Date.now()) }),
    meta: { live: [`workflow:${workflowId}`], liveEveryMs: EVERY_MS },
  })
