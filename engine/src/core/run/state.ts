/**
 * A run as `decide` sees it: the fold of its events. Mutable inside, owned by one actor (rule 12); nobody else writes it.
 * Scopes form a tree (root, branches, items, blocks); each has at most one visited state at a time. A finished scope
 * leaves only its result. It holds no finished steps, no clock and no copy of the definition.
 */
import type { Block, State, StateType } from "../definition/model.ts"
import type { Json, JsonObject } from "../json.ts"
import type { ContextNode } from "./context.ts"
import type { AgentPin, Cause, Counts, RunCreated, RunError, ScopeKind, StepEnd, Stored, TimerKind } from "./events.ts"
import type { Frame } from "./place.ts"
import type { BlobRef } from "./stored.ts"

export const rootScope = ""

/** Where a scope stands: about to enter a state, in one, or at its end. */
export type Cursor =
  | { kind: "enter"; state: string }
  | { kind: "at"; stepId: string }
  | { kind: "ended"; status: StepEnd; error: RunError | null }

export interface Scope {
  readonly id: string
  /** The visit that holds it; null for the root. */
  readonly owner: string | null
  readonly parent: string | null
  readonly kind: ScopeKind | "root"
  readonly name: string
  readonly index: number
  readonly frames: readonly Frame[]
  cursor: Cursor
  readonly visits: Map<string, number>
  /** Its own writes over a frozen parent (branch, item); null = it writes into its parent's (try, do, finally, cancel). */
  readonly context: ContextNode | null
  unwinding: Cause | null
  /** `finally` and `onCancel`: an outer unwind waits for it (rule 7). */
  readonly shielded: boolean
  /** Visits whose block went on while their losers still run (`cancelRemaining: false`, rule 8). */
  readonly lingering: Set<string>
  /** Result of the last state that ended here, as a block's result (settled 12). */
  last: LastResult | null
  /** How often each outcome has sent this scope back: `state/outcome` → times. */
  rewinds: Map<string, number> | null
  /** Found once in the pinned definition; never stored. */
  block: Block | null
}

export interface LastResult {
  /** A BlobRef, or JSON that may hold BlobRefs where branches or items left large values. */
  readonly value: Json | BlobRef
  /** The event that holds it, or null when it was put together from several. */
  readonly seq: number | null
}

export interface Vote {
  readonly outcome: string
  readonly by: string
  readonly comment: string | null
  readonly form: Json
}

export interface OpenApproval {
  readonly id: string
  readonly round: number
  readonly message: string
  readonly requestedSeq: number
  readonly approvers: string[]
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
  readonly requestedAt: number
  readonly timeoutAt: number | null
  readonly dueAt: number | null
  readonly votes: Vote[]
  reminders: number
}

/** What an active visit is doing. Each is owed exactly one thing (rule 14, `owed`). */
export type Phase =
  /** Entered or woken; the next decision goes on with it. */
  | { kind: "ready" }
  /** Scheduled, waits for an executor slot. */
  | { kind: "queued" }
  | { kind: "running"; fence: number; startedAt: number }
  | { kind: "backoff"; timer: string | null }
  | { kind: "redelivery"; timer: string }
  /** Waits for its agent to be loaded: before its first attempt, or with one that is scheduled. */
  | { kind: "agent"; agent: string }
  | { kind: "waiting"; timer: string }
  | { kind: "approval"; approval: OpenApproval }
  | {
      kind: "listening"
      wait: string
      signal: string
      correlate: readonly (readonly [readonly (string | number)[], Json])[]
      timeoutAt: number | null
      timer: string | null
      fanout: boolean
    }
  | { kind: "child"; childRunId: string; onParentCancel: "cancel" | "abandon" }
  /** Holds scopes: parallel, foreach, loop, try; or any state while its `finally`/`onCancel` runs. */
  | { kind: "holding" }

