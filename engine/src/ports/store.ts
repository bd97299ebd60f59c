/**
 * Where the truth lies: events and their projections, committed together (architecture §2–§4).
 * A commit ends durable, refused or unknown (rule 3). The store has no logic of its own: rows come from core/views.
 * Every call is asynchronous and takes plain data, so that a thread, a socket or the simulator can stand between.
 */
import type { EncodedEvent } from "../core/run/chain.ts"
import type { ApprovalRow, RunRow, SignalRow, StepRow, TimerRow } from "../core/views/rows.ts"

/** What one run adds in one commit. `expectedSeq` 0 = the run must not exist. */
export interface RunCommit {
  readonly runId: string
  readonly expectedSeq: number
  readonly events: readonly EncodedEvent[]
  readonly run: RunRow
  readonly steps: readonly StepRow[]
  readonly approvals: readonly ApprovalRow[]
  readonly signals: readonly SignalRow[]
  readonly timersSet: readonly TimerRow[]
  readonly timersCancelled: readonly string[]
  /** Encoded state at the last of these events, when it is time for one (rule 12). */
  readonly snapshot: { readonly seq: number; readonly codec: string; readonly state: string } | null
  readonly blobs: readonly BlobWrite[]
  readonly answers: readonly IdempotentAnswer[]
  /** What this run owes another (rule 11): kept until the other has taken it. */
  readonly messagesOut: readonly MessageRow[]
  /** Messages this commit took in: removed. */
  readonly messagesIn: readonly string[]
  /** A definition-level key with its life (rule 24). */
  readonly definitionKey: {
    readonly workspaceId: string
    readonly workflowId: string
    readonly key: string
    readonly expiresAt: number
  } | null
}

export interface BlobWrite {
  readonly hash: string
  readonly json: string
}

/** Rule 24: unique by `scope` (workspace, credential, method + route template) and key; stored with the effect. */
export interface IdempotentAnswer {
  readonly scope: string
  readonly key: string
  readonly bodyHash: string
  readonly runId: string
  readonly answer: string
  readonly expiresAt: number
}

export interface MessageRow {
  /** `source run : seq : n` — the second delivery is found by it. */
  readonly messageId: string
  readonly toRunId: string
  readonly kind: "start-child" | "cancel-child" | "gate-child" | "finish-child"
  readonly body: string
}

export type CommitOutcome =
  | { readonly kind: "durable"; readonly firstPosition: number }
  /** Nothing of the batch is stored. `runId`: the one that caused it, when it is known. */
  | {
      readonly kind: "refused"
      readonly runId: string | null
      readonly code: "stale_seq" | "duplicate_key" | "disk_full" | "busy" | "read_only" | "constraint" | "epoch_lost"
      readonly message: string
    }
  /** Nobody can say: the process must not answer and must not go on (rule 3). */
  | { readonly kind: "unknown"; readonly message: string }

export interface StoredRun {
  readonly runId: string
  readonly snapshot: { readonly seq: number; readonly state: string } | null
  /** Those after the snapshot, oldest first: all of them, or as many as were asked for. */
  readonly events: readonly EncodedEvent[]
  /** Of its last event, which `headHash` is the hash of. */
  readonly seq: number
  readonly headHash: string
  /** Retention took its events. */
  readonly isCleared?: boolean
}

export interface RunStore {
  /** One transaction, one fsync, many runs. Positions are stamped in commit order (rule 17). */
  commit(commits: readonly RunCommit[]): Promise<CommitOutcome>
  /** Null = no such run. `codec`: snapshots of another codec are ignored. Behind `eventsMax` events, see `eventsAfter`. */
  load(runId: string, codec: string, eventsMax?: number): Promise<StoredRun | null>
  /** Of a run that may have gone on since it was loaded, oldest first; empty at its end, or when it is gone. */
  eventsAfter(runId: string, seq: number, limit: number): Promise<readonly EncodedEvent[]>
  blobs(hashes: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** Runs that are not final, by id, for recovery; bounded, `after` is the last id seen. */
  openRuns(after: string | null, limit: number): Promise<readonly OpenRun[]>
  /** Due at `before` or earlier, ordered by due time and timer id. */
  dueTimers(before: number, limit: number): Promise<readonly TimerRow[]>
  /** In order of their commits. `after`: the last id seen; one that is gone by now means from the first. */
  messages(after: string | null, limit: number): Promise<readonly MessageRow[]>
  /** Removes messages that ask nothing any more: their run has ended, or has taken them before. */
  forgetMessages(messageIds: readonly string[]): Promise<void>
  findAnswer(scope: string, key: string, now: number): Promise<IdempotentAnswer | null>
  findDefinitionKey(workspaceId: string, workflowId: string, key: string, now: number): Promise<string | null>
  /** The next execution number by `executionNumberKey`; the engine counts on from there. Absent = 1. */
  executionNumbers(): Promise<ReadonlyMap<string, number>>
  keepLateResult(
    runId: string,
    stepId: string,
    attempt: number,
    fence: number,
    at: number,
    result: string,
  ): Promise<void>
  position(): number
  close(): Promise<void>
}

/** Execution numbers count per definition (settled 1). */
export function executionNumberKey(workspaceId: string, environment: string, workflowId: string): string {
  return JSON.stringify([workspaceId, environment, workflowId])
}

export interface OpenRun {
  readonly runId: string
  readonly status: string
  /** As in its row: tells what only waits from what has to be resumed. */
  readonly reason: string | null
  readonly workspaceId: string
  readonly workflowId: string
  readonly concurrencyKey: string | null
  readonly createdAt: number
}
