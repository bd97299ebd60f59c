import { useQuery } from "@tanstack/react-query"
import { useMemo } from "react"
import { workflowsQuery } from "../data/queries.ts"

const WORKFLOWS_MAX = 200

export type NameOf = (workflowId: string) => string
export type WorkflowNames = {
  /** Those that are known by name. */
  readonly ids: readonly string[]
  /** The id, where the name is not known or not known yet. */
  readonly nameOf: NameOf
  readonly isPending: boolean
}

/** Approvals say of which workflow they are by its id; people know it by its name. */
export function useWorkflowNames(env: string): WorkflowNames {
  const { data, isPending } = useQuery(workflowsQuery({ env, limit: WORKFLOWS_MAX }))
  return useMemo(() => {
    const names = new Map(data?.items.map(({ workflowId, name }) => [workflowId, name]))
    return { ids: [...names.keys()], nameOf: (workflowId) => names.get(workflowId) ?? workflowId, isPending }
  }, [data, isPending])
}
