/**
 * Where remarks lie, beside the runs they are about: written once, in order, never changed. It guards two things: that a
 * remark is the next one of its run, and that a key is answered once. What a remark means is the core's.
 */
import type { Noted, Remark, RemarkKind } from "../core/remarks/remark.ts"
import type { Standing } from "../core/remarks/standing.ts"
import type { RunStatus } from "../core/run/state.ts"
import type { IdempotentAnswer } from "./store.ts"

export interface RemarkWrite {
  readonly runId: string
  /** Null: only the answer is kept. `number` one above the standing's that it was decided on. */
  readonly remark: Remark | null
  /** After it. */
  readonly standing: Standing
  readonly answer: IdempotentAnswer | null
}

/** `stale`: another remark of the run came first. */
export type RemarkWritten = "durable" | "stale" | "duplicate_key"

/** A durable remark with its place among all, and the run it is about as it stood when this was read. */
export interface Remarked {
  /** Rises with every remark of the store. */
  readonly key: number
  /** Of the feed when it was written: what a reader has seen at a higher one, it was told after this. */
  readonly position: number
  readonly remark: Remark
  readonly workspaceId: string
  readonly workflowId: string
  readonly environment: string
  readonly status: RunStatus
  readonly seq: number
}

export interface RemarkPage {
  /** Empty: all. */
  readonly kinds: readonly RemarkKind[]
  /** Notes of this step only; null: whatever they are about. */
  readonly stepId: string | null
  /** Those with a lower number; null: from the newest. */
  readonly before: number | null
  readonly limit: number
}

export interface RemarkStore {
  append(write: RemarkWrite): Promise<RemarkWritten>
  /** Null: there is no such run. */
  standing(runId: string): Promise<Standing | null>
  remark(remarkId: string): Promise<Noted | null>
  /** Newest first. */
  list(runId: string, page: RemarkPage): Promise<readonly Noted[]>
  /** The newest key, 0 = none. */
  newestKey(): number
  /** Below which every remark was told before an event of this position. */
  keyAt(position: number): number
  /** Those with a higher key, oldest first. */
  since(key: number, limit: number): Promise<readonly Remarked[]>
  /** Told of every remark once it is durable, whoever wrote it; in order of their keys. */
  onRemarked(listener: (remarked: readonly Remarked[]) => void): void
}
