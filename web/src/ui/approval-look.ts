/** Where an approval stands, as word, tone and glyph. */
import type { Approval } from "@waybill/contract"
import type { Look } from "./look.ts"

export const approvalLook = {
  pending: { word: "Waiting", tone: "waiting", glyph: "person" },
  approved: { word: "Approved", tone: "completed", glyph: "check" },
  rejected: { word: "Rejected", tone: "failed", glyph: "cross" },
  revised: { word: "Sent back", tone: "running", glyph: "skip" },
  timed_out: { word: "Timed out", tone: "failed", glyph: "clock" },
  cancelled: { word: "Cancelled", tone: "quiet", glyph: "slash" },
  superseded: { word: "Superseded", tone: "quiet", glyph: "dotted" },
} as const satisfies Record<Approval["state"], Look>

export function lookOfApproval(state: string): Look {
  return (approvalLook as Readonly<Record<string, Look>>)[state] ?? { word: state, tone: "quiet", glyph: "dotted" }
}
