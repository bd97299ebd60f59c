/** The contract's, as lists of their own: reading the contract for a few words would load all of its schemas. */
import type { AlertEventName, CreateAlert, WebhookDelivery } from "@waybill/contract"

export const alertKinds = ["email", "slack", "webhook"] as const satisfies readonly CreateAlert["kind"][]
export const alertEvents = [
  "run.failed",
  "run.waiting_human",
  "approval.reminded",
  "approval.warned",
  "approval.breached",
  "approval.escalated",
] as const satisfies readonly AlertEventName[]
export const deliveryStates = ["pending", "delivered", "dead"] as const satisfies readonly WebhookDelivery["state"][]
