/** The timeline of the run as it is shown: which rows, along which axis, and what is folded. */
import type { RunSummary, Timeline } from "@waybill/contract"
import { useMemo, useState, useSyncExternalStore } from "react"
import type { RunSearch } from "../../paths.ts"
import { clockNow, subscribeToClock } from "../../ui/time/clock.ts"
import { makeAxis, readZoom } from "./axis.ts"
import { busyOf } from "./bars.ts"
import { criticalPath } from "./critical.ts"
import { failures, holders, rowsOf, unfoldedTo } from "./rows.ts"
import { type RunTimeline, readTimeline } from "./timeline.ts"

const never = () => () => {}

export function useTimeline(data: Timeline, run: RunSummary, search: RunSearch) {
  const timeline = useMemo(() => readTimeline(data, run), [data, run])
  const [folded, setFolded] = useState<ReadonlySet<string>>(nothing)
  const now = useSyncExternalStore(timeline.isOpen ? subscribeToClock : never, () =>
    timeline.isOpen ? clockNow() : timeline.to,
  )
  const wanted = useMemo(() => wantedIn(timeline, search.only, now), [timeline, search.only, now])
  const rows = useMemo(() => rowsOf(timeline, { folded, wanted }), [timeline, folded, wanted])
  const axis = useMemo(() => {
    const window = readZoom(search.zoom, timeline.from) ?? {
      from: timeline.from,
      to: timeline.isOpen ? now : timeline.to,
    }
    return makeAxis(window, busyOf(timeline, now))
  }, [timeline, now, search.zoom])
  return {
    timeline,
    rows,
    axis,
    now,
    hasFolds: folded.size > 0,
    fold: (id: string, fold: boolean) =>
      setFolded((before) => {
        const next = new Set(before)
        if (fold) next.add(id)
        else next.delete(id)
        return next
      }),
    foldAll: (fold: boolean) => setFolded(fold ? holders(timeline) : nothing),
    unfoldTo: (id: string) => setFolded((before) => unfoldedTo(timeline, before, id)),
  }
}

const nothing: ReadonlySet<string> = new Set()

function wantedIn(timeline: RunTimeline, only: RunSearch["only"], now: number): ReadonlySet<string> | undefined {
  if (only === "failed") return failures(timeline)
  return only === "critical" ? criticalPath(timeline, now) : undefined
}
