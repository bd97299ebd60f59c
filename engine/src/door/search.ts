/** What the search over everything offers to facades: hits of all kinds, each with where it was found. */
import type { SearchPlace } from "../core/search/search-places.ts"
import type { QueryProblem } from "../core/views/run-language/index.ts"
import type { Names, Queries } from "../door.ts"

export type { SearchPlace }

export type SearchKind = "run" | "workflow" | "approval" | "issue"

export interface SearchHit {
  readonly kind: SearchKind
  readonly id: string
  readonly title: string
  /** Where it stands: a run's, an approval's, an issue's; null: of a workflow. */
  readonly state: string | null
  /** Of a run its start, of an approval its request, of an issue when it was last seen. */
  readonly at: number | null
  /** Of an approval. */
  readonly runId: string | null
  readonly places: readonly SearchPlace[]
}

export type SearchAnswer =
  | { readonly ok: true; readonly hits: readonly SearchHit[] }
  /** The query is not understood. */
  | { readonly ok: false; readonly problems: readonly QueryProblem[] }

export interface Search {
  /**
   * @param engine of the workspace whose caller asks; names are asked for as they came
   * @param limit hits of each kind
   */
  find(
    workspaceId: string,
    engine: {
      readonly queries: Pick<Queries, "runs" | "events" | "isArchived">
      readonly names: Pick<Names, "asKept">
    },
    query: string,
    limit: number,
  ): Promise<SearchAnswer>
  /** Events whose values cannot be found yet. */
  behind(): number
  /** Archived runs whose values cannot be found yet. */
  archivedBehind(): number
  /** Texts and scalars that were too many or too long to be found. */
  cut(): number
  stop(): Promise<void>
}
