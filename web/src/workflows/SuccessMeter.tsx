import { Meter } from "../ui/Meter.tsx"
import { percent } from "./words.ts"

/** How many of the finished runs have completed; nothing is said where none has finished. */
export function SuccessMeter({ rate, label = "Success in 30 days" }: { rate: number | null; label?: string }) {
  if (rate === null) {
    return (
      <span className="text-faint">
        <span aria-hidden="true">–</span>
        <span className="sr-only">no finished run</span>
      </span>
    )
  }
  return <Meter label={label} value={rate} tone="completed" text={percent(rate)} />
}
