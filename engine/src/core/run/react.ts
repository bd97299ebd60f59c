/**
 * What an event asks of the world, as data (architecture §2). Called right after the fold; nothing here changes the
 * state, and everything here can be found again with `owed` after a crash.
 */
import type { Effect } from "./effects.ts"
import type { RunEvent } from "./events.ts"

export function react(event: RunEvent, effects: Effect[]): void {
  switch (event.type) {
    case "timer.set":
      effects.push({
        kind: "set-timer",
        timer: event.payload.timer,
        timerKind: event.payload.kind,
        dueAt: event.payload.dueAt,
      })
      return
    case "timer.cancelled":
      effects.push({ kind: "cancel-timer", timer: event.payload.timer })
      return
    case "step.agent_missing":
      effects.push({ kind: "await-agent", stepId: event.stepId!, agent: event.payload.agent })
      return
    case "step.cancelled":
      effects.push({ kind: "dequeue", stepId: event.stepId! })
      return
    default:
      return
  }
}
