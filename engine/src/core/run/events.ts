/**
 * What can happen to a run: the only write model (architecture §3, rule 16). Past tense, `subject.verb`.
 * Everything that was computed is in the event (rule 2): rendered input, chosen route, absolute due times, ids.
 * A value is stored once (rule 18): later events point at the `seq` that brought it.
 * Adding a field is allowed; changing the meaning of one needs a higher `v` and an upcaster.
 */
import type { FailureClass, FailureKind, ResultMode, StateType } from "../definition/model.ts"
import type { Json, JsonObject } from "../json.ts"

/** A value in an event: inline, or by content hash in the blob store when it is larger than `inlineBytesMax` (rule 20). */
export type Stored = { readonly value: Json } | { readonly blob: string; readonly bytes: number }

/** dsl.md §4 error object. `type` is a URI-like name, `code` is stable and machine-readable. */
export interface RunError {
  readonly type: string
  readonly class: FailureClass
  readonly kind?: FailureKind
  readonly code: string
  readonly title: string
  readonly detail: string
  /** Name of the state that failed, with its branch path. */
  readonly step?: string
  readonly attempt?: number
  readonly cause?: RunError
  readonly retryAfterMs?: number
  readonly stack?: string
  /** Evidence of a failed expression or schema: position, values seen, names that could have been used. */
  readonly data?: JsonObject
}

export interface Usage {
  readonly tokens?: number
  readonly computeMs?: number
  readonly costUsd?: number
  /** Parts of these sums, by model, in the order in which an agent first named them. */
  readonly models?: readonly ModelUse[]
}

/** What an agent says of a model that it asked: its words, redacted like its error's. */
export interface ModelUse {
  readonly model: string
  readonly provider?: string
  /** What it was asked with the last time, as a temperature. */
  readonly parameters?: JsonObject
  readonly tokens?: number
  readonly computeMs?: number
  readonly costUsd?: number
}

/** Why a scope is being left early (rule 7). The first cause recorded names the end state. */
export interface Cause {
  readonly kind:
    | "cancel"
    | "parent_cancel"
    | "superseded"
    | "rejected"
    | "run_timeout"
    | "state_timeout"
    | "fail_fast"
    | "joined"
    | "run_failed"
    | "cleanup_timeout"
  readonly reason: string | null
  readonly force: boolean
}

export type StepEnd = "SUCCEEDED" | "FAILED" | "CANCELLED" | "TIMED_OUT" | "SKIPPED"
export type ScopeKind = "branch" | "item" | "try" | "finally" | "do" | "cancel"
export type BlockKind = "try" | "finally" | "do" | "cancel"
export type TimerKind =
  | "wait"
  | "retry"
  | "redeliver"
  | "loop_delay"
  | "listen_timeout"
  | "approval_timeout"
  | "approval_due"
  | "approval_warn"
  | "approval_reminder"
  | "approval_escalation"
  | "state_timeout"
  | "run_timeout"
  | "cleanup"
  /** The rest of a decision that hit its bound. */
  | "continue"

export interface AgentPin {
  readonly contractHash: string
  readonly sourceHash: string
}

export interface RunCreated {
  readonly workspaceId: string
  readonly projectId: string
  readonly environment: string
  readonly workflowId: string
  readonly workflowName: string
  /** The author's label; `versionNumber` counts within the definition (settled 1). */
  readonly workflowVersion: string
  readonly versionNumber: number
  readonly definitionHash: string
  readonly executionNumber: number
  readonly input: Stored
  readonly trigger: {
    readonly kind: "api" | "manual" | "schedule" | "event" | "parent" | "rerun"
    readonly [key: string]: Json
  }
  readonly correlationId: string
  readonly businessEventId: string | null
  readonly traceId: string
  readonly spanId: string
  readonly tags: readonly string[]
  readonly parentRunId: string | null
  readonly parentStepId: string | null
  readonly rootRunId: string
  readonly rerunOf: string | null
  readonly depth: number
  readonly waybillVersion: string
  readonly recordedEnv: { readonly [name: string]: string }
  readonly agents: { readonly [name: string]: AgentPin }
  readonly concurrency: {
    readonly key: string
    readonly limit: number
    readonly onLimit: "queue" | "cancelNew" | "cancelRunning"
  } | null
  readonly idempotencyKey: string | null
  readonly timeoutMs: number | null
  /** A re-run from a step starts with another run's context and at another state. */
  readonly from: { readonly state: string; readonly context: Stored; readonly reused: readonly string[] } | null
}

export interface Counts {
  readonly steps: number
  readonly succeeded: number
  readonly failed: number
  readonly cancelled: number
  readonly timedOut: number
  readonly skipped: number
  readonly retries: number
  readonly tokens: number
  readonly computeMs: number
  readonly costUsd: number
}

