import type { Why } from "@waybill/contract"
import { Button } from "../../ui/Button.tsx"
import type { IconName } from "../../ui/icon-paths.ts"
import { sentence } from "../run-actions/acts.ts"

export type WhyNextStep = NonNullable<Why["next"]>

const icons: Readonly<Record<string, IconName>> = {
  rerun: "rerun",
  resume: "play",
  signal: "signal",
  "retry-now": "undo",
  decide: "person",
  cancel: "stop",
}

/** What is no act of a button: something outside is to be mended, or there is nothing to do but wait. */
const without: ReadonlySet<Why["status"] | string> = new Set(["mend", "wait", "none"])

/** The one thing to do, and why just that. */
export function WhyNext({
  next,
  onNext,
  compact,
}: {
  next: WhyNextStep
  onNext: (next: WhyNextStep) => void
  compact: boolean
}) {
  const { action, label, because, allowed, reason } = next
  const edge = compact ? "border-t pt-3" : "border-t pt-3 lg:border-t-0 lg:border-l lg:pt-0 lg:pl-5"
  return (
    <div className={`flex min-w-0 flex-col items-start gap-1.5 ${edge}`}>
      <p className="text-2xs font-medium text-faint">Next</p>
      {without.has(action) ? (
        <p className="font-medium">{label}</p>
      ) : (
        <Button
          look="primary"
          size="lg"
          icon={icons[action]}
          disabledReason={allowed ? undefined : (reason ?? "It is not possible now.")}
          onClick={() => onNext(next)}
          className="h-auto min-h-9 max-w-full py-1.5 text-left whitespace-normal"
        >
          {label}
        </Button>
      )}
      {because !== "" && <p className="text-pretty text-muted">{sentence(because)}</p>}
    </div>
  )
}
