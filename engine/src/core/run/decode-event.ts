/** From the stored form back to an event. Unknown types and higher versions are for quarantine (rule 16), never a crash. */
import type { EncodedEvent } from "./chain.ts"
import type { EventType, RunEvent } from "./events.ts"

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

const known: ReadonlySet<string> = new Set(eventTypes)

export type Decoded =
  | { readonly ok: true; readonly event: RunEvent }
  | { readonly ok: false; readonly why: string; readonly erased?: true }

/** Nothing is wrong with such a history; it can be verified, but not be folded any more (rule 10). */
function erased(seq: number): Decoded {
  return { ok: false, why: `the payload of event ${seq} has been erased`, erased: true }
}

export function decodeEvent(
  row: Pick<EncodedEvent, "seq" | "v" | "type" | "at" | "actor" | "stepId"> & { readonly payload: string | null },
): Decoded {
  if (row.v !== 1) return { ok: false, why: `event ${row.seq} has version ${row.v}; this Waybill reads version 1` }
  if (!known.has(row.type)) return { ok: false, why: `event ${row.seq} is of the unknown type ${row.type}` }
  if (row.payload === null) return erased(row.seq)
  try {
    const payload: unknown = JSON.parse(row.payload)
    // As a store gives it that has only texts.
    if (payload === null) return erased(row.seq)
    return {
      ok: true,
      event: {
        v: 1,
        seq: row.seq,
        type: row.type,
        at: row.at,
        actor: row.actor,
        stepId: row.stepId,
        payload,
      } as RunEvent,
    }
  } catch {
    return { ok: false, why: `the payload of event ${row.seq} is not JSON` }
  }
}
