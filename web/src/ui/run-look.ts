/** A run's status as word, tone and glyph: the only place that decides how a status looks. */
import type { RunStatus } from "@waybill/contract"
import type { Look } from "./look.ts"

export const runLook = {
  PENDING: { word: "Pending", tone: "quiet", glyph: "dotted" },
  RUNNING: { word: "Running", tone: "running", glyph: "turning" },
  WAITING_APPROVAL: { word: "Waiting for approval", tone: "waiting", glyph: "person" },
  WAITING_SIGNAL: { word: "Waiting for signal", tone: "waiting", glyph: "signal" },
  PAUSED: { word: "Paused", tone: "waiting", glyph: "pause" },
  COMPLETED: { word: "Completed", tone: "completed", glyph: "check" },
  FAILED: { word: "Failed", tone: "failed", glyph: "cross" },
  CANCELLED: { word: "Cancelled", tone: "quiet", glyph: "slash" },
  TIMED_OUT: { word: "Timed out", tone: "failed", glyph: "clock" },
} as const satisfies Record<RunStatus, Look>

/** A run that says RUNNING while nothing is heard of it. Not a status of the engine: it is told by the run's silence. */
export const stalledLook = { word: "Stalled", tone: "stalled", glyph: "alert" } as const satisfies Look

/** In the order in which bars and lists stack them: what needs a person stands before what does not. */
export const runStatusOrder = [
  "FAILED",
  "TIMED_OUT",
  "WAITING_APPROVAL",
  "WAITING_SIGNAL",
  "PAUSED",
  "RUNNING",
  "PENDING",
  "COMPLETED",
  "CANCELLED",
] as const satisfies readonly RunStatus[]

/** A newer server may say a status this page does not know; it is shown as it was said. */
export function lookOfRun(status: string): Look {
  return (runLook as Readonly<Record<string, Look>>)[status] ?? { word: status, tone: "quiet", glyph: "dotted" }
}
