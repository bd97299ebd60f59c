import { useSyncExternalStore } from "react"
import type { LiveState, LiveStatus } from "../live/connection.ts"
import { useLiveConnection, useLiveStatus } from "../live/use-live.ts"
import { cx } from "../ui/cx.ts"
import { clockNow, subscribeToClock } from "../ui/time/clock.ts"

const words = {
  connecting: "Connecting",
  live: "Live",
  reconnecting: "Reconnecting",
  stale: "Not live",
  paused: "Paused",
  closed: "Not connected",
} as const satisfies Record<LiveState, string>

const dots = {
  connecting: "bg-quiet",
  live: "bg-completed",
  reconnecting: "bg-waiting",
  stale: "bg-waiting",
  paused: "bg-quiet",
  closed: "bg-failed",
} as const satisfies Record<LiveState, string>

/** How fresh what is shown is: live, or how old. Its state is announced when it changes, its age is not. */
export function LiveMark() {
  const status = useLiveStatus()
  const connection = useLiveConnection()
  const isAway = status.state === "stale" || status.state === "closed"
  return (
    <span className="flex items-center gap-1.5 px-1 whitespace-nowrap">
      <span aria-hidden="true" className={cx("size-2 rounded-full", dots[status.state])} />
      <span role="status" className={cx(status.state === "live" && "max-sm:sr-only")}>
        {words[status.state]}
      </span>
      {isAway && <Age status={status} />}
      {isAway && (
        <button type="button" className="text-accent underline" onClick={() => connection.retry()}>
          Connect
        </button>
      )}
    </span>
  )
}

function Age({ status }: { status: LiveStatus }) {
  const now = useSyncExternalStore(subscribeToClock, clockNow)
  return <span className="text-muted">data {Math.max(0, Math.round((now - status.freshAt) / 1000))} s old</span>
}
