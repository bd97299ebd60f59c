/**
 * A workflow definition after reading: names resolved, defaults filled in, templates, paths and expressions compiled.
 * This is what `decide` walks. It is made by `parse` from YAML or JSON text and by nothing else; two readings of the
 * same text are equal. It never holds a source position (the checker keeps those apart) and never runs anything.
 * Source: 004 §3.1–3.3, dsl.md §1–§7.
 */
import type { Expression } from "../expression/starlark/index.ts"
import type { Json, JsonObject } from "../json.ts"

/** A place to read or write: `ctx.a["b c"][0]` has the segments `a`, `b c`, `0`. */
export interface Path {
  readonly text: string
  /** Without the optional `ctx` prefix. */
  readonly segments: readonly (string | number)[]
  /** True when the text began with `ctx`: item names and helpers are not looked at then. */
  readonly rooted: boolean
}

/** `{{ path }}` or `{{ path ?? literal }}`. */
export interface Placeholder {
  readonly source: string
  readonly path: Path
  readonly fallback?: Json
  readonly hasFallback: boolean
}

/** A value with placeholders in it, compiled. A string that is exactly one placeholder keeps the JSON type. */
export type Template =
  | { readonly kind: "literal"; readonly value: Json }
  | { readonly kind: "value"; readonly placeholder: Placeholder }
  | { readonly kind: "text"; readonly parts: readonly (string | Placeholder)[] }
  | { readonly kind: "array"; readonly items: readonly Template[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [string, Template])[] }

/** A Starlark expression with its text, for errors that show it. */
export interface Condition {
  readonly source: string
  readonly expression: Expression
}

export type FailureClass = "transient" | "validation_failed" | "external_api" | "policy_denied" | "bug"
export type FailureKind = "timeout" | "cancelled" | "lost" | "no_match" | "budget_exceeded"

export type Backoff = "constant" | "linear" | "exponential"
export type Jitter = "none" | "full" | "equal"

/** dsl.md §4 `retry`; all durations in milliseconds. */
export interface RetryPolicy {
  readonly maxAttempts: number
  readonly backoffMs: number
  readonly backoff: Backoff
  readonly backoffRate: number
  readonly maxDelayMs: number | null
  readonly jitter: Jitter
  readonly maxElapsedMs: number | null
  /** Classes, kinds or codes; null = the default rule (settled 7). */
  readonly retryable: readonly string[] | null
  readonly nonRetryable: readonly string[]
  readonly onExhausted: "fail" | "pause"
}

export interface CatchClause {
  /** Classes, kinds or codes; null = any (never `cancelled`, never an enclosing timeout: rule 7). */
  readonly errors: readonly string[] | null
  readonly if: Condition | null
  /** The name under which the error is visible to `if` and, when no resultPath is given, is written. Default `error`. */
  readonly as: string
  readonly resultPath: Path | null
  readonly next: string
}

/** A list of states with one way in: the top level, a branch, an iterator, a loop body, a try, a finally, an onCancel. */
export interface Block {
  readonly start: string
  readonly order: readonly string[]
  readonly states: ReadonlyMap<string, State>
}

export type ResultMode = "replace" | "merge" | "append"

export interface ResultWrite {
  /** Null: the result stays in the step's record only. The empty segments list is the root. */
  readonly path: Path | null
  readonly mode: ResultMode
  readonly selector: Condition | null
}

interface StateCommon {
  readonly name: string
  readonly description: string | null
  readonly if: Condition | null
  /** Null = the end of its block. */
  readonly next: string | null
  readonly timeoutMs: number | null
  readonly totalTimeoutMs: number | null
  readonly catch: readonly CatchClause[]
  readonly onCancel: Block | null
  readonly result: ResultWrite
}

export interface AgentState extends StateCommon {
  readonly type: "operation"
  readonly action: "agent.run"
  readonly agent: Template
  readonly task: Template | null
  readonly variables: Template | null
  readonly retry: RetryPolicy | null
  readonly heartbeatMs: number | null
  /** May only narrow the agent's own. */
  readonly outputSchema: JsonObject | null
  readonly validation: {
    readonly if: Condition
    readonly score: Condition | null
    readonly reasons: Condition | null
  } | null
}

export interface ApprovalOutcome {
  readonly name: string
  readonly requireComment: boolean
  readonly rewindTo: string | null
  readonly maxTimes: number | null
}

