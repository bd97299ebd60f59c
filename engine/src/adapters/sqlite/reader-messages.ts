/** What the engine's thread and the store's worker threads say to each other: plain data, one answer a question. */

import type { Reads } from "./queries/reads.ts"

export interface WorkerSetup {
  readonly kind: "reader" | "checkpointer" | "indexer"
  readonly path: string
  readonly secret: string
  /** It has nothing beside it: runs out of the archive. */
  readonly alone?: boolean
  /** One number both threads see: since when a read transaction is open, 0 when none is (`monotonicMs`). */
  readonly transaction: SharedArrayBuffer
}

/** A clock that all threads of the process share. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n)
}

export type CheckpointMode = "PASSIVE" | "RESTART"

/** Frames in the write-ahead log, and how many of them lie in the database by now; -1: somebody was in the way. */
export interface CheckpointResult {
  readonly frames: number
  readonly done: number
}

export type ReadMethod = {
  [M in keyof Reads]: Reads[M] extends (...args: never[]) => unknown ? M : never
}[keyof Reads]

export type WorkerCall =
  | { readonly kind: "read"; readonly method: ReadMethod; readonly args: readonly unknown[] }
  | { readonly kind: "checkpoint"; readonly mode: CheckpointMode }
  | { readonly kind: "index"; readonly what: "advance" | "restart" | "check" }
  | { readonly kind: "index"; readonly what: "lacking"; readonly args: readonly [except: readonly string[]] }
  | { readonly kind: "index"; readonly what: "refill"; readonly args: readonly [batchId: string, place: string] }

export type WorkerRequest = WorkerCall & { readonly id: number }

export type WorkerReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | {
      readonly id: number
      readonly ok: false
      readonly message: string
      readonly code: string | null
      readonly tooSlow: boolean
    }
