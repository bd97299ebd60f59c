/**
 * What must happen outside once a decision is durable: plain data, done by the runtime, perhaps twice.
 * Effects are never stored. Each can be found again from the state (`owed`), which is how recovery works (rule 14).
 */
import type { Json } from "../json.ts"
import type { Cause, RunError, TimerKind } from "./events.ts"

export interface ExecuteEffect {
  readonly kind: "execute"
  readonly stepId: string
  readonly attempt: number
  readonly fence: number
  readonly agent: string
  readonly agentRunId: string
  readonly task: string | null
  readonly input: Json
  readonly timeoutMs: number | null
  readonly heartbeatMs: number | null
  readonly spanId: string
}

export type Effect =
  | ExecuteEffect
  /** An attempt is scheduled but no executor slot was free: put it in the dispatcher's queue. */
  | { readonly kind: "enqueue"; readonly stepId: string; readonly attempt: number; readonly agent: string }
  /** Its agent is not loaded: say so when it is. */
  | { readonly kind: "await-agent"; readonly stepId: string; readonly agent: string }
  /** It will not run: take it out of the queue, or from those that wait for their agent. */
  | { readonly kind: "dequeue"; readonly stepId: string }
  | {
      readonly kind: "abort"
      readonly stepId: string
      readonly attempt: number
      readonly fence: number
      readonly graceMs: number
    }
  | { readonly kind: "set-timer"; readonly timer: string; readonly timerKind: TimerKind; readonly dueAt: number }
  | { readonly kind: "cancel-timer"; readonly timer: string }
  /** The decision hit its bound (rule 1): send `continue`. */
  | { readonly kind: "continue" }
  | {
      readonly kind: "start-child"
      readonly childRunId: string
      readonly parentStepId: string
      readonly workflowId: string
      readonly version: string | null
      readonly input: Json
    }
  | { readonly kind: "cancel-child"; readonly childRunId: string; readonly cause: Cause }
  /** A pause reaches the children that are awaited, and so does the resume (rule 13). */
  | { readonly kind: "gate-child"; readonly childRunId: string; readonly paused: boolean }
  /** The run ended: tell the parent, release the concurrency key. */
  | {
      readonly kind: "finished"
      readonly status: string
      readonly parentRunId: string | null
      readonly output: Json
      readonly error: RunError | null
      readonly concurrencyKey: string | null
    }
