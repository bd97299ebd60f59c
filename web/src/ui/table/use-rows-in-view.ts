import { useVirtualizer } from "@tanstack/react-virtual"
import { type RefObject, useCallback, useEffect } from "react"
import { rowsInViewAnd } from "../rows-in-view.ts"
import { HEAD_PX } from "./sizes.ts"

/** So near to the end more is asked for. */
const NEAR_END_ROWS = 10
const OVERSCAN_ROWS = 8

type Options = {
  readonly scroller: RefObject<HTMLElement | null>
  readonly ids: readonly string[]
  readonly rowPx: number
  /** -1: none. */
  readonly focusedAt: number
  readonly onEnd?: () => void
  readonly onView?: (from: number, to: number) => void
}

/** Which rows are drawn and where, and when the last of them is near. */
export function useRowsInView({ scroller, ids, rowPx, focusedAt, onEnd, onView }: Options) {
  // One function while the rows are the same ones, as high as they are: with another all places are reckoned anew.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const getItemKey = useCallback((at: number) => ids[at]!, [ids, rowPx])
  const virtual = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    getItemKey,
    overscan: OVERSCAN_ROWS,
    scrollMargin: HEAD_PX,
    scrollPaddingStart: HEAD_PX,
    onChange: ({ range }) => range && onView?.(range.startIndex, range.endIndex + 1),
    rangeExtractor: rowsInViewAnd(focusedAt),
  })

  // No event of the reader's: rows may fit without any scrolling, and then more are asked for all the same.
  const nearEnd = ids.length > 0 && (virtual.range?.endIndex ?? -1) >= ids.length - NEAR_END_ROWS
  // biome-ignore lint/correctness/useExhaustiveDependencies: again with each page of rows that came
  useEffect(() => {
    if (nearEnd) onEnd?.()
  }, [nearEnd, ids.length])

  return virtual
}
