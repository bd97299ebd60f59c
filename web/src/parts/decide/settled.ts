/** Who has decided, and what: also for whoever came second. */
import type { Approval } from "@waybill/contract"
import { ProblemError } from "@waybill/sdk"

/** `Approved by user:ada: looks fine`; null while it is open. */
export function settledWords(approval: Approval): string | null {
  const { state, decidedBy, comment } = approval
  if (state === "pending") return null
  const who = decidedBy.length === 0 ? "" : ` by ${decidedBy.join(", ")}`
  const said = comment === null || comment === "" ? "" : `: ${comment}`
  return `${words[state]}${who}${said}`
}

const words = {
  pending: "Waits",
  approved: "Approved",
  rejected: "Rejected",
  revised: "Sent back",
  timed_out: "Nobody decided in time",
  cancelled: "The run ended before anybody decided",
  superseded: "The run asked again; this question is not open any more",
} as const satisfies Record<Approval["state"], string>

/** Somebody else was faster: no error of this person's, but news. */
export function cameSecond(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.code === "approval_closed"
}
