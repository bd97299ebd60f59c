/** What only the pages of workflows ask. */
import { type QueryClient, queryOptions } from "@tanstack/react-query"
import { api } from "../data/api.ts"
import { workflowsQuery } from "../data/queries.ts"
import type { WorkflowsSearch } from "../paths.ts"

/** As many as a page of the API holds; whoever has more narrows the search. */
export const LISTED_MAX = 200

export const listedQuery = (env: string, { q, status, sync }: WorkflowsSearch) =>
  workflowsQuery({ env, limit: LISTED_MAX, q, status, sync })

const VERSIONS_MAX = 100

export const versionsQuery = (id: string, env: string) =>
  queryOptions({
    queryKey: ["workflow-versions", id, env],
    queryFn: () => api().workflows.versions(id, { env, limit: VERSIONS_MAX }),
  })

/** What was saved once stays as it is. */
export const versionQuery = (id: string, version: number, env: string) =>
  queryOptions({
    queryKey: ["workflow-version", id, version, env],
    queryFn: () => api().workflows.version(id, version, { env }),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const diffQuery = (id: string, from: number, to: number, env: string) =>
  queryOptions({
    queryKey: ["workflow-diff", id, from, to, env],
    queryFn: () => api().workflows.diff(id, from, to, { env }),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** Asked whenever it is looked at: an editor tells nobody that it has saved. */
export const fileQuery = (id: string, env: string) =>
  queryOptions({
    queryKey: ["workflow-file", id, env],
    queryFn: () => api().workflows.file(id, { env }),
    staleTime: 0,
  })

/** After something was done to a workflow: whatever is shown of it is asked again. */
export async function askAgain(queries: QueryClient, id: string): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: ["workflows"] }),
    queries.invalidateQueries({ queryKey: ["workflow", id] }),
    queries.invalidateQueries({ queryKey: ["workflow-versions", id] }),
    queries.invalidateQueries({ queryKey: ["workflow-file", id] }),
  ])
}
