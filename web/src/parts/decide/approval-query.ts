import { queryOptions } from "@tanstack/react-query"
import type { Approval, RunSummary } from "@waybill/contract"
import { api } from "../../data/api.ts"
import { byBreach } from "./deadline.ts"

export const approvalQuery = (approvalId: string) =>
  queryOptions({
    queryKey: ["approval", approvalId],
    queryFn: () => api().approvals.get(approvalId),
    meta: { live: ["approvals"] },
  })

export const runApprovalsQuery = (runId: string) =>
  queryOptions({
    queryKey: ["approvals", "of", runId],
    queryFn: () => api().runs.approvals(runId, { limit: 50 }),
    meta: { live: ["approvals"] },
  })

/** The definition that the run began with: it never changes. */
export const definitionQuery = ({
  workflowId,
  versionNumber,
  environment,
}: Pick<RunSummary, "workflowId" | "versionNumber" | "environment">) =>
  queryOptions({
    queryKey: ["version", workflowId, versionNumber, environment],
    queryFn: () => api().workflows.version(workflowId, versionNumber, { env: environment }),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** The most urgent that this person may decide, other than the one just decided. */
export function nextOf(pending: readonly Approval[], after: Pick<Approval, "approvalId">) {
  return pending
    .filter(({ approvalId }) => approvalId !== after.approvalId)
    .filter(({ actions }) => actions.some(({ name, allowed }) => name !== "delegate" && allowed))
    .sort(byBreach)[0]
}

type Round = Pick<Approval, "approvalId" | "name" | "round" | "requestedAt">

/** Of the same state, the first question after this one. */
export function successorOf<A extends Round>(before: Round, all: readonly A[]): A | undefined {
  return all
    .filter(({ approvalId, name }) => name === before.name && approvalId !== before.approvalId)
    .filter(({ round, requestedAt }) => round > before.round && requestedAt >= before.requestedAt)
    .sort((a, b) => a.round - b.round)[0]
}
