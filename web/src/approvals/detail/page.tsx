/** One approval. */
import { queryOptions, useQuery } from "@tanstack/react-query"
import { api } from "../../data/api.ts"
import { type Asked, definePage, type NoSearch } from "../../page/define-page.ts"
import { Loaded } from "../../page/Loaded.tsx"
import { PageHead } from "../../page/PageHead.tsx"

type ApprovalParams = { readonly approvalId: string }

const asked = (approvalId: string) =>
  queryOptions({
    queryKey: ["approval", approvalId],
    queryFn: () => api().approvals.get(approvalId),
    meta: { live: ["approvals"] },
  })

export const page = definePage<ApprovalParams>({
  load: ({ queries, params }) => void queries.prefetchQuery(asked(params.approvalId)),
  View: ApprovalPage,
})

function ApprovalPage({ params }: Asked<ApprovalParams, NoSearch>) {
  const approval = useQuery(asked(params.approvalId))
  return (
    <>
      <PageHead title="Approval" />
      <Loaded query={approval} what="The approval">
        {({ message, state }) => (
          <p className="mt-3">
            {message}: {state}
          </p>
        )}
      </Loaded>
    </>
  )
}
