/** What a scan looks through, and what it gives: see `scan.ts`. */
import type { Condition } from "./condition.ts"
import type { Few, OwnKeys } from "./members.ts"
import type { Narrow } from "./narrow.ts"
import type { Key } from "./run-order.ts"
import type { Row } from "./statements.ts"

export interface Scan {
  /** Null: by keys that the range lists. */
  readonly index: string | null
  /** What the index answers. */
  readonly range: Condition
  /** What each row is asked; null = nothing. */
  readonly residual: Condition | null
  /** The index has the order; otherwise the range is small enough to be sorted. */
  readonly ordered: boolean
  /** The few among which all must be (`members.ts`): asked for when the first rows have not been enough; null: there are more than `most`. */
  readonly among?: (most: number) => Few | null
  /** What each is asked stands in the index of the walk, or for `nearly` all of it (`narrow.ts`). */
  readonly narrow?: Narrow | null
  /** Of a range that is not in order: a statement of the keys of its runs. */
  readonly keys?: OwnKeys | null
  /** What of the range is asked of the times by which the list is ordered. */
  readonly leading?: Condition | null
}

export interface Found {
  readonly key: Key
  readonly row: Row
}

export interface Scanned {
  readonly found: readonly Found[]
  /** All up to here is in `found`; null = all there is. */
  readonly frontier: Key | null
}
