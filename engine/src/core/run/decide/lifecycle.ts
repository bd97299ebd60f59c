/** Commands about the run as a whole: start, slot, pause, resume, cancel, retry now. */
import type { Command, Rejection } from "../commands.ts"
import type { Cause } from "../events.ts"
import { rootScope, type Visit } from "../state.ts"
import { redeliver } from "./attempts.ts"
import { resumeClocks, startClock, stopClocks } from "./clocks.ts"
import { isFinished } from "./permitted.ts"
import { fire } from "./timers.ts"
import { stopScope } from "./unwind.ts"
import type { Work } from "./work.ts"

export function startRun(work: Work, command: Extract<Command, { kind: "start-run" }>): void {
  work.emit("run.created", null, command.created)
  if (command.paused) work.emit("run.paused", null, { reason: "started paused" })
  if (command.slotFree) return begin(work)
  work.emit("run.queued", null, { key: command.created.concurrency!.key })
}

function begin(work: Work): void {
  const { created } = work.state
  work.emit("run.started", null, {
    slot: created.concurrency?.key ?? null,
    state: created.from?.state ?? work.definition.block.start,
  })
  if (created.timeoutMs !== null) startClock(work, null, "run_timeout", created.timeoutMs)
}

export function grantSlot(work: Work): Rejection | null {
  if (!work.state.queued) return { code: "run_not_queued", message: "the run does not wait for a slot" }
  begin(work)
  return null
}

export function pause(work: Work, reason: string | null): Rejection | null {
  if (work.state.paused) return { code: "run_paused", message: "the run is paused already" }
  if (work.state.cause !== null) return { code: "run_cancelling", message: "the run is being cancelled" }
  work.emit("run.paused", null, { reason })
  stopClocks(work)
  gateChildren(work, true)
  return null
}

/** The children that are awaited stand still with their parent, and go on with it (rule 13). */
function gateChildren(work: Work, paused: boolean): void {
  for (const { phase } of work.state.visits.values())
    if (phase.kind === "child") work.effects.push({ kind: "gate-child", childRunId: phase.childRunId, paused })
}

export function resume(work: Work, reason: string | null): Rejection | null {
  if (!work.state.paused) return { code: "run_not_paused", message: "the run is not paused" }
  const stopped = [...work.state.stoppedClocks]
  work.emit("run.resumed", null, { reason })
  resumeClocks(work, stopped)
  openGate(work)
  return null
}

/** What has waited at the gate goes on. */
function openGate(work: Work): void {
  for (const visit of [...work.state.visits.values()]) if (visit.phase.kind === "queued") redeliver(work, visit)
  for (const visit of work.state.visits.values())
    if (visit.phase.kind === "holding" && visit.holds !== null) work.state.ready.add(`v:${visit.stepId}`)
  gateChildren(work, false)
}

export function cancel(work: Work, cause: Cause): Rejection | null {
  const root = work.state.scopes.get(rootScope)!
  if (root.unwinding !== null && (!cause.force || root.unwinding.force))
    return { code: "run_cancelling", message: "the run is being ended already", data: { cause: root.unwinding.kind } }
  if (isFinished(work.state)) return { code: "run_finished", message: "the run has ended" }
  work.emit("run.cancel_requested", null, { cause })
  // A cancelled run is not held by its pause: cleanup must be able to run.
  const stopped = [...work.state.stoppedClocks]
  const wasPaused = work.state.paused
  if (wasPaused) work.emit("run.resumed", null, { reason: "cancelled" })
  stopScope(work, root, cause)
  if (!wasPaused) return null
  // Cleanup that had begun goes on; all else has just been stopped.
  resumeClocks(
    work,
    stopped.filter(({ kind }) => kind === "cleanup"),
  )
  openGate(work)
  return null
}

export function retryNow(work: Work, stepId: string | null): Rejection | null {
  const waiting = [...work.state.visits.values()].filter(
    (visit) =>
      (stepId === null || visit.stepId === stepId) &&
      (visit.phase.kind === "backoff" || visit.phase.kind === "redelivery"),
  )
  if (waiting.length === 0)
    return {
      code: "nothing_to_retry",
      message: stepId === null ? "no step of this run waits for a retry" : `step ${stepId} does not wait for a retry`,
    }
  for (const visit of waiting) wake(work, visit)
  return null
}

function wake(work: Work, visit: Visit): void {
  const timer = visit.phase.kind === "backoff" || visit.phase.kind === "redelivery" ? visit.phase.timer : null
  const set = timer === null ? undefined : work.state.timers.get(timer)
  if (set !== undefined) return fire(work, set)
  work.emit("run.repaired", visit.stepId, { leaf: visit.stepId, why: "retry now" })
}
