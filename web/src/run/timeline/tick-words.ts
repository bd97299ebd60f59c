import { formatDuration } from "../../ui/time/duration.ts"
import type { Tick } from "./axis.ts"

/** Of the smallest text: a letter, and what is left free before and behind the words. */
const LETTER_PX = 6
const BESIDE_PX = 6

/**
 * What stands at each mark of an axis so many pixels wide; nothing where the words would be cut, as close before a fold.
 * Behind an afternoon that was folded, marks a few milliseconds apart would all read the same: then the first says when
 * it is, and those after it how much later they are.
 */
export function tickWords(ticks: readonly Tick[], widthPx: number): readonly string[] {
  let first: { readonly ms: number; readonly words: string } | null = null
  return ticks.map(({ ms, room }) => {
    const time = ms === 0 ? "0" : formatDuration(ms)
    const isLater = first?.words === time
    const words = isLater ? `+${formatDuration(ms - first!.ms)}` : time
    if (room * widthPx < words.length * LETTER_PX + BESIDE_PX) return ""
    if (!isLater) first = { ms, words: time }
    return words
  })
}
