/**
 * Which rollups answer a question of time: whole days by the day, unless it asks for hours, and what is left at both ends
 * by the hour. Each span is one short read (rule 29).
 */
import { dayMs, dayOf, hourMs } from "../../../core/measures/rollup.ts"
import type { MeasureQuestion } from "../../../ports/measure-store.ts"

export interface MeasureSpan {
  readonly unit: "hour" | "day"
  readonly from: number
  readonly to: number
}

/** Of one read; a day's rows are about as many as a few hours'. */
const hoursMs = 24 * hourMs
const daysMs = 14 * dayMs

export function spansOf({
  from,
  to,
  bucketStarts,
}: Pick<MeasureQuestion, "from" | "to" | "bucketStarts">): MeasureSpan[] {
  const first = dayOf(from + dayMs - 1)
  const last = dayOf(to)
  // The first bucket may begin within a day; the others say how long they are.
  if (bucketStarts.slice(1).some((start) => start % dayMs !== 0) || first >= last) return cut("hour", from, to, hoursMs)
  return [...cut("hour", from, first, hoursMs), ...cut("day", first, last, daysMs), ...cut("hour", last, to, hoursMs)]
}

function cut(unit: MeasureSpan["unit"], from: number, to: number, most: number): MeasureSpan[] {
  const spans: MeasureSpan[] = []
  for (let at = from; at < to; at += most) spans.push({ unit, from: at, to: Math.min(to, at + most) })
  return spans
}
