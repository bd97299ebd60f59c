/** What a run waits to be decided, to be decided where the run is shown. Nothing where it waits for nobody. */
import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { paths } from "../../paths.ts"
import { lookOfApproval } from "../../ui/approval-look.ts"
import { StatusBadge } from "../../ui/StatusBadge.tsx"
import { runApprovalsQuery } from "./approval-query.ts"
import { DecisionPanel } from "./DecisionPanel.tsx"
import { byBreach } from "./deadline.ts"

type RunDecisionProps = {
  readonly runId: string
  /** Only this one, decided or not: the address names it. */
  readonly approvalId?: string
}

export function RunDecision({ runId, approvalId }: RunDecisionProps) {
  const { data } = useQuery(runApprovalsQuery(runId))
  const items = data?.items ?? []
  // What was decided here stays until somebody leaves: who has just decided wants to see what came of it.
  const [seen, setSeen] = useState<readonly string[]>([])
  const fresh = items.filter((one) => one.state === "pending" && !seen.includes(one.approvalId))
  if (fresh.length > 0) setSeen([...seen, ...fresh.map((one) => one.approvalId)])
  const isShown = (id: string) => (approvalId === undefined ? seen.includes(id) : id === approvalId)
  const shown = items.filter((one) => isShown(one.approvalId)).sort(byBreach)
  return shown.map((approval) => (
    <section
      key={approval.approvalId}
      aria-label={`Approval: ${approval.message}`}
      className="rounded-md border bg-surface"
    >
      <header className="flex flex-wrap items-start gap-x-3 gap-y-1 border-b px-4 py-2.5">
        <h2 className="min-w-0 flex-1 basis-56 text-base font-semibold wrap-anywhere">{approval.message}</h2>
        <StatusBadge look={lookOfApproval(approval.state)} />
      </header>
      <div className="px-4 py-3">
        <DecisionPanel approvalId={approval.approvalId} nextTo={paths.approval} inRun />
      </div>
    </section>
  ))
}