export interface Visit {
  readonly stepId: string
  readonly scope: string
  /** The visit that holds the scope. */
  readonly owner: string | null
  readonly enteredSeq: number
  readonly name: string
  readonly visit: number
  readonly type: StateType
  readonly action: string | null
  readonly branchPath: string
  readonly index: readonly number[] | null
  readonly enteredAt: number
  phase: Phase
  attempt: number
  delivery: number
  fence: number
  lostDeliveries: number
  scheduled: {
    readonly seq: number
    readonly inputSeq: number
    readonly at: number
    readonly firstAt: number
    readonly agent: string
    readonly agentRunId: string
    readonly pin: AgentPin | null
    readonly timeoutMs: number | null
    readonly heartbeatMs: number | null
    readonly task: string | null
    readonly input: Stored
    readonly spanId: string
  } | null
  startedAt: number | null
  result: LastResult | null
  error: RunError | null
  /** Why this visit (not its scope) is being left: its own timeout. */
  unwinding: Cause | null
  holds: Holding | null
  /** Its open timers. */
  readonly timers: Set<string>
  /** The kind of the timer that woke it, until the next decision took note. */
  woken: TimerKind | null
  /** Found once in the pinned definition; never stored. */
  def: State | null
  retries: number
  usage: { tokens: number; computeMs: number; costUsd: number }
  exit: { at: number; status: StepEnd; error: RunError | null; next: string | null } | null
}

/** The scopes of a visit and what they left. */
export interface Holding {
  readonly kind: "parallel" | "foreach" | "loop" | "try" | "cleanup"
  readonly count: number
  readonly items: Stored | null
  /** Ids of scopes that have not ended. */
  readonly open: Set<string>
  next: number
  done: number
  succeeded: number
  failed: number
  /** Branch names in the order they started: the result's order. */
  readonly order: string[]
  /** Local writes by branch name, or by item index. Cancelled ones are absent. */
  readonly results: Map<string | number, Json>
  firstError: RunError | null
  cleanupError: RunError | null
  /** No further branch, item or iteration starts. */
  closed: boolean
  /** Cleanup blocks that have run: `finally`, `cancel`. */
  readonly cleaned: Set<string>
  /** `idleTransitions` when it opened: each item is counted from there, since items are bounded by themselves. */
  readonly idle: number
}

export interface Timer {
  readonly id: string
  readonly kind: TimerKind
  readonly stepId: string | null
  readonly dueAt: number
}

export interface Mail {
  readonly name: string
  readonly id: string
  readonly data: Stored
  readonly seq: number
  readonly at: number
  readonly actor: string
  readonly bytes: number
}

/** Clocks that stand still while the run is paused (rule 13). */
export type TimerKindsPaused = Extract<TimerKind, "run_timeout" | "state_timeout" | "cleanup">

export interface StoppedClock {
  readonly kind: TimerKindsPaused
  readonly stepId: string | null
  readonly remainingMs: number
}

export type RunStatus =
  | "PENDING"
  | "RUNNING"
  | "WAITING_APPROVAL"
  | "WAITING_SIGNAL"
  | "PAUSED"
  | "COMPLETED"
  | "FAILED"
  | "CANCELLED"
  | "TIMED_OUT"
export type TerminalStatus = Extract<RunStatus, "COMPLETED" | "FAILED" | "CANCELLED" | "TIMED_OUT">

export interface RunState {
  readonly runId: string
  seq: number
  /** `at` of the last event. */
  at: number
  created: RunCreated
  createdAt: number
  createdBy: string
  startedAt: number | null
  queued: boolean
  paused: boolean
  cause: Cause | null
  terminal: {
    readonly status: TerminalStatus
    readonly at: number
    readonly outputSeq: number | null
    readonly output: Stored | null
    readonly error: RunError | null
    readonly reason: string | null
    readonly effectiveness: JsonObject | null
  } | null
  readonly context: ContextNode
  readonly scopes: Map<string, Scope>
  readonly visits: Map<string, Visit>
  readonly timers: Map<string, Timer>
  readonly stoppedClocks: StoppedClock[]
  readonly mail: Mail[]
  mailBytes: number
  /** `name\0id` of every signal ever received. */
  readonly signalIds: Set<string>
  /** Scopes and visits with something to do, in order (`s:` scope, `v:` visit, `u:` visit whose inside is to be stopped). Transient: made again at load. */
  readonly ready: Set<string>
  readonly counts: { -readonly [K in keyof Counts]: Counts[K] }
  /** Transitions since the last operation, wait or listen (rule 1: runaway). */
  idleTransitions: number
  /** Active visits by what they mean for the run's status; `others` wait for a timer, a child or a slot. */
  open: { approvals: number; listens: number; executing: number; others: number }
  readonly suppressed: RunError[]
  hitl: "requested" | "approved" | "rejected" | null
  /** Upper bound of the context's encoded size; measured anew when it passes the limit. */
  contextBytes: number
  /** Some JSON in the context holds a BlobRef inside: read with care. */
  nestedBlobs: boolean
}
