/**
 * What the engine's side and an agent host say to each other: the remote worker's protocol (rule 6), in frames. A frame
 * is one JSON text holding an array of messages, so that a thread, a child process and a socket can carry it alike.
 *
 * One text and not structured clone, measured with 0.5 KB tasks on Node 20: the same for small messages (6–8 µs a round
 * trip in batches of 32 and more, 80 µs alone), 20–25 % less CPU from 5 KB on. And an output is written as text in the
 * host anyway, to be bounded there: 100 MB never reach the engine's thread.
 */
import type { JsonObject } from "@waybill/engine/core/json"
import type {
  AgentContract,
  AgentFailure,
  AgentLogLevel,
  AgentMessage,
  AgentProblem,
  AgentTask,
} from "@waybill/engine/ports/agent-host"

/** Why a signal fires: someone asked, or the task's own time is over. */
export type AbortCause = "cancel" | "deadline"

export type ToHost =
  | {
      readonly kind: "load"
      readonly environment: string
      readonly directory: string
      readonly skip: readonly AgentProblem[]
    }
  | { readonly kind: "run"; readonly task: AgentTask }
  | { readonly kind: "abort"; readonly key: string; readonly cause: AbortCause; readonly reason: string }

export interface LoadedSet {
  readonly setHash: string
  readonly agents: readonly AgentContract[]
  readonly problems: readonly AgentProblem[]
}

export type FromHost =
  /** Said before each file's top-level code runs: when that hangs or dies, this names the file. */
  | { readonly kind: "loading"; readonly file: string }
  | ({ readonly kind: "loaded" } & LoadedSet)
  /** Said before the first line of user code of these tasks runs. */
  | { readonly kind: "started"; readonly keys: readonly string[] }
  | { readonly kind: "beats"; readonly keys: readonly string[] }
  /** The abort was seen: the thread turns, whatever the task does now. */
  | { readonly kind: "aborting"; readonly key: string }
  /** Something of an ended task may still run here: no new tasks, and an end as soon as the others are through. */
  | { readonly kind: "tainted"; readonly detail: string }
  | {
      readonly kind: "log"
      readonly key: string | null
      readonly level: AgentLogLevel
      readonly message: string
      readonly fields?: JsonObject
    }
  | Extract<AgentMessage, { kind: "heartbeat" | "usage" | "attachment" | "succeeded" }>
  | { readonly kind: "failed"; readonly key: string; readonly error: AgentFailure }

/** What a host is started with; the rest comes in messages. */
export interface HostSettings {
  readonly outputBytesMax: number
  readonly depthMax: number
  /** Of all that one attempt attaches. */
  readonly attachmentBytesMax: number
  readonly attachmentsMax: number
  /** After an uncaught error of a task: the time it gets to settle by itself. */
  readonly uncaughtGraceMs: number
}

/** One end of the line; frames arrive in order. */
export interface FrameChannel {
  post(frame: string): void
  onFrame(listener: (frame: string) => void): void
}

export function encodeFrame(messages: readonly ToHost[]): string {
  return JSON.stringify(messages)
}

export function decodeFrame<Message>(frame: string): readonly Message[] {
  return JSON.parse(frame) as readonly Message[]
}
