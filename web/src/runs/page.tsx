/** The list of runs: one query, its counts and its histogram, and the table. What is seen is in the address. */
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
