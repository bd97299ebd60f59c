/**
 * Words of the wire as plain lists: what a command or a setting may name, for whoever needs no schemas. It imports nothing,
 * and is `@waybill/contract/words` too, so that a command that prints a help text loads nothing else.
 */
export const roleNames = ["viewer", "operator", "admin"] as const
export type RoleName = (typeof roleNames)[number]

/** What a key may be narrowed to. Every route declares the one that it needs; what the role does not give no scope gives. */
export const keyScopes = [
  "runs:read",
  "runs:write",
  "approvals:decide",
  "definitions:read",
  "definitions:write",
  "metrics:read",
  "audit:read",
  "admin",
] as const
export type KeyScope = (typeof keyScopes)[number]

export const alertKinds = ["email", "slack", "webhook"] as const
export const alertEvents = [
  "run.failed",
  "run.waiting_human",
  "approval.reminded",
  "approval.warned",
  "approval.breached",
  "approval.escalated",
] as const
export type AlertEventName = (typeof alertEvents)[number]

export const deliveryStates = ["pending", "delivered", "dead"] as const
