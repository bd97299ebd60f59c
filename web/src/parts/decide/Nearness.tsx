import type { Approval } from "@waybill/contract"
import { useSyncExternalStore } from "react"
import { cx } from "../../ui/cx.ts"
import { Glyph } from "../../ui/Glyph.tsx"
import { clockNow, subscribeToClock } from "../../ui/time/clock.ts"
import { absoluteTime } from "../../ui/time/time-format.ts"
import { useTimeSettings } from "../../ui/time/time-settings.ts"
import { tipHandlers } from "../../ui/tip/tip-handlers.ts"
import { nearnessOf } from "./deadline.ts"

type NearnessProps = {
  readonly approval: Pick<Approval, "requestedAt" | "dueAt" | "timeoutAt">
  readonly className?: string
}

/** The clock of an approval, live: when it is due or over, louder as it comes near. */
export function Nearness({ approval, className }: NearnessProps) {
  const { zone } = useTimeSettings()
  const words = useSyncExternalStore(subscribeToClock, () => nearnessOf(approval, clockNow()).words)
  const tone = useSyncExternalStore(subscribeToClock, () => nearnessOf(approval, clockNow()).tone)
  const exactly = [
    approval.dueAt !== null && `due ${absoluteTime(approval.dueAt, zone)}`,
    approval.timeoutAt !== null && `ends ${absoluteTime(approval.timeoutAt, zone)}`,
  ].filter((part) => part !== false)
  return (
    <span
      className={cx(
        "inline-flex min-w-0 max-w-full items-center gap-1.5 align-top tabular-nums",
        tone === "quiet" && "text-muted",
        className,
      )}
      {...tipHandlers(exactly.join(", "))}
    >
      <Glyph name={tone === "failed" ? "alert" : "clock"} tone={tone} />
      <span className={cx("truncate", tone !== "quiet" && "font-medium")}>{words}</span>
    </span>
  )
}
