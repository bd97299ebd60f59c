/** What is drawn for a row of the Gantt chart: each attempt, its time in the queue, the waits between them. */
import type { Axis, Interval } from "./axis.ts"
import { shareAt } from "./axis.ts"
import type { RunTimeline, Span, TimelineNode } from "./timeline.ts"

export type BarKind =
  /** An agent works. */
  | "work"
  /** It waits for a free executor. */
  | "queue"
  /** Between two attempts. */
  | "backoff"
  /** For a time, a person, a signal, a child run. */
  | "wait"
  /** From the first to the last of what it holds. */
  | "around"
  /** It took no time: data was written, a way was chosen. */
  | "instant"

export type BarTone = "completed" | "failed" | "running" | "waiting" | "quiet"

export type Bar = {
  readonly kind: BarKind
  readonly tone: BarTone
  /** Shares of the width. */
  readonly at: number
  readonly width: number
  readonly attempt: number
  readonly ms: number
  /** Of an attempt that is over. */
  readonly outcome: string | null
}

const kinds = {
  queued: "queue",
  running: "work",
  backoff: "backoff",
  waiting: "wait",
  approval: "wait",
  signal: "wait",
  children: "around",
} as const satisfies Record<Span["kind"], BarKind>

export function barsOf(node: TimelineNode, axis: Axis, now: number): readonly Bar[] {
  const spans = node.spans.length > 0 ? node.spans : [wholeOf(node)]
  return spans.flatMap((span) => {
    const to = span.to ?? Math.max(now, span.from)
    if (to < axis.from || span.from > axis.to) return []
    const at = shareAt(axis, span.from)
    const { attempt, outcome } = span
    const bar = { tone: toneOf(span, node), at, width: shareAt(axis, to) - at, attempt, outcome, ms: to - span.from }
    return [{ ...bar, kind: node.spans.length > 0 ? kinds[span.kind] : node.step === null ? "around" : "instant" }]
  })
}

const wholeOf = ({ from, to }: TimelineNode): Span => ({ kind: "children", attempt: 1, from, to, outcome: null })

function toneOf(span: Span, node: TimelineNode): BarTone {
  switch (span.kind) {
    case "queued":
    case "backoff":
    case "waiting":
      return "quiet"
    case "approval":
    case "signal":
      return "waiting"
    case "running":
      return span.to === null ? "running" : (outcomes[span.outcome ?? ""] ?? "quiet")
    case "children":
      return statuses[node.status] ?? "quiet"
  }
}

const outcomes: Readonly<Record<string, BarTone>> = { succeeded: "completed", failed: "failed", timed_out: "failed" }
const statuses: Readonly<Record<string, BarTone>> = {
  SUCCEEDED: "completed",
  FAILED: "failed",
  TIMED_OUT: "failed",
  RUNNING: "running",
  WAITING_APPROVAL: "waiting",
  WAITING_SIGNAL: "waiting",
}

/** When something worked: what is between is idle, and may be folded. Steps that took no time keep their place. */
export function busyOf({ byId }: RunTimeline, now: number): readonly Interval[] {
  const busy: Interval[] = []
  for (const node of byId.values()) {
    if (node.step === null) continue
    if (node.spans.length === 0) busy.push({ from: node.from, to: node.from })
    for (const { kind, from, to } of node.spans)
      if (kind === "running" || kind === "queued") busy.push({ from, to: to ?? now })
  }
  return busy
}

export type Times = { readonly queueMs: number; readonly workMs: number; readonly waitMs: number }

/** Queue time apart from run time, and from what it waited. */
export function timesOf({ spans }: TimelineNode, now: number): Times {
  const sum = (wanted: readonly Span["kind"][]) =>
    spans.reduce((ms, span) => (wanted.includes(span.kind) ? ms + (span.to ?? now) - span.from : ms), 0)
  return {
    queueMs: sum(["queued"]),
    workMs: sum(["running"]),
    waitMs: sum(["backoff", "waiting", "approval", "signal"]),
  }
}
