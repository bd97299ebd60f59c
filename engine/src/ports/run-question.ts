import type { DurationLimit } from "../core/views/late-runs.ts"
import type { RunFilter } from "../core/views/run-query.ts"

/** Which runs: one question for lists, counts, facets and what is done to many. */
export interface RunQuestion {
  readonly workspaceId: string
  readonly filter: RunFilter
  /** What the filter's "24 h ago" is counted from, in milliseconds since the epoch; a cursor keeps its first page's. */
  readonly now: number
  /** Ids of the runs that are stalled now, told where the filter asks; absent: none. */
  readonly stalled?: readonly string[]
  /** Beyond which a run is late, told where the filter asks; absent: none is. */
  readonly late?: readonly DurationLimit[]
}
