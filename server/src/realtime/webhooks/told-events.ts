/** Which events of a run others are told of, and under which names (000, settled 29). One table; the rest is ours. */
import type { WebhookEventName } from "@waybill/contract"
import type { EventType, JsonObject } from "@waybill/engine"

export const toldEvents = {
  "run.started": ["run.started"],
  "run.completed": ["run.completed"],
  "run.failed": ["run.failed"],
  "run.timed_out": ["run.failed"],
  "run.cancelled": ["run.canceled"],
  "step.succeeded": ["step.completed"],
  "step.failed": ["step.failed"],
  "step.timed_out": ["step.failed"],
  "approval.requested": ["approval.requested", "run.waiting_human"],
  "approval.reminded": ["approval.reminded"],
  "approval.warned": ["approval.warned", "approval.breached"],
  "approval.escalated": ["approval.escalated"],
  "approval.delegated": ["approval.delegated"],
  "approval.approved": ["approval.approved"],
  "approval.rejected": ["approval.rejected"],
  "approval.revised": ["approval.revised"],
  "approval.timed_out": ["approval.timed_out"],
} as const satisfies { readonly [Type in EventType]?: readonly WebhookEventName[] }

/** One event of ours has two names where its payload says which: due soon, or not decided when it was due. */
export function isSaidBy(name: WebhookEventName, payload: JsonObject): boolean {
  if (name === "approval.warned") return payload.kind === "warn"
  if (name === "approval.breached") return payload.kind === "due"
  return true
}

export type ToldType = keyof typeof toldEvents

export function isTold(type: string): type is ToldType {
  return Object.hasOwn(toldEvents, type)
}
