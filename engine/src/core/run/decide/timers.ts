/** Timers only wake; whether a deadline has passed is asked of the stored due time in every decision (rule 15). */
import type { Rejection } from "../commands.ts"
import type { Timer } from "../state.ts"
import { approvalTimer } from "./approvals.ts"
import { redeliver } from "./attempts.ts"
import { stopScope, unwindRun, unwindVisit } from "./unwind.ts"
import { listenTimedOut } from "./waits.ts"
import type { Work } from "./work.ts"

const deadlines: ReadonlySet<Timer["kind"]> = new Set([
  "run_timeout",
  "state_timeout",
  "approval_timeout",
  "listen_timeout",
  "cleanup",
])

/** Before anything else is decided: deadlines that have passed have passed, whoever comes first (rule 15). */
export function expireDeadlines(work: Work): void {
  if (work.state.timers.size === 0) return
  const due = [...work.state.timers.values()]
    .filter((timer) => timer.dueAt <= work.now && deadlines.has(timer.kind))
    .sort((a, b) => a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1))
  for (const timer of due) if (work.state.timers.has(timer.id)) fire(work, timer)
}

export function fireTimer(work: Work, id: string): Rejection | null {
  const timer = work.state.timers.get(id)
  if (timer === undefined) return { code: "timer_gone", message: `timer ${id} is not set` }
  if (timer.dueAt > work.now)
    return { code: "timer_early", message: `timer ${id} is due in ${timer.dueAt - work.now} ms` }
  fire(work, timer)
  return null
}

/** The rest of a decision comes now, by whichever way it was told. */
export function fireContinue(work: Work): void {
  for (const timer of [...work.state.timers.values()]) if (timer.kind === "continue") fire(work, timer)
}

export function fire(work: Work, timer: Timer): void {
  work.emit("timer.fired", timer.stepId, { timer: timer.id })
  const visit = timer.stepId === null ? undefined : work.state.visits.get(timer.stepId)
  switch (timer.kind) {
    case "run_timeout":
      return unwindRun(work, { kind: "run_timeout", reason: null, force: false })
    case "state_timeout":
      if (visit !== undefined) unwindVisit(work, visit, { kind: "state_timeout", reason: null, force: false })
      return
    case "listen_timeout":
      if (visit !== undefined) listenTimedOut(work, visit)
      return
    case "redeliver":
      if (visit !== undefined && !work.state.paused) redeliver(work, visit)
      return
    case "cleanup":
      return cleanupTimedOut(work, timer)
    case "wait":
    case "retry":
    case "loop_delay":
    case "continue":
      return
    default:
      if (visit !== undefined) approvalTimer(work, visit, timer)
  }
}

function cleanupTimedOut(work: Work, timer: Timer): void {
  const visit = work.state.visits.get(timer.stepId!)
  for (const id of [...(visit?.holds?.open ?? [])]) {
    const scope = work.state.scopes.get(id)!
    if (!scope.shielded) continue
    const cause = { kind: "cleanup_timeout", reason: null, force: true } as const
    work.emit("scope.unwinding", null, { scope: id, cause, step: null })
    stopScope(work, scope, cause)
  }
}
