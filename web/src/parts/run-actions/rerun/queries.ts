import { queryOptions } from "@tanstack/react-query"
import type { RunSummary } from "@waybill/contract"
import { api } from "../../../data/api.ts"

const VERSIONS_SHOWN = 50

export const versionsQuery = ({ workflowId, environment }: RunSummary) =>
  queryOptions({
    queryKey: ["workflow-versions", workflowId, environment, VERSIONS_SHOWN],
    queryFn: () => api().workflows.versions(workflowId, { env: environment, limit: VERSIONS_SHOWN }),
  })

export const versionQuery = (workflowId: string, env: string, versionNumber: number) =>
  queryOptions({
    queryKey: ["workflow-version", workflowId, env, versionNumber],
    queryFn: () => api().workflows.version(workflowId, versionNumber, { env }),
    // A version never changes.
    staleTime: Number.POSITIVE_INFINITY,
  })
