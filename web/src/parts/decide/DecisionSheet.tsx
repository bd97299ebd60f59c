import { useQuery } from "@tanstack/react-query"
import { Link } from "../../page/Link.tsx"
import { paths } from "../../paths.ts"
import { buttonLook } from "../../ui/button-look.ts"
import { Sheet } from "../../ui/overlay/Sheet.tsx"
import { approvalQuery } from "./approval-query.ts"
import { DecisionPanel, type DecisionPanelProps } from "./DecisionPanel.tsx"

type DecisionSheetProps = DecisionPanelProps & { readonly onClose: () => void }

/** One approval beside the page, which stays in use: whoever decides can look at the run, or at the other questions. */
export function DecisionSheet({ onClose, ...panel }: DecisionSheetProps) {
  const { approvalId, say = "" } = panel
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
      <div className="bg-raised px-4 pt-3">
        <DecisionPanel key={`${approvalId} ${say}`} {...panel} />
      </div>
    </Sheet>
  )
}
