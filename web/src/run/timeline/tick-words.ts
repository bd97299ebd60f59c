import { formatDuration } from "../../ui/time/duration.ts"
import type { Tick } from "./axis.ts"

/**
 * What stands at each mark. Behind an afternoon that was folded, marks a few milliseconds apart would all read the same:
 * then the first says when it is, and those after it how much later they are.
 */
export function tickWords(ticks: readonly Tick[]): readonly string[] {
  let first: { readonly ms: number; readonly words: string } | null = null
  return ticks.map(({ ms }) => {
    const words = ms === 0 ? "0" : formatDuration(ms)
    if (first?.words === words) return `+${formatDuration(ms - first.ms)}`
    first = { ms, words }
    return words
  })
}
