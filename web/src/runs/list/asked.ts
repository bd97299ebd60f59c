/**
 * What the address asks for, as the API is asked for it: one query, with the time range in it, and that it is production's
 * runs that are meant where nothing else is said.
 */
import type { RunsSearch } from "../../paths.ts"
import type { Fold } from "../fold.ts"
import { names } from "../query/edit.ts"
import { runFields } from "../query/fields.ts"
import { DEFAULT_SORT } from "../table/sort.ts"
import { rangeTerms } from "../time/time-range.ts"

export interface AskedRuns {
  /** What the reader wrote, the time range and the origin, as one query. */
  readonly query: string
  /** Undefined: the query itself says in which. */
  readonly env: string | undefined
  readonly sort: string
  /** Of the list's rows only: counts mean every run. Absent: none. */
  readonly fold?: readonly Fold[] | undefined
}

export function askedRuns(search: RunsSearch, env: string): AskedRuns {
  const query = search.q ?? ""
  const isAll = search.origin === "all" || names(query, runFields.origin)
  const terms = [query.trim(), rangeTerms(search), isAll ? "" : "origin:live"].filter((part) => part !== "")
  return {
    query: terms.join(" "),
    env: names(query, runFields.env) ? undefined : env,
    sort: search.sort ?? DEFAULT_SORT,
    ...(search.fold !== undefined && { fold: search.fold }),
  }
}

/** As parameters of the API; an empty query is none. */
export function filterOf({ query, env }: Pick<AskedRuns, "query" | "env">) {
  return { query: query === "" ? undefined : query, env }
}