export interface ApprovalState extends StateCommon {
  readonly type: "operation"
  readonly action: "human.approval"
  readonly message: Template
  readonly summaryPath: Path | null
  readonly approvers: readonly Template[]
  readonly quorum: { readonly approve: number; readonly reject: number }
  readonly separationOfDuties: { readonly excludeInitiator: boolean; readonly distinct: boolean }
  readonly bindToContent: boolean
  readonly outcomes: readonly ApprovalOutcome[]
  readonly form: JsonObject | null
  readonly sla: { readonly dueMs: number | null; readonly warnMs: number | null } | null
  readonly reminders: readonly { readonly everyMs: number; readonly max: number }[]
  readonly escalation: readonly { readonly afterMs: number; readonly to: readonly string[] }[]
  readonly delegation: boolean
  readonly onTimeout: { readonly next: string } | null
  readonly onReject: { readonly status: "CANCELLED" | "FAILED"; readonly next: string | null }
}

export interface SwitchState extends StateCommon {
  readonly type: "switch"
  readonly dataPath: Path | null
  readonly conditions: readonly { readonly if: Condition; readonly next: string; readonly name: string | null }[]
  readonly defaultNext: string | null
  readonly onError: "fail" | "default"
}

export interface ParallelState extends StateCommon {
  readonly type: "parallel"
  readonly branches: readonly { readonly name: string; readonly block: Block }[]
  readonly join: Join
  readonly maxConcurrency: number | null
}

export interface Join {
  readonly mode: "all" | "any" | "quorum" | "settled"
  /** For `quorum`: how many branches must succeed. */
  readonly count: number | null
  readonly cancelRemaining: boolean
  readonly onBranchFailure: "failFast" | "wait"
}

export interface InjectState extends StateCommon {
  readonly type: "inject"
  /** A literal unless `templated: true`. */
  readonly data: Template
}

export interface ForeachState extends StateCommon {
  readonly type: "foreach"
  readonly items: { readonly path: Path } | { readonly inline: Template }
  readonly itemName: string
  readonly indexName: string
  readonly maxConcurrency: number
  readonly block: Block
  readonly while: Condition | null
  readonly onItemFailure: "fail" | "continue"
  readonly toleratedFailureCount: number | null
}

export interface WaitState extends StateCommon {
  readonly type: "wait"
  readonly until: { readonly ms: number } | { readonly at: Template } | { readonly seconds: Template }
}

export interface ListenState extends StateCommon {
  readonly type: "listen"
  readonly signal: Template
  readonly schema: JsonObject | null
  /** Each path of the signal's data must equal the rendered template (settled 13). */
  readonly correlate: readonly { readonly path: Path; readonly equals: Template }[]
  readonly fanout: boolean
  readonly onTimeout: { readonly next: string } | null
}

export interface EmitState extends StateCommon {
  readonly type: "emit"
  readonly event: {
    readonly type: Template
    readonly source: Template | null
    readonly subject: Template | null
    readonly data: Template | null
  }
}

export interface RunState extends StateCommon {
  readonly type: "run"
  readonly workflow: { readonly id: Template; readonly version: Template | null; readonly input: Template | null }
  readonly await: boolean
  readonly onParentCancel: "cancel" | "abandon"
}

export interface TryState extends StateCommon {
  readonly type: "try"
  readonly block: Block
  readonly finally: Block | null
}

export interface LoopState extends StateCommon {
  readonly type: "loop"
  readonly block: Block
  readonly while: Condition | null
  readonly until: Condition | null
  readonly maxIterations: number
  readonly delayMs: number
}

export interface RaiseState extends StateCommon {
  readonly type: "raise"
  readonly error: { readonly type: Template; readonly title: Template | null; readonly detail: Template | null }
}

export type State =
  | AgentState
  | ApprovalState
  | SwitchState
  | ParallelState
  | InjectState
  | ForeachState
  | WaitState
  | ListenState
  | EmitState
  | RunState
  | TryState
  | LoopState
  | RaiseState

export type StateType = State["type"]

export interface Definition {
  readonly dsl: string | null
  readonly id: string
  /** The author's label (settled 1). */
  readonly version: string
  readonly name: string
  readonly description: string | null
  readonly inputSchema: JsonObject | null
  readonly output: { readonly schema: JsonObject | null; readonly as: Template | null } | null
  readonly block: Block
  readonly timeoutMs: number | null
  readonly tags: readonly string[]
  readonly metadata: JsonObject | null
  readonly businessEventId: Template | null
  readonly idempotency: {
    readonly key: Template
    readonly ttlMs: number
    readonly onConflict: "return" | "reject"
  } | null
  readonly concurrency: {
    readonly key: Template
    readonly limit: number
    readonly onLimit: "queue" | "cancelNew" | "cancelRunning"
  } | null
  readonly effectiveness: {
    readonly firstPassSuccess: Condition | null
    readonly accuracy: Condition | null
    readonly throughputDelta: Condition | null
  } | null
  /** Agents named literally, for pinning and for the check that they exist. */
  readonly agents: readonly string[]
  /** Schemas of signals that the definition declares exactly once, by signal name (rule 22). */
  readonly signalSchemas: ReadonlyMap<string, JsonObject>
}
