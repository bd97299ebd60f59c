/**
 * The rows that lists read: projections of a run's events, written in the same commit and made again by `rebuild`.
 * Adapters store them as they are (rule 25: no logic behind the store's boundary). Times are milliseconds since the
 * epoch; JSON columns are already encoded text so that nothing encodes them twice.
 */
import type { RunOrigin } from "../run/origin.ts"
import type { RunStatus } from "../run/state.ts"

export type StepStatus =
  | "PENDING"
  | "RUNNING"
  | "WAITING_APPROVAL"
  | "WAITING_SIGNAL"
  | "SUCCEEDED"
  | "FAILED"
  | "CANCELLED"
  | "TIMED_OUT"
  | "SKIPPED"

export interface RunRow {
  readonly runId: string
  readonly seq: number
  readonly workspaceId: string
  readonly projectId: string
  readonly environment: string
  readonly workflowId: string
  readonly workflowName: string
  readonly workflowVersion: string
  readonly versionNumber: number
  readonly definitionHash: string
  readonly executionNumber: number
  readonly status: RunStatus
  /** architecture §6: `initializing, executing, retry_backoff, exhausted, agent_missing, timer, concurrency, rejected …` */
  readonly reason: string | null
  /** JSON array, at most 10 entries, of `{kind, since, until, who, stepId, name}`. */
  readonly blockedOn: string
  readonly blockedCount: number
  readonly createdAt: number
  readonly startedAt: number | null
  readonly completedAt: number | null
  readonly actor: string
  readonly triggerKind: string
  readonly origin: RunOrigin
  readonly correlationId: string
  readonly businessEventId: string | null
  readonly traceId: string
  readonly parentRunId: string | null
  readonly rootRunId: string
  readonly rerunOf: string | null
  /** JSON array of strings given at the start; tags added later lie beside history. */
  readonly tags: string
  readonly hitl: "requested" | "approved" | "rejected" | null
  readonly errorCode: string | null
  readonly errorClass: string | null
  readonly errorMessage: string | null
  readonly errorStep: string | null
  /** The event that holds the output, or null. */
  readonly outputSeq: number | null
  readonly stepCount: number
  readonly succeededCount: number
  readonly failedCount: number
  readonly retryCount: number
  readonly tokens: number
  readonly computeMs: number
  readonly costUsd: number
  readonly effectiveness: string | null
  readonly concurrencyKey: string | null
  /** Hash of the last event: the head of the chain. */
  readonly headHash: string
}

export interface StepRow {
  readonly runId: string
  readonly stepId: string
  readonly name: string
  readonly type: string
  readonly action: string | null
  /** The holder's step id: the step tree. */
  readonly parentStepId: string | null
  readonly branchPath: string
  /** JSON array of item indices, or null. */
  readonly itemIndex: string | null
  readonly visit: number
  readonly status: StepStatus
  readonly attempt: number
  readonly delivery: number
  readonly enteredAt: number
  readonly scheduledAt: number | null
  readonly startedAt: number | null
  readonly completedAt: number | null
  readonly retries: number
  readonly agent: string | null
  readonly agentRunId: string | null
  readonly spanId: string | null
  /** The events that hold input and output. */
  readonly inputSeq: number | null
  readonly outputSeq: number | null
  readonly error: string | null
  readonly tokens: number
  readonly computeMs: number
  readonly costUsd: number
  /** Where the block went on. */
  readonly next: string | null
  /** `seq` of state.entered: the order of steps in a run. */
  readonly firstSeq: number
}

export interface ApprovalRow {
  readonly approvalId: string
  readonly runId: string
  readonly stepId: string
  readonly workspaceId: string
  readonly environment: string
  readonly workflowId: string
  readonly name: string
  readonly round: number
  readonly state: "pending" | "approved" | "rejected" | "revised" | "timed_out" | "cancelled" | "superseded"
  readonly message: string
  /** The event that holds summary, form, outcomes and all that was shown. */
  readonly requestedSeq: number
  readonly approvers: string
  readonly outcomes: string
  readonly requestedBy: string
  readonly requestedAt: number
  readonly timeoutAt: number | null
  readonly dueAt: number | null
  readonly decidedAt: number | null
  /** JSON array of actor ids. */
  readonly decidedBy: string | null
  readonly outcome: string | null
  readonly comment: string | null
  readonly form: string | null
  readonly contentHash: string
  readonly bound: boolean
  readonly votes: string
}

export interface TimerRow {
  readonly runId: string
  readonly timerId: string
  readonly kind: string
  readonly stepId: string | null
  readonly dueAt: number
}

export interface SignalRow {
  readonly runId: string
  readonly name: string
  readonly signalId: string
  readonly receivedSeq: number
  readonly receivedAt: number
  readonly actor: string
  readonly state: "kept" | "consumed" | "dropped"
  /** The step that took it. */
  readonly stepId: string | null
}
