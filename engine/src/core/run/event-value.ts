/** The one value that an event brings into the run (rule 18: a value is stored once, others point at its `seq`). */
import type { EventPayloads, EventType, Stored } from "./events.ts"

/** Null when the event brings none. */
export function broughtValue(event: { readonly type: EventType; readonly payload: unknown }): Stored | null {
  switch (event.type) {
    case "run.created":
      return (event.payload as EventPayloads["run.created"]).input
    case "run.completed":
      return (event.payload as EventPayloads["run.completed"]).output
    case "step.scheduled":
      return (event.payload as EventPayloads["step.scheduled"]).input
    case "step.succeeded":
      return (event.payload as EventPayloads["step.succeeded"]).output
    case "signal.received":
      return (event.payload as EventPayloads["signal.received"]).data
    case "child.finished":
      return (event.payload as EventPayloads["child.finished"]).output
    case "scope.opened":
      return (event.payload as EventPayloads["scope.opened"]).items ?? null
    case "context.written":
      return (event.payload as EventPayloads["context.written"]).value ?? null
    case "approval.requested":
      return (event.payload as EventPayloads["approval.requested"]).summary
    case "approval.approved":
    case "approval.rejected":
    case "approval.revised": {
      const { outcome, decidedBy, comment, form, contentHash, waitedMs } =
        event.payload as EventPayloads["approval.approved"]
      return { value: { outcome, decidedBy, comment, form, contentHash, waitedSeconds: waitedMs / 1000 } }
    }
    default:
      return null
  }
}
