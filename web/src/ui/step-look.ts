/** A step's status as word, tone and glyph; the statuses of an attempt are among them. */
import type { Step } from "@waybill/contract"
import type { Look } from "./look.ts"

export const stepLook = {
  PENDING: { word: "Pending", tone: "quiet", glyph: "dotted" },
  RUNNING: { word: "Running", tone: "running", glyph: "turning" },
  WAITING_APPROVAL: { word: "Waiting for approval", tone: "waiting", glyph: "person" },
  WAITING_SIGNAL: { word: "Waiting for signal", tone: "waiting", glyph: "signal" },
  SUCCEEDED: { word: "Succeeded", tone: "completed", glyph: "check" },
  FAILED: { word: "Failed", tone: "failed", glyph: "cross" },
  CANCELLED: { word: "Cancelled", tone: "quiet", glyph: "slash" },
  TIMED_OUT: { word: "Timed out", tone: "failed", glyph: "clock" },
  SKIPPED: { word: "Skipped", tone: "quiet", glyph: "skip" },
} as const satisfies Record<Step["status"], Look>

export function lookOfStep(status: string): Look {
  return (stepLook as Readonly<Record<string, Look>>)[status] ?? { word: status, tone: "quiet", glyph: "dotted" }
}
