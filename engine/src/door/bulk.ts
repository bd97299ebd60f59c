/** The same thing done to many runs: a frozen cohort, item by item. */
import type { RemarkAsked } from "../core/remarks/decide-remark.ts"
import type { Actor } from "../core/run/commands.ts"
import type { RunFilter } from "../core/views/run-query.ts"
import type { BulkAction, BulkItemRow, BulkItemState } from "../ports/bulk-store.ts"
import type { Answer, IdempotencyHeader } from "./answer.ts"

export interface BulkRequest {
  readonly action: BulkAction
  readonly cohort: { readonly runIds: readonly string[] } | { readonly filter: RunFilter }
  /** The query as it was written, to be shown; null: the runs were named. */
  readonly query: string | null
  readonly reason: string
  /** For a re-run: a state's name or `failed`; null = from the start. */
  readonly from: string | null
  /** What is said beside each run; for `tag`, `assign` and `resolve`, whose own reason is the bulk's. */
  readonly change: BulkChange | null
}

export type BulkChange = Extract<RemarkAsked, { readonly kind: "tag" | "assign" | "resolve" }>

export interface BulkRefusal {
  readonly code: string
  readonly message: string
  readonly count: number
  /** At most twenty. */
  readonly runIds: readonly string[]
}

export interface BulkView {
  /** Null: a preview, nothing is kept. */
  readonly bulkId: string | null
  readonly action: BulkAction
  readonly state: "preview" | "running" | "paused" | "done" | "aborted"
  readonly reason: string
  readonly query: string | null
  readonly from: string | null
  readonly change: BulkChange | null
  readonly actor: string
  readonly createdAt: number
  readonly completedAt: number | null
  readonly total: number
  readonly done: number
  readonly refused: number
  /** Of a preview: why, as far as the runs' rows tell. */
  readonly refusals: readonly BulkRefusal[] | null
}

/** The same thing done to many runs, in the name of who asked. */
export interface BulkActions {
  preview(actor: Actor, request: BulkRequest): Promise<Answer<BulkView>>
  /** The cohort is stored when this answers; nothing of it may be done yet. */
  start(actor: Actor, request: BulkRequest, idempotency: IdempotencyHeader | null): Promise<Answer<BulkView>>
  pause(actor: Actor, bulkId: string): Promise<Answer<BulkView>>
  resume(actor: Actor, bulkId: string): Promise<Answer<BulkView>>
  abort(actor: Actor, bulkId: string): Promise<Answer<BulkView>>
  find(bulkId: string): Promise<BulkView | null>
  /** Newest first; `before` is a bulk's id. */
  list(before: string | null, limit: number): Promise<readonly BulkView[]>
  items(bulkId: string, state: BulkItemState | null, after: number, limit: number): Promise<readonly BulkItemRow[]>
}
