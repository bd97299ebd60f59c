/** What the address asks for, as the API is asked for it, and in which order it is shown. */
import type { Approval } from "@waybill/contract"
import { approvalsQuery, pendingQuery } from "../data/queries.ts"
import { byBreach } from "../parts/decide/deadline.ts"
import type { ApprovalsSearch } from "../paths.ts"

export const SEEN_MAX = 200

const decided = ["approved", "rejected", "revised", "timed_out", "cancelled", "superseded"] as const
const states = { pending: ["pending"], decided, all: ["pending", ...decided] } as const

export function askedApprovals({ state = "pending", workflowId, assignee }: ApprovalsSearch, env: string) {
  // The navigation's counter asks the same: one answer serves both.
  if (state === "pending" && workflowId === undefined && assignee === undefined) return pendingQuery(env)
  return approvalsQuery({ state: states[state], workflowId, assignee, env, limit: SEEN_MAX })
}

/** What is open stands first, the first to be too late on top; below it what is decided, the latest on top. */
export function inOrder(items: readonly Approval[]): readonly Approval[] {
  const open = items.filter(({ state }) => state === "pending").sort(byBreach)
  const over = items.filter(({ state }) => state !== "pending")
  return [...open, ...over.sort((a, b) => endOf(b) - endOf(a))]
}

const endOf = ({ decidedAt, requestedAt }: Approval): number => Date.parse(decidedAt ?? requestedAt)
