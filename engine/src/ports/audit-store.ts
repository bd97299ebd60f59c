/** What was done and by whom, for good: appended, searched, checked; never changed. */

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

export interface AuditEntry extends AuditDraft {
  /** From 1, without gaps in its workspace. */
  readonly number: number
  readonly prevHash: string
  readonly hash: string
}

export interface AuditQuestion {
  readonly workspaceId: string
  readonly actor: string | null
  /** The action, or, ending in `.`, all that begin so. */
  readonly action: string | null
  readonly target: string | null
  readonly outcome: AuditOutcome | null
  /** [from, to), milliseconds since the epoch. */
  readonly from: number | null
  readonly to: number | null
  /** Only entries with a lower number; null = from the newest. */
  readonly before: number | null
  readonly limit: number
}

export interface AuditHead {
  readonly workspaceId: string
  readonly number: number
  readonly hash: string
}

export interface AuditStore {
  /** Durable, all or none, when it is fulfilled. */
  append(drafts: readonly AuditDraft[]): Promise<void>
  /** Newest first. */
  list(question: AuditQuestion): Promise<readonly AuditEntry[]>
  /** The last of each chain, as it was written down beside it; by workspace. */
  heads(): Promise<readonly AuditHead[]>
  /** Oldest first, with a higher number than `after`. */
  chain(workspaceId: string, after: number, limit: number): Promise<readonly AuditEntry[]>
}
