import type { Run } from "@waybill/contract"
import type { ReactNode } from "react"
import type { RunSearch } from "../../paths.ts"
import { Sheet } from "../../ui/overlay/Sheet.tsx"
import type { RunTimeline } from "../timeline/timeline.ts"
import { useFits } from "../use-fits.ts"
import { StepPanel } from "./StepPanel.tsx"

type StepAsideProps = {
  readonly run: Run
  readonly timeline: RunTimeline
  readonly search: RunSearch
  /** Undefined: none. */
  readonly onSelect: (id: string | undefined) => void
  readonly children: ReactNode
}

/** What is shown of all steps, and beside it the one that was chosen; over it where the window is narrow. */
export function StepAside({ run, timeline, search, onSelect, children }: StepAsideProps) {
  const isWide = useFits("64rem")
  const node = search.step === undefined ? undefined : timeline.byId.get(search.step)
  const close = () => onSelect(undefined)
  if (search.step === undefined) return <div className="@container min-w-0">{children}</div>
  const panel =
    node?.step == null ? (
      <p className="p-4 text-muted">There is no such step in this run, or it has not begun yet.</p>
    ) : (
      <StepPanel run={run} timeline={timeline} node={node} lane={node.step} search={search} onClose={close} />
    )
  if (!isWide) {
    return (
      <div className="@container min-w-0">
        {children}
        <Sheet open onClose={close} title={node?.name ?? "Step"}>
          {panel}
        </Sheet>
      </div>
    )
  }
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_minmax(22rem,36%)] items-start gap-4">
      <div className="@container min-w-0">{children}</div>
      <aside
        aria-label={`Step ${node?.name ?? ""}`}
        className="sticky top-2 mt-1.5 max-h-[calc(100dvh-1rem)] overflow-y-auto rounded-md border bg-surface"
      >
        {panel}
      </aside>
    </div>
  )
}
