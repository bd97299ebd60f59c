/** What the verbs over runs need. They translate a request into a command, and an outcome into an answer; nothing more. */
import type { EncodedEvent } from "../../core/run/chain.ts"
import type { ApprovalRow } from "../../core/views/rows.ts"
import type { Outcome } from "../../runtime/envelope.ts"
import type { Runtime } from "../../runtime/runtime.ts"
import type { Idempotency } from "./idempotency.ts"
import type { StartRate } from "./start-rate.ts"

export interface RunUseCasePorts {
  readonly runtime: Runtime
  readonly idempotency: Idempotency
  /** The one that these verbs are of. */
  readonly workspaceId: string
  readonly projectId: string
  readonly waybillVersion: string
  /** The variables that `recordEnv` names (settled 2). */
  readonly recordedEnv: { readonly [name: string]: string }
  /** How fast backfills may come; absent: as fast as they do. */
  readonly backfillStarts?: StartRate
  /** An approval as it lies in the store, for the answer to who came second. */
  approval(approvalId: string): Promise<ApprovalRow | null>
  /**
   * All events of a run that lies in the archive, fetched from there; null: it does not. Absent: there is no archive.
   * @throws ArchiveUnavailable, ArchiveDamaged
   */
  readonly archived?: (runId: string) => Promise<readonly EncodedEvent[] | null>
  /** Its row is there, whatever became of its events. */
  hasRun(runId: string): Promise<boolean>
}

export type Committed = Extract<Outcome, { kind: "committed" }>
