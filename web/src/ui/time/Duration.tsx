import { useSyncExternalStore } from "react"
import { cx } from "../cx.ts"
import { clockNow, subscribeToClock } from "./clock.ts"
import { formatDuration, formatRunningDuration } from "./duration.ts"
import { type Instant, toMs } from "./time-format.ts"

type DurationProps = {
  /** How long it took; null or absent when it has not ended or not begun. */
  readonly ms?: number | null
  /** When it began: while `ms` is absent it is counted from here, live. */
  readonly since?: Instant | null
  readonly className?: string
}

const never = () => () => {}

export function Duration({ ms, since, className }: DurationProps) {
  const live = typeof ms !== "number" && since !== null && since !== undefined
  const words = useSyncExternalStore(live ? subscribeToClock : never, () =>
    live ? formatRunningDuration(clockNow() - toMs(since)) : formatDuration(ms),
  )
  return <span className={cx("whitespace-nowrap", words === "–" && "text-faint", className)}>{words}</span>
}
