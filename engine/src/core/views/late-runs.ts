/**
 * Which runs are late: longer under way, or longer than that until they ended, than a duration target of their workflow
 * and environment allows (000, SLOs; 003, "Long-Running Processes"). As the targets judge: production alone, and no run
 * that failed or was cancelled.
 */
import type { RunRow } from "./rows.ts"
import { sortTime } from "./run-facts.ts"

/** Of several targets the strictest: a run beyond it is beyond one. */
export interface DurationLimit {
  readonly workflowId: string
  readonly environment: string
  readonly limitMs: number
}

/** `now`: milliseconds since the epoch. */
export function isLate(run: RunRow, limits: readonly DurationLimit[], now: number): boolean {
  if (run.origin !== "live" || run.status === "FAILED" || run.status === "CANCELLED") return false
  const took = Math.max(0, (run.completedAt ?? now) - sortTime(run))
  return limits.some(
    (one) => one.workflowId === run.workflowId && one.environment === run.environment && took > one.limitMs,
  )
}
