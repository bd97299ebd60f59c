/**
 * The way from the state that ended a run down to the step where its error arose, over step rows alone. A holder fails
 * with the very error of what failed in it, so the way down is where the same error stands again.
 */
import type { RunError } from "../../run/events.ts"
import type { StepRow } from "../rows.ts"
import type { StepPlace } from "./model.ts"

/** Deeper nesting than this is not followed. */
export const pathDepthMax = 32

/** `inside`: steps of one holder that did not succeed, the first to end first. Null: the error arose in the holder. */
export function failedWithin(inside: readonly StepRow[], error: string | null): StepRow | null {
  return inside.find((step) => step.next === null && step.error !== null && step.error === error) ?? null
}

/** What was being done when the run's time was up: the steps that were ended with it, the newest first. */
export function endedWithin(inside: readonly StepRow[]): StepRow | null {
  return inside.find((step) => step.status === "CANCELLED") ?? null
}

export function stepPlace(step: StepRow): StepPlace {
  const { runId, stepId, name, action, type, branchPath } = step
  return { runId, stepId, name, type: action ?? type, branchPath }
}

/** The child run whose failure this error tells of. */
export function childOf(error: RunError): string | null {
  const childRunId = error.code === "child_failed" ? error.data?.childRunId : undefined
  return typeof childRunId === "string" ? childRunId : null
}
