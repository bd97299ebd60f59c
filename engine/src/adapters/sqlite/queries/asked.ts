/** What a list, a count or a picture asks of the runs, and how they are found. */
import type { RunFilter } from "../../../core/views/run-query.ts"
import type { Few } from "./members.ts"
import type { Driver, Predicate } from "./run-predicate.ts"
import type { Scan } from "./scan-shape.ts"

export interface Plan {
  /** Few enough to be read whole; then it serves every order. */
  readonly whole: Scan | null
  /** Of the whole, as far as it was counted. */
  readonly count: number
  readonly driver: Driver | null
  /** For a walk along another index than this one's: the few among which all must be, at most so many. */
  among(walked: Driver | null, most: number): Few | null
  /** Between which starts the driver's runs lie; null: it says nothing of it. */
  begun(): Begun | null
}

export interface Begun {
  readonly least: number
  readonly most: number
}

export interface Asked {
  readonly workspaceId: string
  /** Resolved at `now`. */
  readonly filter: RunFilter
  readonly now: number
  readonly predicate: Predicate
  /** `q` is the id of some run. */
  readonly exactId: boolean
  /** Runs with a higher key came after the first page. */
  readonly asOf: number
}
