/**
 * Clocks that stand still while the run is paused (rule 13): of the run, of whole states and of cleanup. All other
 * timers run on. What is left on a stopped clock is in its `timer.cancelled`; resume sets it anew.
 */
import type { State } from "../../definition/model.ts"
import type { StoppedClock, TimerKindsPaused } from "../state.ts"
import type { Work } from "./work.ts"

const stopsWithPause: ReadonlySet<string> = new Set<TimerKindsPaused>(["run_timeout", "state_timeout", "cleanup"])

/** What ends a state that is tried once: the nearer of its two bounds. */
export function deadlineMs(def: Pick<State, "timeoutMs" | "totalTimeoutMs">): number | null {
  if (def.timeoutMs === null || def.totalTimeoutMs === null) return def.timeoutMs ?? def.totalTimeoutMs
  return Math.min(def.timeoutMs, def.totalTimeoutMs)
}

/** `stepId` null: the run's own. Begins stopped when the run is paused. */
export function startClock(work: Work, stepId: string | null, kind: TimerKindsPaused, ms: number): void {
  const timer = `tmr_${work.state.seq + 1}`
  work.emit("timer.set", stepId, { timer, kind, dueAt: work.now + ms })
  if (work.state.paused) stop(work, timer)
}

export function stopClocks(work: Work): void {
  for (const { id, kind } of [...work.state.timers.values()]) if (stopsWithPause.has(kind)) stop(work, id)
}

function stop(work: Work, id: string): void {
  const { stepId, dueAt, kind } = work.state.timers.get(id)!
  work.emit("timer.cancelled", stepId, { timer: id, remainingMs: Math.max(0, dueAt - work.now), kind })
}

export function resumeClocks(work: Work, stopped: readonly StoppedClock[]): void {
  for (const { stepId, kind, remainingMs } of stopped) {
    const visit = stepId === null ? null : work.state.visits.get(stepId)
    if (visit === null || visit?.exit === null) startClock(work, stepId, kind, remainingMs)
  }
}

/** It ticks, or stands still until the run goes on. */
export function hasClock(work: Work, stepId: string, kind: TimerKindsPaused): boolean {
  for (const id of work.state.visits.get(stepId)?.timers ?? [])
    if (work.state.timers.get(id)?.kind === kind) return true
  return work.state.stoppedClocks.some((clock) => clock.stepId === stepId && clock.kind === kind)
}
