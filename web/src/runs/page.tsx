/**
 * The list of runs: one query, its counts and its histogram, and the table. What is seen is in the address, and tabs,
 * facets and the histogram only edit that. The plain logic lies beside: `query/` the query's text, `list/` the rows and
 * how they are kept right, `time/`, `selection/`, `empty/`. What can be done to a run or to many is of `parts/`.
 */
import { definePage, type NoParams } from "../page/define-page.ts"
import { askedRuns } from "./list/asked.ts"
import { runLoader } from "./list/loaders.ts"
import { countsQuery, histogramQuery, queryFieldsQuery } from "./questions.ts"
import { RunsPage } from "./RunsPage.tsx"
import type { RunsPageSearch } from "./search.ts"

export const page = definePage<NoParams, RunsPageSearch>({
  load: ({ queries, search, env }) => {
    const asked = askedRuns(search, env)
    runLoader(queries, asked).start()
    void queries.prefetchQuery(countsQuery(asked))
    void queries.prefetchQuery(histogramQuery(asked))
    void queries.prefetchQuery(queryFieldsQuery())
  },
  View: RunsPage,
})
