/** Who has decided, and what: also for whoever came second. */
import type { Approval } from "@waybill/contract"
import { isCode } from "../../data/problem-words.ts"

/** `Approved by user:ada`; null while it is open. */
export function settledWords({ state, decidedBy }: Pick<Approval, "state" | "decidedBy">): string | null {
  if (state === "pending") return null
  return decidedBy.length === 0 ? words[state] : `${words[state]} by ${decidedBy.join(", ")}`
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
export const cameSecond = (error: unknown): boolean => isCode(error, "approval_closed")

/** What is asked is not what was shown: it must be read again. */
export const hasMoved = (error: unknown): boolean => isCode(error, "content_changed")
