/** 002's words for a step (settled 29), and its seconds. */
import type { ExecutionTimelineEntry } from "@waybill/contract"
import type { StepStatus } from "@waybill/engine"

export const stepWords = {
  PENDING: "pending",
  RUNNING: "running",
  WAITING_SIGNAL: "running",
  WAITING_APPROVAL: "running",
  SUCCEEDED: "completed",
  FAILED: "failed",
  TIMED_OUT: "failed",
  CANCELLED: "skipped",
  SKIPPED: "skipped",
} as const satisfies { readonly [Status in StepStatus]: ExecutionTimelineEntry["status"] }

export function seconds(ms: number): number {
  return Math.round(ms) / 1000
}

/** Null until it has an end. */
export function secondsBetween(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : seconds(Math.max(0, to - from))
}
