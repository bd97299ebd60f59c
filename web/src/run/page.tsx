/** One run. */
import { useQuery } from "@tanstack/react-query"
import { runQuery } from "../data/queries.ts"
import { type Asked, definePage } from "../page/define-page.ts"
import { Loaded } from "../page/Loaded.tsx"
import { PageHead } from "../page/PageHead.tsx"
import type { RunSearch } from "../paths.ts"

type RunParams = { readonly runId: string }

export const page = definePage<RunParams, RunSearch>({
  load: ({ queries, params }) => void queries.prefetchQuery(runQuery(params.runId)),
  View: RunPage,
})

function RunPage({ params }: Asked<RunParams, RunSearch>) {
  const run = useQuery(runQuery(params.runId))
  return (
    <>
      <PageHead title={run.data === undefined ? params.runId : `${run.data.workflowName} ${params.runId}`} />
      <Loaded query={run} what="The run">
        {({ status, createdAt }) => (
          <p className="mt-3">
            {status}, created {createdAt}
          </p>
        )}
      </Loaded>
    </>
  )
}