interface Terminal {
  readonly counts: Counts
  /** Mail that nobody waited for (rule 22). */
  readonly unconsumedSignals?: readonly { readonly name: string; readonly id: string }[]
  readonly suppressed?: readonly RunError[]
}

/** Payloads by type. The header carries run, seq, at, actor and stepId. */
export interface EventPayloads {
  "run.created": RunCreated
  "run.queued": { readonly key: string }
  /** `state`: where the top level begins. */
  "run.started": { readonly slot: string | null; readonly state: string }
  "run.paused": { readonly reason: string | null }
  "run.resumed": { readonly reason: string | null }
  "run.cancel_requested": { readonly cause: Cause }
  "run.repaired": { readonly leaf: string; readonly why: string }
  /** `outputSeq`: the event whose value is the output; else the value itself. */
  "run.completed": Terminal & {
    readonly outputSeq: number | null
    readonly output: Stored | null
    readonly effectiveness?: JsonObject
  }
  "run.failed": Terminal & { readonly error: RunError }
  "run.cancelled": Terminal & { readonly cause: Cause }
  "run.timed_out": Terminal & { readonly error: RunError }

  "state.entered": {
    readonly scope: string
    readonly name: string
    readonly visit: number
    readonly type: StateType
    readonly action: string | null
    readonly branchPath: string
    readonly index: readonly number[] | null
  }
  /** `next` is the chosen route; null = the block ends. `route` says why (condition, catch clause, outcome). */
  "state.exited": {
    readonly status: StepEnd
    readonly next: string | null
    readonly route?: string
    readonly error?: RunError
    /** The error was taken by a catch clause: the block goes on at `next`. */
    readonly handled?: boolean
    /** The approval outcome that sent the scope back (rule 34). */
    readonly outcome?: string
    /** Errors behind the one that counts (rule 7). */
    readonly suppressed?: readonly RunError[]
  }
  /** A state that holds blocks has begun; `count` = branches, items or 0. Inline items are brought here. */
  "scope.opened": {
    readonly kind: "parallel" | "foreach" | "loop" | "try"
    readonly count: number
    readonly items?: Stored
  }
  /** `start`: the state its block begins with. */
  "branch.started": { readonly scope: string; readonly name: string; readonly start: string }
  "branch.completed": {
    readonly scope: string
    readonly name: string
    readonly status: StepEnd
    readonly error?: RunError
    readonly merged: boolean
  }
  "item.started": { readonly scope: string; readonly index: number; readonly start: string }
  "item.completed": {
    readonly scope: string
    readonly index: number
    readonly status: StepEnd
    readonly error?: RunError
    readonly merged: boolean
  }
  "block.started": { readonly scope: string; readonly kind: BlockKind; readonly index: number; readonly start: string }
  "block.completed": {
    readonly scope: string
    readonly kind: BlockKind
    readonly index: number
    readonly status: StepEnd
    readonly error?: RunError
  }
  "loop.iterated": { readonly index: number; readonly more: boolean }
  /**
   * `step`: only that visit is unwound (its own timeout, a failed join); else the whole scope. `error`: what it fails
   * with, where no branch or item brought that.
   */
  "scope.unwinding": {
    readonly scope: string
    readonly cause: Cause
    readonly step: string | null
    readonly error?: RunError
  }

  /** No code of this agent is there, or none with the contract that the run pins: it waits until there is (rule 21). */
  "step.agent_missing": { readonly agent: string }
  "step.agent_found": { readonly agent: string }
  /** On retries `inputSeq` points at the first attempt's event. */
  "step.scheduled": {
    readonly attempt: number
    readonly agent: string
    readonly agentRunId: string
    readonly task: string | null
    readonly input: Stored | null
    readonly inputSeq: number | null
    readonly timeoutMs: number | null
    readonly heartbeatMs: number | null
    readonly pin: AgentPin | null
    readonly spanId: string
  }
  "step.started": {
    readonly attempt: number
    readonly delivery: number
    readonly fence: number
    readonly owner: string
  }
  "step.succeeded": {
    readonly attempt: number
    readonly fence: number
    readonly output: Stored
    readonly usage?: Usage
    readonly validation?: { readonly passed: boolean; readonly score?: number; readonly reasons?: Json }
  }
  "step.failed": { readonly attempt: number; readonly fence: number; readonly error: RunError; readonly usage?: Usage }
  "step.timed_out": {
    readonly attempt: number
    readonly fence: number
    readonly error: RunError
    readonly usage?: Usage
  }
  "step.cancelled": { readonly attempt: number; readonly fence: number; readonly reason: string }
  "step.skipped": { readonly reason: string }
  "step.retry_scheduled": {
    readonly attempt: number
    readonly delayMs: number
    readonly timer: string | null
    readonly paused?: boolean
  }
  /** A delivery that ended in a crash or a lost lease. `counted`: false for a drain, which hands back. */
  "step.lost": { readonly attempt: number; readonly fence: number; readonly reason: string; readonly counted: boolean }
  "step.redelivered": { readonly attempt: number; readonly delivery: number; readonly timer: string | null }

