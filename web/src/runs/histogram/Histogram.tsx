/**
 * When the runs that match started, stacked by status. Drawn over with the pointer, or with Shift and the arrows, it
 * becomes the time range of the page; a table says the same to who does not see it. Of all time it begins with
 * the first run that matches, and says so.
 */
import { useQuery } from "@tanstack/react-query"
import { type KeyboardEvent, type PointerEvent, useState } from "react"
import { cx } from "../../ui/cx.ts"
import { calendarDay, shortTime } from "../../ui/time/time-format.ts"
import { useTimeSettings } from "../../ui/time/time-settings.ts"
import { toneColor } from "../../ui/tone.ts"
import type { AskedRuns } from "../list/asked.ts"
import { names } from "../query/edit.ts"
import { runFields } from "../query/fields.ts"
import { histogramQuery } from "../questions.ts"
import type { TimeRange } from "../time/time-range.ts"
import { type Bar, barsOf, barWords, spanOf } from "./bars.ts"
import { HistogramTable } from "./HistogramTable.tsx"

interface HistogramProps {
  readonly asked: AskedRuns
  readonly onZoom: (range: TimeRange) => void
}

const HEIGHT = 100

/** Which bars are marked: where it began, and where it is now. */
type Marked = { readonly from: number; readonly to: number } | null

export function Histogram({ asked, onZoom }: HistogramProps) {
  const { data } = useQuery(histogramQuery(asked))
  const { zone } = useTimeSettings()
  const [at, setAt] = useState<number | null>(null)
  const [marked, setMarked] = useState<Marked>(null)
  const bars = data === undefined ? [] : barsOf(data)
  if (bars.length === 0) return <div className="h-18" />
  const words = (bar: Bar) => `${stamp(bar.fromMs, zone)} – ${clock(bar.toMs, zone)}: ${barWords(bar)}`
  const here = bars[at ?? -1]

  function zoom(range: NonNullable<Marked>) {
    setMarked(null)
    onZoom(spanOf(bars, range.from, range.to))
  }

  function barAt(event: PointerEvent): number {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    return Math.max(0, Math.min(bars.length - 1, Math.floor(((event.clientX - left) / width) * bars.length)))
  }

  function onPointerDown(event: PointerEvent) {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const pressed = barAt(event)
    setMarked({ from: pressed, to: pressed })
  }

  function onPointerMove(event: PointerEvent) {
    const now = barAt(event)
    if (now !== at) setAt(now)
    if (marked !== null && now !== marked.to) setMarked({ from: marked.from, to: now })
  }

  function onKeyDown(event: KeyboardEvent) {
    const from = at ?? bars.length - 1
    const to = target(event.key, from, bars.length)
    if (to !== undefined) {
      setAt(to)
      setMarked(event.shiftKey ? { from: marked?.from ?? from, to } : null)
    } else if (event.key === "Enter") zoom(marked ?? { from, to: from })
    else if (event.key === "Escape" && marked !== null) setMarked(null)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <figure className="min-w-0">
      <div
        role="slider"
        tabIndex={0}
        aria-label="Starts over time"
        aria-describedby="histogram-keys"
        aria-valuemin={0}
        aria-valuemax={bars.length - 1}
        aria-valuenow={at ?? bars.length - 1}
        aria-valuetext={words(here ?? bars.at(-1)!)}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={() => marked !== null && zoom(marked)}
        onPointerCancel={() => setMarked(null)}
        onPointerLeave={() => setAt(null)}
        className="h-12 cursor-crosshair touch-pan-y select-none border-b"
      >
        <svg
          aria-hidden="true"
          viewBox={`0 0 ${bars.length} ${HEIGHT}`}
          preserveAspectRatio="none"
          className="block size-full"
        >
          {marked !== null && (
            <rect
              x={Math.min(marked.from, marked.to)}
              width={Math.abs(marked.to - marked.from) + 1}
              height={HEIGHT}
              fill="var(--selected)"
            />
          )}
          {at !== null && <rect x={at} width={1} height={HEIGHT} fill="var(--hover)" />}
          {bars.map((bar, index) =>
            bar.stacks.map(({ tone, from, to }) => (
              <rect
                key={`${bar.fromMs} ${tone}`}
                x={index + 0.1}
                width={0.8}
                y={HEIGHT * (1 - to)}
                height={HEIGHT * (to - from)}
                fill={toneColor(tone)}
              />
            )),
          )}
        </svg>
      </div>
      <figcaption className="flex items-baseline justify-between gap-3 pt-0.5 text-2xs text-muted">
        <span className="whitespace-nowrap">
          {!names(asked.query, runFields.started) && "All time, from "}
          {stamp(bars[0]!.fromMs, zone)}
        </span>
        <span aria-hidden="true" className={cx("min-w-0 truncate", here === undefined && "text-faint max-md:hidden")}>
          {here === undefined ? "Draw over it to look closer" : words(here)}
        </span>
        <span className="whitespace-nowrap">
          {data?.exact === false && "of the newest runs, "}
          {stamp(bars.at(-1)!.toMs, zone)}
        </span>
      </figcaption>
      <p id="histogram-keys" hidden>
        Arrow keys move, Shift marks a range, Enter looks closer.
      </p>
      <HistogramTable bars={bars} zone={zone} />
    </figure>
  )
}

function target(key: string, at: number, count: number): number | undefined {
  if (key === "ArrowLeft" || key === "ArrowDown") return Math.max(0, at - 1)
  if (key === "ArrowRight" || key === "ArrowUp") return Math.min(count - 1, at + 1)
  if (key === "Home") return 0
  return key === "End" ? count - 1 : undefined
}

function clock(ms: number, zone: string | undefined): string {
  return shortTime(ms, ms, zone).slice(0, 5)
}

function stamp(ms: number, zone: string | undefined): string {
  return `${calendarDay(ms, Date.now(), zone)} ${clock(ms, zone)}`
}
