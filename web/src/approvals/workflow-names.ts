import { useQuery } from "@tanstack/react-query"
import { useMemo } from "react"
import { workflowsQuery } from "../data/queries.ts"

const WORKFLOWS_MAX = 200

export type WorkflowNames = {
  /** Of those that are known; behind them, or until they are, the id stands for the name. */
  readonly ids: readonly string[]
  readonly nameOf: (workflowId: string) => string
}

/** Questions name their workflow by id; people know it by its name. */
export function useWorkflowNames(env: string): WorkflowNames {
  const { data } = useQuery(workflowsQuery({ env, limit: WORKFLOWS_MAX }))
  return useMemo(() => {
    const names = new Map(data?.items.map(({ workflowId, name }) => [workflowId, name]))
    return { ids: [...names.keys()], nameOf: (workflowId) => names.get(workflowId) ?? workflowId }
  }, [data])
}
