/** The hours and buckets of a question: what rollups answer exactly is a number of whole hours. */
import { hourMs } from "../../core/measures/rollup.ts"
import type { BucketSize } from "../../door/measures.ts"

const dayMs = 24 * hourMs

export const bucketsMax = 1_000

/** @returns null: there would be more than `bucketsMax` */
export function bucketStarts(from: number, to: number, size: BucketSize | null): readonly number[] | null {
  if (size === null) return []
  const step = size === "hour" ? hourMs : dayMs
  const first = Math.floor(from / step) * step
  if ((to - first) / step > bucketsMax) return null
  const starts: number[] = []
  for (let at = first; at < to; at += step) starts.push(Math.max(at, from))
  return starts
}

export function isWholeHours(from: number, to: number): boolean {
  return from % hourMs === 0 && to % hourMs === 0
}

/** The end of the hour that a time lies in. */
export function endOfHour(at: number): number {
  return (Math.floor(at / hourMs) + 1) * hourMs
}
