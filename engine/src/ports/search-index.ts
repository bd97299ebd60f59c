/**
 * The index over what runs were given and gave. It is made of committed events alone, behind them, and can be thrown away
 * and built again; it moves no run, and no commit waits for it.
 */

export interface SearchProgress {
  /** All events up to here are in. */
  readonly position: number
  /** The newest there was. */
  readonly head: number
  /** Texts and scalars that were too many or too long to be found. */
  readonly cut: number
  /** There is more to do at once. */
  readonly more: boolean
}

/** A workflow, an approval or an issue in whose names all words of a search stand. */
export interface FoundName {
  readonly kind: "workflow" | "approval" | "issue"
  readonly id: string
  readonly title: string
  readonly state: string | null
  readonly at: number | null
  readonly runId: string | null
  /** Where the words may stand, by name. */
  readonly texts: { readonly [path: string]: string }
}

/** Runs whose events lie in the archive, and whose values the index does not have. */
export interface SearchLack {
  /** The next batch of them; null: there is none. */
  readonly batchId: string | null
  /** Of all such batches. */
  readonly runs: number
}

export interface SearchIndex {
  /** The next piece of work: some tens of milliseconds on a thread of its own. */
  advance(): Promise<SearchProgress>
  /** Up to where the feed was in at the last answer; 0 before the first, and when it begins anew. */
  position(): number
  /** The newest of each kind, all of one workspace. */
  named(workspaceId: string, words: readonly string[], limit: number): Promise<readonly FoundName[]>
  /** @param except batches that are passed over, and counted all the same */
  lacking(except: readonly string[]): Promise<SearchLack>
  /** What a batch says of its runs is put in. @param place the database in which the batch lies meanwhile */
  refill(batchId: string, place: string): Promise<void>
  /** Empty again. */
  restart(): Promise<void>
}
