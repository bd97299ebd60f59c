import type { RunSummary } from "@waybill/contract"
import { lookOfRun } from "../../ui/run-look.ts"
import { StatusBadge } from "../../ui/StatusBadge.tsx"

/** Which run it is and how it stands, in a dialog that acts on it: it may have moved since it was opened. */
export function NowStands({ run }: { run: RunSummary }) {
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 rounded-md border bg-sunken px-2.5 py-1.5">
      <span className="font-medium">{run.workflowName}</span>
      <span className="text-mono text-muted">{run.runId}</span>
      <span className="ml-auto" aria-live="polite">
        <span className="text-muted">now </span>
        <StatusBadge look={lookOfRun(run.status)} />
      </span>
    </p>
  )
}
