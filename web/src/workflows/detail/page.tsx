/** One workflow. */
import { useQuery } from "@tanstack/react-query"
import { workflowQuery } from "../../data/queries.ts"
import { type Asked, definePage } from "../../page/define-page.ts"
import { Loaded } from "../../page/Loaded.tsx"
import { PageHead } from "../../page/PageHead.tsx"
import type { WorkflowSearch } from "../../paths.ts"

type WorkflowParams = { readonly workflowId: string }

export const page = definePage<WorkflowParams, WorkflowSearch>({
  load: ({ queries, params, env }) => void queries.prefetchQuery(workflowQuery(params.workflowId, env)),
  View: WorkflowPage,
})

function WorkflowPage({ params, env }: Asked<WorkflowParams, WorkflowSearch>) {
  const workflow = useQuery(workflowQuery(params.workflowId, env))
  return (
    <>
      <PageHead title={workflow.data?.name ?? params.workflowId} />
      <Loaded query={workflow} what="The workflow">
        {({ description, version, versionNumber, status }) => (
          <p className="mt-3">
            {version} (#{versionNumber}), {status}. {description}
          </p>
        )}
      </Loaded>
    </>
  )
}
