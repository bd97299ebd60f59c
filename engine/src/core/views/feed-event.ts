/** A committed event as readers and the feed show it: its stored text, its place in its run and in the feed. */
import type { RunStatus } from "../run/state.ts"

export interface StoredEventRow {
  readonly runId: string
  readonly seq: number
  readonly position: number
  readonly v: number
  readonly type: string
  readonly at: number
  readonly actor: string
  readonly stepId: string | null
  /** JSON text; null = erased. */
  readonly payload: string | null
  readonly hash: string
}

export interface FeedEvent extends StoredEventRow {
  readonly workspaceId: string
  readonly workflowId: string
  readonly environment: string
  /** After this event. */
  readonly status: RunStatus
}
