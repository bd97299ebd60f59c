import { defaultRangeExtractor, type Range } from "@tanstack/react-virtual"

/**
 * The rows in view and the one that has the keyboard, which stays in the page when it is scrolled away: a screen reader's
 * place is there. -1: none has it.
 */
export const rowsInViewAnd = (keptAt: number) => (range: Range) => {
  const inView = defaultRangeExtractor(range)
  if (keptAt < 0 || keptAt >= range.count || inView.includes(keptAt)) return inView
  return [...inView, keptAt].sort((a, b) => a - b)
}
