/** What changed between two versions of a workflow. */
import { useQuery } from "@tanstack/react-query"
import { api } from "../../data/api.ts"
import { type Asked, definePage, type NoSearch } from "../../page/define-page.ts"
import { Loaded } from "../../page/Loaded.tsx"
import { PageHead } from "../../page/PageHead.tsx"

type PairParams = { readonly workflowId: string; readonly pair: string }

export const page = definePage<PairParams>({ View: VersionsPage })

function VersionsPage({ params, env }: Asked<PairParams, NoSearch>) {
  const { workflowId, pair } = params
  const [from, to] = pair.split("...").map(Number)
  const diff = useQuery({
    queryKey: ["workflow-diff", workflowId, pair, env],
    queryFn: () => api().workflows.diff(workflowId, from ?? Number.NaN, to ?? Number.NaN, { env }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <>
      <PageHead title={`${workflowId} ${pair}`} />
      <Loaded query={diff} what="The difference">
        {({ changes }) => (
          <ul className="mt-3">
            {changes.map(({ op, pointer }) => (
              <li key={pointer}>
                {op} <code>{pointer}</code>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </>
  )
}
