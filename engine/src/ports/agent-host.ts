/**
 * The boundary behind which code agents run (rules 6 and 25). User code never runs on the engine's thread: what crosses
 * here is plain data in asynchronous messages, batched by the turn of the event loop in both directions. The simulator
 * implements the same port and delays, reorders, loses and crashes at it.
 *
 * The port promises: for every key given to `dispatch` exactly one *ending* message follows (`succeeded`, `failed`,
 * `stopped`, `lost` or `missing`), and nothing for that key after it but the answer to a `cancel` that came too late. A
 * delivery is named by its key, and the key holds the fence, so a message of an older delivery can never be taken for one
 * of a newer. Heartbeats come from `started` on; before it a delivery waits for a host, and nothing of it has run.
 * It never decides: attempts, deliveries, leases and retries are counted by the engine (rule 5).
 */
import type { FailureClass, FailureKind } from "../core/definition/model.ts"
import type { Json, JsonObject } from "../core/json.ts"

/** Names one delivery: `stepId#attempt#fence`. */
export type AgentTaskKey = string

export function agentTaskKey(stepId: string, attempt: number, fence: number): AgentTaskKey {
  return `${stepId}#${attempt}#${fence}`
}

/** One delivery of one attempt of a step. `input` is checked already and holds no reference to a blob. */
export interface AgentTask {
  readonly key: AgentTaskKey
  readonly runId: string
  readonly workspaceId: string
  readonly workflowId: string
  readonly stepId: string
  readonly attempt: number
  readonly fence: number
  readonly agent: string
  readonly environment: string
  /** The contract the run pins (rule 21): the newest code with an equal contract runs. Null: the newest code. */
  readonly contractHash: string | null
  readonly agentRunId: string
  readonly task: string | null
  readonly input: Json
  /** run + step + attempt: the same on every delivery of the attempt. */
  readonly idempotencyKey: string
  /** The step's id: the same over all attempts, for third parties. */
  readonly effectKey: string
  readonly traceparent?: string
  /** Counted from `started` on the host's monotonic clock; null = none. Past it the task ends as kind `timeout`. */
  readonly timeoutMs: number | null
  /** How often the host says that its thread still turns; null = never. */
  readonly heartbeatMs: number | null
  /**
   * True on a delivery whose predecessor died with its host: it runs in a host of its own, so that a poisonous task
   * takes nobody along (rule 5, "repeated alone").
   */
  readonly alone?: boolean
}

/** What a task cost since its last report, and which model it asked for it; the sums are the engine's. */
export interface AgentUsage {
  readonly tokens?: number
  readonly computeMs?: number
  readonly costUsd?: number
  /** At most 200 characters, as `provider`, which is never there without it. */
  readonly model?: string
  readonly provider?: string
  /** At most 4 KiB as JSON. */
  readonly parameters?: JsonObject
}

/** dsl §4, error object. `class` alone steers retry, with `kind` for what the author did not throw (settled 7). */
export interface AgentFailure {
  readonly class: FailureClass
  readonly kind: FailureKind | null
  /** lower_snake_case: the thrower's own (`card_declined`) or one of ours (`bad_output`, `process_exit` …). */
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly retryAfterSeconds?: number
  readonly stack?: string
  /** For `bad_output`: the JSON pointer of the offending value. */
  readonly pointer?: string
  /** The message chain of `error.cause`, outermost first, at most 5. */
  readonly causes?: readonly string[]
}

export type AgentLogLevel = "debug" | "info" | "warn" | "error"

/** Why a delivery ended without a result. */
export type AgentLossReason =
  /** The host was ended because another of its tasks did not stop. */
  | "host_terminated"
  | "out_of_memory"
  /** The host ended by itself: a native crash, a signal from outside. */
  | "host_crashed"
  /** Handed back by `close` or by the end of a drain. */
  | "drained"

export type AgentMessage =
  | { readonly kind: "started"; readonly key: AgentTaskKey; readonly contractHash: string; readonly sourceHash: string }
  /** The host's thread turned (no details), or the agent called `ctx.heartbeat(details)`. */
  | { readonly kind: "heartbeat"; readonly key: AgentTaskKey; readonly details?: Json }
  /** `key` is null for output that no task can be named for, `environment` says whose host it was. */
  | {
      readonly kind: "log"
      readonly key: AgentTaskKey | null
      readonly environment: string
      readonly level: AgentLogLevel
      readonly message: string
      readonly fields?: JsonObject
    }
  | ({ readonly kind: "usage"; readonly key: AgentTaskKey } & AgentUsage)
  /** A file for the step, beside its result; `content` is base 64. */
  | {
      readonly kind: "attachment"
      readonly key: AgentTaskKey
      readonly name: string
      readonly contentType: string
      readonly content: string
    }
  /** `output` is proven JSON within the limits of rules 20 and 23; `outputBytes` its size as compact UTF-8 JSON. */
  | { readonly kind: "succeeded"; readonly key: AgentTaskKey; readonly output: Json; readonly outputBytes: number }
  | { readonly kind: "failed"; readonly key: AgentTaskKey; readonly error: AgentFailure }
  /**
   * Acknowledges a cancel: nothing of the task runs any more. `shared`: others had begun on its thread when it was asked
   * to stop, so if it was silent, any of them may have been the reason.
   */
  | {
      readonly kind: "stopped"
      readonly key: AgentTaskKey
      readonly how: "never_started" | "signal" | "terminated"
      readonly shared?: boolean
    }
  /**
   * The delivery is gone without a result; the same attempt may be delivered again under a higher fence (settled 8).
   * `suspect` is false when another task is known to be the cause, or for a drain: then it does not count as one of
   * `maxDeliveries`. When it is true the next delivery should be `alone`.
   */
  | {
      readonly kind: "lost"
      readonly key: AgentTaskKey
      readonly reason: AgentLossReason
      readonly detail: string
      readonly suspect: boolean
    }
  /** No host holds this agent, or none with the asked contract: the step waits, reason `agent_missing` (rule 21). */
  | { readonly kind: "missing"; readonly key: AgentTaskKey; readonly detail: string }

