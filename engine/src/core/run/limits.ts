/**
 * Bounds of one run and one decision (rules 1, 20, 22). Every number is a bound, not a target. A decision is one turn of
 * the loop, which all other runs wait for: 100 events take some two milliseconds, and as long to be stored.
 */
export interface Limits {
  readonly transitionsPerDecision: number
  readonly eventsPerDecision: number
  readonly bytesPerDecision: number
  readonly idleTransitions: number
  /** What the expressions of one state may take; a decision that has spent half of it begins no further state. */
  readonly expressionStepsPerDecision: number
  readonly inlineBytesMax: number
  readonly valueBytesMax: number
  readonly contextBytesMax: number
  readonly mailboxMax: number
  readonly mailboxBytesMax: number
  readonly deliveriesMax: number
  readonly concurrencyMax: number
  readonly childDepthMax: number
  readonly graceMs: number
  readonly cleanupMs: number
  readonly redeliveryDelayMs: number
}

export const defaultLimits: Limits = {
  transitionsPerDecision: 50,
  eventsPerDecision: 100,
  bytesPerDecision: 1 << 20,
  idleTransitions: 10_000,
  expressionStepsPerDecision: 200_000,
  inlineBytesMax: 64 << 10,
  valueBytesMax: 8 << 20,
  contextBytesMax: 32 << 20,
  mailboxMax: 1_000,
  mailboxBytesMax: 4 << 20,
  deliveriesMax: 3,
  concurrencyMax: 1_000,
  childDepthMax: 32,
  graceMs: 10_000,
  cleanupMs: 300_000,
  redeliveryDelayMs: 500,
}
