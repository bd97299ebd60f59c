/** Starts over time as bars, stacked by what they ask of a person. Numbers only; `Histogram.tsx` draws them. */
import type { RunHistogram } from "@waybill/contract"
import type { Tone } from "../../ui/tone.ts"
import { countOf, type StatusCounts, statusGroups, totalOf } from "../status-groups.ts"

export interface Stack {
  readonly label: string
  readonly tone: Tone
  readonly count: number
  /** From the ground, 0 to 1 of the highest bar. */
  readonly from: number
  readonly to: number
}

export interface Bar {
  readonly fromMs: number
  readonly toMs: number
  readonly total: number
  readonly stacks: readonly Stack[]
}

/** So high at least is a stack that is not empty: one failure among a thousand runs must be seen. */
export const STACK_MIN = 0.06

export function barsOf({ buckets, bucketMs, to }: RunHistogram): readonly Bar[] {
  const highest = Math.max(1, ...buckets.map(({ byStatus }) => totalOf(byStatus)))
  const end = Date.parse(to)
  return buckets.map(({ at, byStatus }) => {
    const fromMs = Date.parse(at)
    const total = totalOf(byStatus)
    return { fromMs, toMs: Math.min(end, fromMs + bucketMs), total, stacks: stacksOf(byStatus, total / highest) }
  })
}

function stacksOf(counts: StatusCounts, height: number): readonly Stack[] {
  const total = totalOf(counts)
  const parts = statusGroups
    .map((group) => ({ label: group.label, tone: group.tone, count: countOf(group, counts) }))
    .filter(({ count }) => count > 0)
    .map((part) => ({ ...part, share: Math.max(STACK_MIN, (part.count / total) * height) }))
  const sum = parts.reduce((all, { share }) => all + share, 0)
  const shrink = sum > 1 ? 1 / sum : 1
  let at = 0
  return parts.map(({ share, ...part }) => {
    const from = at
    at += share * shrink
    return { ...part, from, to: at }
  })
}

/** `3 failed, 12 completed`. */
export function barWords({ total, stacks }: Bar): string {
  if (total === 0) return "no runs"
  return stacks.map(({ count, label }) => `${count.toLocaleString("en")} ${label.toLowerCase()}`).join(", ")
}

/** From the beginning of one bar to the end of another, whichever comes first. */
export function spanOf(bars: readonly Bar[], a: number, b: number): { readonly from: string; readonly to: string } {
  const first = bars[Math.max(0, Math.min(a, b))]!
  const last = bars[Math.min(bars.length - 1, Math.max(a, b))]!
  return { from: new Date(first.fromMs).toISOString(), to: new Date(last.toMs).toISOString() }
}
