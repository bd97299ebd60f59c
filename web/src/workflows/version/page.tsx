/** One version of a workflow, as it was written. */
import { useQuery } from "@tanstack/react-query"
import { api } from "../../data/api.ts"
import { type Asked, definePage } from "../../page/define-page.ts"
import { Loaded } from "../../page/Loaded.tsx"
import { PageHead } from "../../page/PageHead.tsx"
import type { WorkflowSearch } from "../../paths.ts"

type VersionParams = { readonly workflowId: string; readonly version: string }

export const page = definePage<VersionParams, WorkflowSearch>({ View: VersionPage })

function VersionPage({ params, env }: Asked<VersionParams, WorkflowSearch>) {
  const { workflowId, version } = params
  const written = useQuery({
    queryKey: ["workflow-version", workflowId, version, env],
    queryFn: () => api().workflows.version(workflowId, Number(version), { env }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <>
      <PageHead title={`${workflowId} #${version}`} />
      <Loaded query={written} what="The version">
        {({ text }) => <pre className="mt-3 overflow-x-auto">{text}</pre>}
      </Loaded>
    </>
  )
}
