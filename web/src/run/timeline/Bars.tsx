import type { CSSProperties } from "react"
import { cx } from "../../ui/cx.ts"
import { lookOfStep } from "../../ui/step-look.ts"
import { formatDuration } from "../../ui/time/duration.ts"
import type { Axis } from "./axis.ts"
import { type Bar, type BarKind, barsOf, timesOf } from "./bars.ts"
import type { TimelineNode } from "./timeline.ts"

const fills = {
  completed: "bg-completed",
  failed: "bg-failed",
  running: "bg-running",
  waiting: "bg-waiting",
  quiet: "bg-quiet",
} as const satisfies Record<Bar["tone"], string>

const colours = {
  completed: "var(--status-completed)",
  failed: "var(--status-failed)",
  running: "var(--status-running)",
  waiting: "var(--status-waiting)",
  quiet: "var(--status-quiet)",
} as const satisfies Record<Bar["tone"], string>

/** Work is solid, waiting is hatched, the queue a thin line, and a holder a bracket around what it holds. */
const shapes = {
  work: "top-[9px] h-2.5 rounded-xs",
  queue: "top-[13px] h-0.5 opacity-70",
  backoff: "top-[13px] h-0",
  wait: "top-[9px] h-2.5 rounded-xs border",
  around: "top-[13px] h-[3px] rounded-full opacity-45",
  instant: "top-[9px] h-2.5 w-0.5 rounded-full opacity-60",
} as const satisfies Record<BarKind, string>

/** The row of a step over time, and the same in words. */
export function Bars({ node, axis, now }: { node: TimelineNode; axis: Axis; now: number }) {
  return (
    <td className="relative block h-full overflow-hidden">
      {axis.pieces
        .filter((piece) => piece.isFolded)
        .map((piece) => (
          <span
            key={piece.from}
            aria-hidden="true"
            className="absolute inset-y-0 bg-sunken"
            style={{ left: `${piece.at * 100}%`, width: `${piece.width * 100}%` }}
          />
        ))}
      {barsOf(node, axis, now).map((bar, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the segments of a step stay in their order
        <span key={at} aria-hidden="true" title={titleOf(bar)} className={classOf(bar)} style={styleOf(bar)} />
      ))}
      <span className="sr-only">{barWords(node, now)}</span>
    </td>
  )
}

function classOf({ kind, tone }: Bar): string {
  const isLine = kind === "backoff" || kind === "wait"
  return cx("absolute min-w-0.5", shapes[kind], !isLine && fills[tone], tone === "running" && "animate-breathe")
}

function styleOf({ kind, tone, at, width }: Bar): CSSProperties {
  const colour = colours[tone]
  const place = { left: `${at * 100}%`, ...(kind !== "instant" && { width: `${width * 100}%` }) }
  if (kind === "backoff") return { ...place, borderTop: `2px dotted ${colour}` }
  if (kind !== "wait") return place
  const stripe = `color-mix(in srgb, ${colour} 45%, transparent)`
  return {
    ...place,
    borderColor: colour,
    backgroundImage: `repeating-linear-gradient(135deg, ${stripe} 0 2px, transparent 2px 5px)`,
  }
}

const kindWords = {
  work: "worked",
  queue: "in the queue",
  backoff: "waited to try again",
  wait: "waited",
  around: "",
  instant: "took no time",
} as const satisfies Record<BarKind, string>

/** Under the pointer. */
function titleOf({ kind, attempt, ms, outcome }: Bar): string {
  const what = kind === "work" ? `attempt ${attempt}${outcome === null ? "" : `, ${outcome}`}` : kindWords[kind]
  return kind === "instant" ? what : [what, formatDuration(ms)].filter(Boolean).join(": ")
}

/** What the bars show, for who does not see them. */
export function barWords(node: TimelineNode, now: number): string {
  const { queueMs, workMs, waitMs } = timesOf(node, now)
  const attempts = new Set(node.spans.filter((span) => span.kind === "running").map((span) => span.attempt)).size
  return [
    lookOfStep(node.status).word,
    workMs > 0 && `worked ${formatDuration(workMs)}${attempts > 1 ? ` in ${attempts} attempts` : ""}`,
    queueMs > 0 && `queued ${formatDuration(queueMs)}`,
    waitMs > 0 && `waited ${formatDuration(waitMs)}`,
  ]
    .filter(Boolean)
    .join(", ")
}
