/** Substring search whose worst case is charged before it runs: engines look for long needles in quadratic time. */
import { CHARS_PER_STEP } from "./limits.ts"
import type { Meter } from "./meter.ts"

const NEEDLE_FREE = 8

/** Charges one search of the whole haystack; the worst case is one comparison for each pair of characters. */
export function chargeSearch(haystack: number, needle: number, meter: Meter): void {
  const comparisons = haystack * Math.max(1, Math.min(needle, haystack) / NEEDLE_FREE)
  meter.step(Math.floor(comparisons / CHARS_PER_STEP))
}

/** Occurrences that do not overlap, at most `limit`. */
export function countMatches(text: string, needle: string, meter: Meter, limit = Number.POSITIVE_INFINITY): number {
  chargeSearch(text.length, needle.length, meter)
  if (needle === "") return Math.min(limit, text.length + 1)
  let count = 0
  for (let at = text.indexOf(needle); at >= 0 && count < limit; at = text.indexOf(needle, at + needle.length)) {
    meter.step()
    count++
  }
  return count
}
