/** What is cleared away when its time is over, and how far that is. When it is due is the policy's, not decided here. */
import type { RetentionClass } from "../core/policy/retention.ts"
import type { AuditDraft } from "./audit-store.ts"

export interface RetentionRow {
  readonly workspaceId: string
  /** From 1. */
  readonly version: number
  /** JSON. */
  readonly policy: string
  readonly note: string | null
  readonly at: number
  readonly by: string
}

/** Everything of the class that finished up to here, and among equals up to that key, is gone. */
export interface RetentionProgress {
  readonly workspaceId: string
  readonly class: RetentionClass
  readonly completedAt: number
  readonly runKey: number
}

export interface PurgePreview {
  /** At most `most`. */
  readonly runs: number
  /** When the first and the last of them finished. */
  readonly oldest: number | null
  readonly newest: number | null
}

export interface Purged {
  /** That are through: a long one takes several calls. */
  readonly runs: number
  /** Whose payloads, or which, are gone; of the class `logs` lines. */
  readonly events: number
  readonly isDone: boolean
}

export interface Sampled {
  /** That went. */
  readonly runs: number
  readonly events: number
  readonly isDone: boolean
}

export interface PreviewedSampling {
  readonly runs: number
  /** False: there are more than were looked at. */
  readonly isExact: boolean
}

/** Of one workflow, since sampling took its first run. */
export interface SampledCount {
  readonly workflowId: string
  readonly runs: number
  readonly events: number
  /** The day, UTC. */
  readonly since: string
}

export interface SamplingStore {
  /**
   * Of what ended well from `since` on and up to `until` the next, at most so many looked at, and the place it came to, in
   * one commit. What a person had to do with, and what has relatives, is not asked for.
   */
  sample(
    workspaceId: string,
    bounds: { readonly since: number; readonly until: number; readonly most: number; readonly now: number },
    goes: (run: { readonly runId: string; readonly workflowId: string }) => boolean,
  ): Promise<Sampled>
  /** How many of them would go now, of at most so many looked at. */
  preview(
    workspaceId: string,
    bounds: { readonly since: number; readonly until: number; readonly most: number },
    goes: (run: { readonly runId: string; readonly workflowId: string }) => boolean,
  ): Promise<PreviewedSampling>
  /** Those with the most runs first. */
  counts(workspaceId: string, limit: number): Promise<readonly SampledCount[]>
}

export interface RetentionStore {
  /** The newest of each workspace. */
  policies(): Promise<readonly RetentionRow[]>
  versions(workspaceId: string, limit: number): Promise<readonly RetentionRow[]>
  /** False: another one of that version came first. */
  put(row: RetentionRow, audit: AuditDraft): Promise<boolean>
  progress(): Promise<readonly RetentionProgress[]>
  /** Workspaces that have runs. */
  workspaces(): Promise<readonly string[]>
  preview(workspaceId: string, name: RetentionClass, until: number, most: number): Promise<PurgePreview>
  /**
   * The next of what finished at or before `until`, at most so many runs, and the place it came to, in one commit.
   * `onlyArchived`: what is not in the archive stays.
   */
  purge(
    workspaceId: string,
    name: RetentionClass,
    until: number,
    most: number,
    now: number,
    onlyArchived?: boolean,
  ): Promise<Purged>
}
