/** One approval, on a page of its own: for a link in a message, and for whoever wants all the room. */
import { useQuery } from "@tanstack/react-query"
import { type Asked, definePage, type NoSearch } from "../../page/define-page.ts"
import { InEnvironment } from "../../page/InEnvironment.tsx"
import { Link } from "../../page/Link.tsx"
import { PageHead } from "../../page/PageHead.tsx"
import { approvalQuery } from "../../parts/decide/approval-query.ts"
import { DecisionPanel } from "../../parts/decide/DecisionPanel.tsx"
import { paths } from "../../paths.ts"
import { lookOfApproval } from "../../ui/approval-look.ts"
import { linkLook } from "../../ui/button-look.ts"
import { StatusBadge } from "../../ui/StatusBadge.tsx"

type ApprovalParams = { readonly approvalId: string }

export const page = definePage<ApprovalParams>({
  load: ({ queries, params }) => void queries.prefetchQuery(approvalQuery(params.approvalId)),
  View: ApprovalPage,
})

function ApprovalPage({ params }: Asked<ApprovalParams, NoSearch>) {
  const { data } = useQuery(approvalQuery(params.approvalId))
  return (
    <div className="mx-auto w-full max-w-3xl lg:max-w-6xl">
      {data !== undefined && <InEnvironment env={data.environment} />}
      <Link to={paths.approvals()} className={linkLook}>
        All approvals
      </Link>
      <div className="mt-1 mb-3">
        <PageHead
          title={data?.message ?? "Approval"}
          actions={data !== undefined && <StatusBadge look={lookOfApproval(data.state)} shape="tint" />}
        />
      </div>
      <div className="rounded-md border bg-surface px-4 pt-4">
        <DecisionPanel key={params.approvalId} approvalId={params.approvalId} nextTo={paths.approval} roomy />
      </div>
    </div>
  )
}
