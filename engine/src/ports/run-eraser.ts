/** Takes one run away before its time, whole, because somebody asked for it. Where it lies in the archive is not known here. */
import type { AuditDraft } from "./audit-store.ts"

export interface Erasure {
  readonly runId: string
  readonly workspaceId: string
  /** When it was asked for. */
  readonly at: number
  /** What stands in the audit of it. */
  readonly audit: AuditDraft
}

export interface ErasableRun {
  /** What has not ended is not erased. */
  readonly isFinished: boolean
  readonly seq: number
  readonly headHash: string
}

export interface RunEraser {
  /** Null: there is no such run in the workspace. */
  find(workspaceId: string, runId: string): Promise<ErasableRun | null>
  /** From now on it is gone through with. Asked for twice it is the first, which is what is answered. */
  intend(erasure: Erasure): Promise<Erasure>
  /** Those that are not done, oldest first, a page behind `after`; null: of all workspaces. */
  pending(workspaceId: string | null, after?: Erasure): Promise<readonly Erasure[]>
  /**
   * The next piece of the run, oldest first, under its seal. With the last go its rows, what was sent about it and the
   * intention, and the audit tells of it: in one commit.
   */
  clear(erasure: Erasure, now: number): Promise<{ readonly events: number; readonly isDone: boolean }>
}
