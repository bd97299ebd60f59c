/** What was done and by whom, for good: appended, searched, checked; never changed. */

import type { AuditDraft, AuditOutcome } from "../core/audit/audit-draft.ts"

export { type AuditDraft, type AuditOutcome, auditOutcomes } from "../core/audit/audit-draft.ts"

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
