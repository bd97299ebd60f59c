/**
 * What can be asked of a run. Every command is decided over one run only (rule 11): what one run owes another goes as
 * a message, whose id makes the second delivery harmless.
 */
import type { Json, JsonObject } from "../json.ts"
import type { Cause, RunCreated, RunError, Usage } from "./events.ts"

/** Who asks. Approver checks use `id` and `teams`, never anything a client sent (dsl.md §6). */
export interface Actor {
  /** `user:alice@example.com`, `key:ci`, `system`, `agent:name`. */
  readonly id: string
  readonly teams: readonly string[]
  readonly role: "viewer" | "operator" | "admin" | "system"
}

export type AttemptOutcome =
  | { readonly kind: "succeeded"; readonly output: Json; readonly usage?: Usage }
  | { readonly kind: "failed"; readonly error: RunError; readonly usage?: Usage }
  | { readonly kind: "timed_out"; readonly error: RunError; readonly usage?: Usage }
  /** The executor stopped because we asked it to. */
  | { readonly kind: "stopped" }

export type Command =
  | {
      readonly kind: "start-run"
      readonly created: RunCreated
      readonly input: Json
      readonly context: Json | null
      readonly paused: boolean
      readonly slotFree: boolean
    }
  /** A concurrency slot became free (rule 28). */
  | { readonly kind: "grant-slot" }
  /** The rest of a decision that hit its bound (rule 1). */
  | { readonly kind: "continue" }
  /** The dispatcher has an executor slot for a scheduled attempt. */
  | { readonly kind: "start-attempt"; readonly stepId: string; readonly attempt: number }
  /** The dispatcher found no agent for a scheduled attempt (rule 21). */
  | { readonly kind: "miss-agent"; readonly stepId: string; readonly attempt: number }
  /** The agent that a step waits for is loaded. */
  | { readonly kind: "find-agent"; readonly stepId: string }
  | {
      readonly kind: "finish-attempt"
      readonly stepId: string
      readonly attempt: number
      readonly fence: number
      readonly outcome: AttemptOutcome
    }
  /** `counted`: a crash or a lost lease; false for a drain (rule 5). */
  | {
      readonly kind: "lose-attempt"
      readonly stepId: string
      readonly attempt: number
      readonly fence: number
      readonly reason: string
      readonly counted: boolean
    }
  | { readonly kind: "fire-timer"; readonly timer: string }
  | { readonly kind: "send-signal"; readonly name: string; readonly id: string; readonly data: Json }
  | {
      readonly kind: "decide-approval"
      readonly approval: string
      readonly outcome: string
      readonly comment: string | null
      readonly form: Json
      readonly contentHash: string | null
    }
  | {
      readonly kind: "delegate-approval"
      readonly approval: string
      readonly to: string
      readonly comment: string | null
    }
  | {
      readonly kind: "finish-child"
      readonly childRunId: string
      readonly status: string
      readonly output: Json
      readonly error: RunError | null
    }
  | { readonly kind: "pause"; readonly reason: string | null }
  | { readonly kind: "resume"; readonly reason: string | null }
  | { readonly kind: "cancel"; readonly cause: Cause }
  /** Ends a backoff, or an `onExhausted: pause`; null = all of the run's (settled 13). */
  | { readonly kind: "retry-now"; readonly stepId: string | null }
  | { readonly kind: "repair"; readonly leaf: string; readonly why: string }

export type CommandKind = Command["kind"]

/** The domain says no: a value, with a code of docs/problems.md. */
export interface Rejection {
  readonly code: string
  readonly message: string
  /** What the caller needs to go on: current state, winner of a race, allowed values. */
  readonly data?: JsonObject
  readonly hint?: string
}