export type AgentEndingKind = "succeeded" | "failed" | "stopped" | "lost" | "missing"

/** True for the last message of a delivery. */
export function isAgentEnding(message: AgentMessage): message is Extract<AgentMessage, { kind: AgentEndingKind }> {
  switch (message.kind) {
    case "succeeded":
    case "failed":
    case "stopped":
    case "lost":
    case "missing":
      return true
    case "started":
    case "heartbeat":
    case "log":
    case "usage":
    case "attachment":
      return false
  }
}

/**
 * Asks one delivery to stop: its AbortSignal fires, and within `graceMs` it may still succeed (rule 7), otherwise it is
 * `stopped`. After the grace the host is ended, and its other tasks are `lost`. A key that has ended, or was never
 * handed over, is answered `stopped` too.
 */
export interface AgentCancel {
  readonly key: AgentTaskKey
  readonly graceMs: number
  /** Shown to the agent as the message of `signal.reason`. */
  readonly reason: string
}

/** What a run pins of an agent, and what the checker and the UI show. */
export interface AgentContract {
  readonly environment: string
  readonly name: string
  readonly description: string | null
  readonly inputSchema: JsonObject | null
  readonly outputSchema: JsonObject | null
  /** sha256 over the canonical JSON of name and schemas, hex. */
  readonly contractHash: string
  /** sha256 over the file and everything it imports outside `node_modules`, hex. */
  readonly sourceHash: string
  /** Absolute path. */
  readonly file: string
}

/** One file that could not be used, or not fully; the other agents are loaded all the same. */
export interface AgentProblem {
  readonly environment: string
  readonly file: string
  /** 1-based; null when the error names no place, the column also when transpiling moved it. */
  readonly line: number | null
  readonly column: number | null
  /** `agent_load_failed`, `agent_load_timeout`, `agent_shape`, `agent_name_taken`, `agent_schema`, `agents_missing`. */
  readonly code: string
  readonly message: string
}

export interface AgentLoadReport {
  readonly environment: string
  readonly directory: string
  /** The hash of the whole agent set; unchanged means that nothing was replaced. */
  readonly setHash: string
  readonly changed: boolean
  readonly agents: readonly AgentContract[]
  readonly problems: readonly AgentProblem[]
}

/** A folder that was loaded beside what serves. Exactly one of both is called. */
export interface AgentLook {
  readonly report: AgentLoadReport
  /** It serves from now on, unless something newer was loaded meanwhile. */
  adopt(): void
  drop(): void
}

export interface AgentHost {
  /** Hands over deliveries; never throws for one of them, answers by message. */
  dispatch(tasks: readonly AgentTask[]): void
  cancel(requests: readonly AgentCancel[]): void
  /** One listener; it gets all messages of a turn in one call, in order per key, and must not throw. */
  onMessages(listener: (messages: readonly AgentMessage[]) => void): void
  /** After every change of a set: a `load`, or a host started again over files that had changed meanwhile. */
  onLoaded(listener: (report: AgentLoadReport) => void): void
  /**
   * Loads `<directory>/*.agent.{ts,mts,mjs,js}` in a new host and drains the old one (rule 6). A file that broke since
   * keeps its last good version. Rejects only when no host can be started at all.
   */
  load(environment: string, directory: string): Promise<AgentLoadReport>
  /** Loads the folder in a host of its own and changes nothing: what a plan needs before anybody says yes. */
  look(environment: string, directory: string): Promise<AgentLook>
  /** The newest loaded version of every agent, by environment and name. */
  agents(): readonly AgentContract[]
  /** The version a delivery with these would run on now, or null: then a step waits as `agent_missing`. */
  find(environment: string, agent: string, contractHash: string | null): AgentContract | null
  /** Nothing new is taken; tasks get `graceMs` to end, then they are `lost` with reason `drained`. */
  close(graceMs: number): Promise<void>
}
