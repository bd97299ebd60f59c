/** What an audit entry says: who, what, to what, when, from where, and how it ended. */
export const auditOutcomes = ["done", "refused", "failed"] as const
export type AuditOutcome = (typeof auditOutcomes)[number]

/** An entry before it has its place in the chain. */
export interface AuditDraft {
  readonly workspaceId: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly actor: string
  /** `key:<id>`, `session:<id>`, `open`, `none`. */
  readonly credential: string
  /** `run.cancel`, `key.create` … */
  readonly action: string
  /** What it was done to: an id, or several with a blank between them; "" = nothing in particular. */
  readonly target: string
  /** Method and route, or `cli`. */
  readonly door: string
  /** Network address; "" = this machine's own command line. */
  readonly address: string
  readonly outcome: AuditOutcome
  /** HTTP status; 0 = it did not come over HTTP. */
  readonly status: number
  readonly requestId: string
  /** JSON, null = nothing further. */
  readonly detail: string | null
}
