/**
 * What pages ask about a run besides its rows: the way to its failure, the runs beside it. Every question looks at a
 * bounded number of rows and says so where that shows; none of them folds or judges (architecture §8).
 */
import type { StoredEventRow } from "../core/views/feed-event.ts"
import type { RunRow, StepRow } from "../core/views/rows.ts"
import type { PageTotal } from "../core/views/run-query.ts"

/** A finished run beside others of its workflow and environment. */
export interface RunNeighbours {
  /** The newest that began before it and completed; looked for among the newest few thousand. */
  readonly lastGood: RunRow | null
  /** Those that ended as it did, with the same error code at the same step, itself among them; null without an error. */
  readonly alike: { readonly total: PageTotal; readonly since: number } | null
}

export interface RunInsights {
  /**
   * Steps directly inside a holder (null: at the top level) that failed, timed out or were cancelled.
   * `end`: `first` = in the order they ended, `last` = the reverse.
   */
  unsuccessfulSteps(
    runId: string,
    parentStepId: string | null,
    end: "first" | "last",
    limit: number,
  ): Promise<readonly StepRow[]>
  /** The newest event of one of these types behind a seq. */
  newestEvent(runId: string, types: readonly string[], after: number): Promise<StoredEventRow | null>
  neighbours(run: RunRow): Promise<RunNeighbours>
}
