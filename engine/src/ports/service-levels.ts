/** What Waybill is to keep itself (000, SLOs): events are told in time, and the evidence of runs is there. */

export interface ServiceQuestion {
  readonly workspaceId: string
  /** Messages made, and runs begun, in [from, to), in milliseconds since the epoch. */
  readonly from: number
  readonly to: number
  readonly now: number
}

/** 000: event delivery < 5 s for 99 %, diagnostics for 99.9 % of runs. */
export const deliveredWithinMs = 5_000
export const deliveryTarget = 0.99
export const evidenceTarget = 0.999

export interface DeliveryLevel {
  readonly owed: number
  readonly delivered: number
  readonly deliveredInTime: number
  readonly dead: number
  /** Delivered in time, of those whose time is over; null: there are none. */
  readonly share: number | null
  /** False: the newest of them only. */
  readonly exact: boolean
}

export interface EvidenceLevel {
  /** That ended. */
  readonly runs: number
  /** Cleared away by retention, with a seal. */
  readonly expired: number
  /** Some of its events are not there, and nobody cleared them away. */
  readonly missing: number
  /** With all of their events, of those that are kept; null: there are none. */
  readonly share: number | null
  readonly exact: boolean
}

export interface ServiceLevels {
  readonly delivery: DeliveryLevel
  readonly evidence: EvidenceLevel
}
