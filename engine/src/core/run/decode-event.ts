/** From the stored form back to an event. Unknown types and higher versions are for quarantine (rule 16), never a crash. */
import type { JsonObject } from "../json.ts"
import type { EncodedEvent } from "./chain.ts"
import type { EventType, RunEvent } from "./events.ts"
import { eventVersion, type Upcasters, upcast, upcasters } from "./upcast.ts"

export const eventTypes: readonly EventType[] = [
  "run.created",
  "run.queued",
  "run.started",
  "run.paused",
  "run.resumed",
  "run.cancel_requested",
  "run.repaired",
  "run.completed",
  "run.failed",
  "run.cancelled",
  "run.timed_out",
  "state.entered",
  "state.exited",
  "scope.opened",
  "branch.started",
  "branch.completed",
  "item.started",
  "item.completed",
  "block.started",
  "block.completed",
  "loop.iterated",
  "scope.unwinding",
  "step.scheduled",
  "step.started",
  "step.succeeded",
  "step.failed",
  "step.timed_out",
  "step.cancelled",
  "step.skipped",
  "step.retry_scheduled",
  "step.lost",
  "step.redelivered",
  "step.agent_missing",
  "step.agent_found",
  "timer.set",
  "timer.fired",
  "timer.cancelled",
  "approval.requested",
  "approval.voted",
  "approval.delegated",
  "approval.reminded",
  "approval.warned",
  "approval.escalated",
  "approval.approved",
  "approval.rejected",
  "approval.revised",
  "approval.timed_out",
  "approval.cancelled",
  "approval.superseded",
  "wait.opened",
  "wait.closed",
  "signal.received",
  "signal.consumed",
  "signal.dropped",
  "event.emitted",
  "child.started",
  "child.finished",
  "context.written",
]

const types: ReadonlySet<string> = new Set(eventTypes)

function isEventType(type: string): type is EventType {
  return types.has(type)
}

export type Decoded =
  | { readonly ok: true; readonly event: RunEvent }
  | { readonly ok: false; readonly why: string; readonly erased?: true }

/** Nothing is wrong with such a history; it can be verified, but not be folded any more (rule 10). */
function erased(seq: number): Decoded {
  return { ok: false, why: `the payload of event ${seq} has been erased`, erased: true }
}

export function decodeEvent(
  row: Pick<EncodedEvent, "seq" | "v" | "type" | "at" | "actor" | "stepId"> & { readonly payload: string | null },
  known: Upcasters = upcasters,
): Decoded {
  if (!isEventType(row.type)) return { ok: false, why: `event ${row.seq} is of the unknown type ${row.type}` }
  const newest = eventVersion(row.type, known)
  if (!(row.v >= 1 && row.v <= newest)) return { ok: false, why: unknownVersion(row.seq, row.v, newest) }
  if (row.payload === null) return erased(row.seq)
  try {
    const stored = JSON.parse(row.payload) as JsonObject | null
    // As a store gives it that has only texts.
    if (stored === null) return erased(row.seq)
    const payload = row.v === newest ? stored : upcast(row.type, row.v, stored, known)
    const { seq, type, at, actor, stepId } = row
    return { ok: true, event: { v: newest, seq, type, at, actor, stepId, payload } as unknown as RunEvent }
  } catch {
    return { ok: false, why: `the payload of event ${row.seq} is not JSON` }
  }
}

function unknownVersion(seq: number, version: number, newest: number): string {
  const read = newest === 1 ? "version 1" : `versions 1 to ${newest}`
  return `event ${seq} has version ${version}; this Waybill reads ${read}`
}
