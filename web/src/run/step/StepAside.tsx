import type { RunSummary } from "@waybill/contract"
import type { ReactNode } from "react"
import type { RunSearch } from "../../paths.ts"
import type { RunTimeline } from "../timeline/timeline.ts"
import { WithAside } from "../WithAside.tsx"
import { StepPanel } from "./StepPanel.tsx"

type StepAsideProps = {
  readonly run: RunSummary
  readonly timeline: RunTimeline
  readonly search: RunSearch
  readonly onClose: () => void
  readonly children: ReactNode
}

/** What is shown of all steps, and beside it the one that the address names. */
export function StepAside({ run, timeline, search, onClose, children }: StepAsideProps) {
  const node = search.step === undefined ? undefined : timeline.byId.get(search.step)
  const panel =
    node?.step == null ? (
      <p className="p-4 text-muted">There is no such step in this run, or it has not begun yet.</p>
    ) : (
      <StepPanel run={run} timeline={timeline} node={node} lane={node.step} search={search} />
    )
  return (
    <WithAside
      title={`Step ${node?.name ?? ""}`}
      aside={search.step === undefined ? undefined : panel}
      onClose={onClose}
    >
      {children}
    </WithAside>
  )
}
