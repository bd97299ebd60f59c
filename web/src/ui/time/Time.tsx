import { useSyncExternalStore } from "react"
import { cx } from "../cx.ts"
import { tipHandlers } from "../tip/tip-handlers.ts"
import { clockNow, subscribeToClock } from "./clock.ts"
import { absoluteTime, type Instant, relativeTime, shortTime, toMs } from "./time-format.ts"
import { useTimeSettings } from "./time-settings.ts"

type TimeProps = {
  readonly at: Instant | null | undefined
  /** Overrules what the reader has chosen: `absolute` in logs and evidence. */
  readonly shown?: "relative" | "absolute"
  readonly className?: string
}

/** An instant: live and relative or absolute, as the reader wants it; to the millisecond, with its zone and UTC, as a tooltip. */
export function Time({ at, shown, className }: TimeProps) {
  const settings = useTimeSettings()
  const words = useSyncExternalStore(subscribeToClock, () => inWords(at, shown ?? settings.shown, settings.zone))
  if (at === null || at === undefined) return <span className={cx("text-faint", className)}>–</span>
  return (
    <time dateTime={isoOf(at)} className={className} {...tipHandlers(<Exactly at={at} zone={settings.zone} />)}>
      {words}
    </time>
  )
}

function inWords(at: TimeProps["at"], shown: "relative" | "absolute", zone?: string): string {
  if (at === null || at === undefined) return "–"
  return shown === "relative" ? relativeTime(at, clockNow(), zone) : shortTime(at, clockNow(), zone)
}

function isoOf(at: Instant): string | undefined {
  const ms = toMs(at)
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString()
}

function Exactly({ at, zone }: { at: Instant; zone?: string }) {
  return (
    <>
      {absoluteTime(at, zone)}
      <span className="block text-muted">{absoluteTime(at, "UTC")}</span>
    </>
  )
}
