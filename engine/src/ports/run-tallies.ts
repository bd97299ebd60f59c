/**
 * Counting runs for a page that looks at all of them at once. Each answer is bounded in time, not in rows: what stops
 * at its bound has counted the newest runs only and says `exact: false`. It never holds up a run.
 */
import type { FacetName, FacetTally, HistogramWindow, StatusCounts } from "../core/views/run-tally.ts"
import type { RunQuestion } from "./run-question.ts"

export interface Counted<T> {
  readonly value: T
  readonly exact: boolean
}

export interface RunTallies {
  countsByStatus(question: RunQuestion): Promise<Counted<StatusCounts>>
  /** One entry a bucket, oldest first, of the runs that match and started in the window. */
  histogram(question: RunQuestion, window: HistogramWindow): Promise<Counted<readonly StatusCounts[]>>
  /** A time before which none of the runs that match began, close to the first where that is found soon; null: none. */
  firstStart(question: RunQuestion): Promise<number | null>
  /** The most frequent values of each field among the runs that match. */
  facets(question: RunQuestion, names: readonly FacetName[], valuesMax: number): Promise<Counted<readonly FacetTally[]>>
}
