import type { Step } from "@waybill/contract"
import { CopyId } from "../../ui/CopyId.tsx"
import { EmptyState } from "../../ui/EmptyState.tsx"

/** The place of logs. Nothing is shown there that is not so. */
export function StepLater({ step }: { step: Step }) {
  return (
    <EmptyState title="Logs are not kept yet" icon="log" className="py-6">
      What agents log goes to the server's own log for now
      {step.spanId === null ? "." : ", under this step's span: "}
      {step.spanId !== null && <CopyId id={step.spanId} label="span id" whole />}
    </EmptyState>
  )
}
