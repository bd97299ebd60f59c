import { useQuery } from "@tanstack/react-query"
import { Link } from "../../page/Link.tsx"
import { approvalQuery } from "../../parts/decide/approval-query.ts"
import { DecisionPanel } from "../../parts/decide/DecisionPanel.tsx"
import { type ApprovalsSearch, paths } from "../../paths.ts"
import { buttonLook } from "../../ui/button-look.ts"
import { Sheet } from "../../ui/overlay/Sheet.tsx"

type ApprovalSheetProps = {
  readonly approvalId: string
  readonly search: ApprovalsSearch
  readonly onClose: () => void
}

/** One approval beside the list, which stays in use. */
export function ApprovalSheet({ approvalId, search, onClose }: ApprovalSheetProps) {
  const { data } = useQuery(approvalQuery(approvalId))
  return (
    <Sheet
      open
      modal={false}
      width="lg"
      onClose={onClose}
      title={data?.message ?? "Approval"}
      actions={
        <Link to={paths.approval(approvalId)} className={buttonLook({ look: "quiet" })}>
          Full page
        </Link>
      }
    >
      <div className="px-4 py-3">
        <DecisionPanel
          key={`${approvalId} ${search.say ?? ""}`}
          approvalId={approvalId}
          say={search.say}
          nextTo={(open) => paths.approvals({ ...search, open, say: undefined })}
        />
      </div>
    </Sheet>
  )
}