  "timer.set": { readonly timer: string; readonly kind: TimerKind; readonly dueAt: number }
  "timer.fired": { readonly timer: string }
  /** With what is left on the clock when a pause stopped it. */
  "timer.cancelled": { readonly timer: string; readonly remainingMs?: number; readonly kind?: TimerKind }

  "approval.requested": {
    readonly approval: string
    readonly round: number
    readonly message: string
    readonly summary: Stored | null
    readonly approvers: readonly string[]
    readonly quorum: { readonly approve: number; readonly reject: number }
    readonly separationOfDuties: { readonly excludeInitiator: boolean; readonly distinct: boolean }
    readonly outcomes: readonly {
      readonly name: string
      readonly requireComment: boolean
      readonly rewindTo: string | null
    }[]
    readonly form: JsonObject | null
    readonly contentHash: string
    readonly bound: boolean
    readonly delegation: boolean
    readonly timeoutAt: number | null
    readonly dueAt: number | null
  }
  "approval.voted": {
    readonly approval: string
    readonly outcome: string
    readonly by: string
    readonly comment: string | null
    readonly form: Json
  }
  "approval.delegated": {
    readonly approval: string
    readonly from: string
    readonly to: string
    readonly comment: string | null
  }
  "approval.reminded": { readonly approval: string; readonly count: number }
  "approval.warned": { readonly approval: string; readonly kind: "warn" | "due" }
  "approval.escalated": { readonly approval: string; readonly to: readonly string[] }
  "approval.approved": ApprovalDecision
  "approval.rejected": ApprovalDecision
  "approval.revised": ApprovalDecision
  "approval.timed_out": { readonly approval: string }
  "approval.cancelled": { readonly approval: string; readonly reason: string }
  "approval.superseded": { readonly approval: string; readonly by: string }

  "wait.opened": {
    readonly wait: string
    readonly signal: string
    readonly correlate: readonly (readonly [readonly (string | number)[], Json])[]
    readonly fanout: boolean
    readonly timeoutAt: number | null
    readonly timer: string | null
  }
  "wait.closed": { readonly wait: string; readonly reason: "signal" | "timeout" | "cancelled" }
  "signal.received": { readonly name: string; readonly id: string; readonly data: Stored }
  /** `data` is in `signal.received` of `fromSeq`. */
  "signal.consumed": {
    readonly name: string
    readonly id: string
    readonly wait: string
    readonly fromSeq: number
    readonly keep?: boolean
  }
  "signal.dropped": { readonly name: string; readonly id: string; readonly reason: string }
  "event.emitted": {
    readonly type: string
    readonly source: string
    readonly subject: string | null
    readonly id: string
    readonly data: Stored | null
  }

  "child.started": {
    readonly childRunId: string
    readonly workflowId: string
    readonly version: string | null
    readonly input: Stored
    readonly await: boolean
    readonly onParentCancel: "cancel" | "abandon"
  }
  "child.finished": {
    readonly childRunId: string
    readonly status: string
    readonly output: Stored | null
    readonly error: RunError | null
  }

  /**
   * `from`: the seq of the event that brought the value, or null when `value` is here. `scope`: whose context.
   * `none` writes nothing: it brings a result whose parts the next events write.
   */
  "context.written": {
    readonly scope: string
    readonly path: readonly (string | number)[]
    readonly mode: ResultMode | "none"
    readonly from: number | null
    readonly value?: Stored
    /** `value` is a part of the state's result, or what lay in its way: the result itself is another's. */
    readonly part?: boolean
    /** What it may add to the context's encoded size. */
    readonly bytes: number
    /** The context's encoded size with this in it, when it was measured anew. */
    readonly total?: number
  }
}

export interface ApprovalDecision {
  readonly approval: string
  readonly outcome: string
  readonly decidedBy: readonly string[]
  readonly comment: string | null
  readonly form: Json
  readonly contentHash: string
  readonly waitedMs: number
}

export type EventType = keyof EventPayloads

export type RunEvent = {
  [T in EventType]: {
    /** Of its payload's shape, by type (`upcast.ts`). */
    readonly v: number
    readonly seq: number
    readonly type: T
    /** Milliseconds since the epoch, never before the event in front of it (rule 15). */
    readonly at: number
    /** `user:…`, `key:…`, `agent:…`, `system`. */
    readonly actor: string
    readonly stepId: string | null
    readonly payload: EventPayloads[T]
  }
}[EventType]

export type EventOf<T extends EventType> = Extract<RunEvent, { type: T }>

export const terminalEvents: ReadonlySet<EventType> = new Set([
  "run.completed",
  "run.failed",
  "run.cancelled",
  "run.timed_out",
])
