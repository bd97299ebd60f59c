/** Which events of a run others are told of, and under which names (000, settled 29). One table; the rest is ours. */
import type { WebhookEventName } from "@waybill/contract"
import type { EventType } from "@waybill/engine"

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
} as const satisfies { readonly [Type in EventType]?: readonly WebhookEventName[] }

export type ToldType = keyof typeof toldEvents

export function isTold(type: string): type is ToldType {
  return Object.hasOwn(toldEvents, type)
}
