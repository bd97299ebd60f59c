/**
 * The search over everything, and the loop that keeps its index. What a run's hit means is the run list's: the same query,
 * the same runs; workflows, approvals and issues are found by the query's words in their names. It moves nothing.
 */
import { decodeEvent } from "../../core/run/decode-event.ts"
import { runValues } from "../../core/search/run-values.ts"
import { placeOfText, searchPlaces } from "../../core/search/search-places.ts"
import { searchedTypes } from "../../core/search/searched-event.ts"
import { withoutStar } from "../../core/search/words.ts"
import { sortTime } from "../../core/views/run-facts.ts"
import { parseRunQuery, withQuery } from "../../core/views/run-language/index.ts"
import { noFilter } from "../../core/views/run-query.ts"
import type { RunTerm } from "../../core/views/run-term.ts"
import type { Search, SearchHit } from "../../door/search.ts"
import type { Queries } from "../../door.ts"
import type { Clock } from "../../ports/clock.ts"
import type { Log } from "../../ports/log.ts"
import type { ListedRun } from "../../ports/run-queries.ts"
import type { FoundName, SearchIndex } from "../../ports/search-index.ts"
import { defaultSearchLimits, type SearchLimits, SearchLoop, type SearchLoopPorts } from "../../runtime/search-loop.ts"

export interface SearchPorts {
  readonly index: SearchIndex
  readonly clock: Clock
  readonly log: Log
  readonly head: () => number
  readonly onError: (error: unknown) => void
  /** Absent: there is no archive. */
  readonly archive?: SearchLoopPorts["archive"]
}

/** Of a hit: its places are told from the first of its events that bring values. */
const eventsMax = 500

export function openSearch(ports: SearchPorts, limits: SearchLimits = defaultSearchLimits): Search {
  const loop = new SearchLoop(ports, limits)
  loop.start()
  return {
    async find(workspaceId, { queries, names }, query, limit) {
      const parsed = parseRunQuery(query)
      if (parsed.problems.length > 0) return { ok: false, problems: parsed.problems }
      const filter = names.asKept(withQuery(noFilter, parsed))
      const listed = await queries.runs(filter, "-startedAt", null, limit)
      const rows = listed.ok ? listed.value.items : []
      const runs = await Promise.all(rows.map((row) => runHit(queries, row, parsed.terms)))
      const words = onlyWords(parsed.terms)
      const named = words === null ? [] : await ports.index.named(workspaceId, words, limit)
      return { ok: true, hits: [...named.map((one) => namedHit(one, words!)), ...runs] }
    },
    behind: () => loop.behind(),
    archivedBehind: () => loop.archivedBehind(),
    cut: () => loop.cut(),
    stop: () => loop.stop(),
  }
}

/** The words that must all stand in a name; null: the query asks what only runs have. */
function onlyWords(terms: readonly RunTerm[]): readonly string[] | null {
  const words = terms.map(({ negated, test }) => (test.kind === "words" && !negated ? withoutStar(test.text) : null))
  return words.length === 0 || words.includes(null) ? null : (words as readonly string[])
}

async function runHit(
  queries: Pick<Queries, "events" | "isArchived">,
  row: ListedRun,
  terms: readonly RunTerm[],
): Promise<SearchHit> {
  // Fetching a batch from far away for a piece of text is for whoever opens the run.
  const events = queries.isArchived(row)
    ? []
    : await queries.events(row.runId, { after: 0, types: searchedTypes, limit: eventsMax })
  const values = runValues(
    events.flatMap((event) => {
      const decoded = decodeEvent(event)
      return decoded.ok ? [decoded.event] : []
    }),
  )
  return {
    kind: "run",
    id: row.runId,
    title: row.workflowName,
    state: row.status,
    at: sortTime(row),
    runId: row.runId,
    places: searchPlaces(row, values, terms),
  }
}

function namedHit({ texts, ...found }: FoundName, words: readonly string[]): SearchHit {
  const places = Object.entries(texts).flatMap(([path, text]) => {
    const place = words.map((word) => placeOfText(text, word)).find((one) => one !== null)
    return place === undefined ? [] : [{ part: "run" as const, path, stepId: null, ...place! }]
  })
  return { ...found, places }
}
