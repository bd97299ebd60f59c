/** Whether everything stored is what was written, and what mends it. */
import type { AuditHead } from "../ports/audit-store.ts"

/** How far a walk over the whole store has come. */
export interface Progress {
  readonly runs: number
  readonly events: number
}

/** The chain over what people did: its last links are worth keeping elsewhere. */
export interface AuditReport {
  readonly entries: number
  readonly heads: AuditHead[]
  readonly findings: { readonly workspaceId: string; readonly number: number; readonly what: string }[]
}

export interface ArchiveReport {
  readonly batches: number
  readonly runs: number
  readonly events: number
  /** `runId` is empty where it is of the whole batch. */
  readonly findings: readonly { batchId: string; runId: string; seq: number; what: string }[]
}

/** `progress` is told before each run, and may throw to end the walk. */
export interface Admin {
  verify(
    options: { runId: string | null; head: string | null; archive?: boolean },
    progress?: (at: Progress) => void,
  ): Promise<{
    readonly runs: number
    readonly events: number
    readonly erased: number
    readonly findings: readonly { runId: string; seq: number; what: string }[]
    /** Null where one run was asked for, or where nothing keeps an audit. */
    readonly audit: AuditReport | null
    /** Null where it was not asked for, or where there is no archive. */
    readonly archive: ArchiveReport | null
  }>
  fsck(progress?: (at: Progress) => void): Promise<{
    readonly runs: number
    readonly findings: readonly { readonly invariant: string; readonly runId: string; readonly detail: string }[]
    /** Runs that cannot be looked at, and nothing is wrong with that: what they say has been erased. */
    readonly skipped: readonly { readonly runId: string; readonly why: string }[]
  }>
  rebuild(
    options: { runId: string | null },
    progress?: (at: Progress) => void,
  ): Promise<{
    readonly runs: number
    readonly changed: number
    readonly skipped: readonly { runId: string; why: string }[]
    /** What was counted of runs is counted anew, behind this. */
    readonly recounted: boolean
    /** The index over values is filled anew, behind this. */
    readonly reindexed: boolean
  }>
  backup(file: string): Promise<{ readonly file: string; readonly bytes: number; readonly position: number }>
  resumeAll(): Promise<{ readonly resumed: boolean }>
}
