/** What could be left out of a search that finds nothing: each term for itself, and the time range. */
import { withoutTerms } from "../query/edit.ts"
import { termsOf } from "../query/terms.ts"
import type { RunsPageSearch } from "../search.ts"
import { isAllTime, rangeWords } from "../time/time-range.ts"

export interface WayOut {
  readonly label: string
  /** What the search would be without it. */
  readonly patch: Partial<RunsPageSearch>
}

const WAYS_MAX = 6

export function waysOut(search: RunsPageSearch, nowMs: number, zone?: string): readonly WayOut[] {
  const query = search.q ?? ""
  const terms = termsOf(query).map((term) => ({
    label: query.slice(term.from, term.to),
    patch: { q: withoutTerms(query, ({ from }) => from === term.from) || undefined },
  }))
  const time = isAllTime(search)
    ? []
    : [{ label: rangeWords(search, nowMs, zone), patch: { from: undefined, to: undefined } }]
  return [...terms, ...time].slice(0, WAYS_MAX)
}
