/**
 * What facades read of runs (architecture §8): rows, steps, stored events and approvals, each page bounded. Every answer
 * contains all that was committed before the question (rule 29). It never folds and never decides who may see what.
 */

import type { Standing } from "../core/remarks/standing.ts"
import type { FeedEvent, StoredEventRow } from "../core/views/feed-event.ts"
import type { Folded, FoldKind } from "../core/views/fold-runs.ts"
import type { ApprovalRow, RunRow, StepRow } from "../core/views/rows.ts"
import type { ApprovalFilter, ApprovalSort, Page, RunSort } from "../core/views/run-query.ts"
import type { FeedSource } from "./feed-source.ts"
import type { RunQuestion } from "./run-question.ts"
import type { RunTallies } from "./run-tallies.ts"

export interface RunListRequest extends RunQuestion {
  readonly sort: RunSort
  /** Rows that stand under another of the list are left out, and counted there; absent: none. */
  readonly fold?: readonly FoldKind[]
  readonly cursor: string | null
  readonly limit: number
}

/** A row of a list, with what only lists show. */
export interface ListedRun extends RunRow {
  /** The state that was entered last, wherever it lies in the run; null: none yet. */
  readonly lastState: string | null
  readonly standing: Standing
  /** How many rows stand under it; absent where the list is not folded. */
  readonly folded?: Folded
}

export interface ApprovalListRequest {
  readonly workspaceId: string
  readonly filter: ApprovalFilter
  readonly sort: ApprovalSort
  readonly cursor: string | null
  readonly limit: number
}

/**
 * A page may hold fewer items than asked for and still have a cursor: looking stops after a bounded time, and the next
 * page goes on there. `position`: the feed's, at or before which everything is seen.
 */
export type Listed<T> =
  | { readonly ok: true; readonly page: Page<T>; readonly position: number }
  /** The cursor is not of this list, or was altered (rule 32): 400. */
  | { readonly ok: false; readonly code: "cursor_mismatch"; readonly message: string }

export interface EventPage {
  /** Those with a higher seq. */
  readonly after: number
  /** Empty: all. */
  readonly types: readonly string[]
  readonly limit: number
  /** So many behind `after` are looked at; absent: all. Of a long run that has few of these types all is a second. */
  readonly within?: number
  /** What lies in the archive is not fetched: of such a run there is nothing. For lists of many runs. */
  readonly near?: boolean
}

export interface RunQueries extends FeedSource, RunTallies {
  run(runId: string): Promise<RunRow | null>
  runs(request: RunListRequest): Promise<Listed<ListedRun>>
  /** In order of their first entry: those with a higher `firstSeq` than `after`. */
  steps(runId: string, after: number, limit: number): Promise<readonly StepRow[]>
  /** Oldest first. */
  events(runId: string, page: EventPage): Promise<readonly StoredEventRow[]>
  approvals(request: ApprovalListRequest): Promise<Listed<ApprovalRow>>
  approval(approvalId: string): Promise<ApprovalRow | null>
  since(position: number, limit: number): Promise<readonly FeedEvent[]>
}
