/**
 * One line for each execution of a step (004 §5.2), once it is durable: who, how long, how it ended. Values never go
 * into it (rule 9). A failed attempt and the one after it are two lines.
 */
import type { EncodedEvent } from "../core/run/chain.ts"
import type { RunError } from "../core/run/events.ts"
import type { StepRow } from "../core/views/rows.ts"
import type { Log } from "../ports/log.ts"

const ends: ReadonlyMap<string, string> = new Map([
  ["step.succeeded", "SUCCEEDED"],
  ["step.failed", "FAILED"],
  ["step.timed_out", "TIMED_OUT"],
  ["step.cancelled", "CANCELLED"],
])

/** `steps`: the rows that the same commit wrote. */
export function logSteps(log: Log, runId: string, events: readonly EncodedEvent[], steps: readonly StepRow[]): void {
  for (let i = 0; i < events.length; i++) {
    const event = events[i]!
    const status = ends.get(event.type)
    const isAnswer = event.type === "state.exited"
    if (event.stepId === null || (status === undefined && !isAnswer)) continue
    const row = steps.find((one) => one.stepId === event.stepId)
    if (row === undefined) continue
    if (status !== undefined) logAttempt(log, runId, event, row, status, willRetry(events, i))
    else if (row.action === "human.approval") logApproval(log, runId, row)
  }
}

function logAttempt(
  log: Log,
  runId: string,
  event: EncodedEvent,
  row: StepRow,
  status: string,
  retries: boolean,
): void {
  const began = row.startedAt ?? event.at
  log.write(status === "SUCCEEDED" ? "info" : "warn", "step", {
    run_id: runId,
    step_id: row.stepId,
    attempt: row.attempt,
    executor: row.action ?? row.type,
    agent: row.agent,
    duration_ms: Math.max(0, event.at - began),
    status,
    ...(status === "FAILED" || status === "TIMED_OUT" ? { error_type: errorType(event, row, retries) } : {}),
  })
}

function logApproval(log: Log, runId: string, row: StepRow): void {
  log.write(row.status === "SUCCEEDED" ? "info" : "warn", "step", {
    run_id: runId,
    step_id: row.stepId,
    attempt: 1,
    executor: "human.approval",
    duration_ms: Math.max(0, (row.completedAt ?? row.enteredAt) - row.enteredAt),
    status: row.status,
    ...(row.status === "TIMED_OUT" ? { error_type: "timeout" } : {}),
  })
}

function willRetry(events: readonly EncodedEvent[], from: number): boolean {
  const { stepId } = events[from]!
  for (let i = from + 1; i < events.length; i++) {
    const event = events[i]!
    if (event.stepId === stepId && event.type === "step.retry_scheduled") return true
  }
  return false
}

/** Settled 29. */
function errorType(event: EncodedEvent, row: StepRow, retries: boolean): string {
  const { error } = JSON.parse(event.payload) as { readonly error: RunError }
  if (event.type === "step.timed_out" || error.kind === "timeout") return "timeout"
  if (!retries && row.attempt > 1) return "retry_exhausted"
  return error.class === "validation_failed" ? "validation" : "agent_error"
}
