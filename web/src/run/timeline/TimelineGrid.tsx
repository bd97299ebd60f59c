/**
 * The tree and the Gantt chart: the same rows, with columns of figures or with bars. Only the rows in view are in the
 * page, which itself scrolls. It is a tree grid to a screen reader: each row says in words what its bars show.
 */
import { defaultRangeExtractor, useWindowVirtualizer } from "@tanstack/react-virtual"
import {
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react"
import type { Axis, Interval } from "./axis.ts"
import { GanttHead, TreeHead } from "./GridHead.tsx"
import { GridRow } from "./GridRow.tsx"
import { gridKey } from "./grid-keys.ts"
import type { TimelineRow } from "./rows.ts"
import type { RunTimeline } from "./timeline.ts"

const ROW_PX = 28
/** The head stays above the rows when the page is scrolled. */
const HEAD_PX = 33
const OVERSCAN_ROWS = 12

export type GridHandle = { readonly reveal: (id: string) => void }

export type TimelineGridProps = {
  readonly timeline: RunTimeline
  readonly rows: readonly TimelineRow[]
  /** Absent: columns instead of bars. */
  readonly axis?: Axis
  readonly now: number
  /** The row under the keyboard. */
  readonly cursor: string | undefined
  /** The step that is looked into. */
  readonly selected: string | undefined
  readonly onCursor: (id: string) => void
  readonly onSelect: (id: string) => void
  readonly onFold: (id: string, fold: boolean) => void
  readonly onZoom: (window: Interval | undefined) => void
  readonly empty: ReactNode
  readonly ref?: Ref<GridHandle>
}

export function TimelineGrid(props: TimelineGridProps) {
  const { timeline, rows, axis, now, cursor, selected, onCursor, onSelect, onFold, onZoom, empty } = props
  const list = useRef<HTMLTableSectionElement>(null)
  const grid = useId()
  const top = useTopOf(list)
  const at = cursor === undefined ? -1 : rows.findIndex((row) => row.node.id === cursor)
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN_ROWS,
    scrollMargin: top,
    scrollPaddingStart: HEAD_PX,
    getItemKey: (index) => rows[index]!.node.id,
    // The keyboard's row stays in the page when it is scrolled away: a screen reader's place is there.
    rangeExtractor: (range) => {
      const inView = defaultRangeExtractor(range)
      return at === -1 || inView.includes(at) ? inView : [...inView, at].sort((a, b) => a - b)
    },
  })
  useImperativeHandle(props.ref, () => ({
    reveal: (id) => {
      const index = rows.findIndex((row) => row.node.id === id)
      if (index !== -1) virtual.scrollToIndex(index)
    },
  }))

  function onKeyDown(event: KeyboardEvent) {
    const meant = gridKey(event, rows, at)
    if (meant === undefined) return
    event.preventDefault()
    event.stopPropagation()
    if (meant.kind === "fold") return onFold(meant.id, meant.fold)
    if (meant.kind === "select") return onSelect(meant.id)
    onCursor(meant.id)
    virtual.scrollToIndex(rows.findIndex((row) => row.node.id === meant.id))
  }

  const Head = axis === undefined ? TreeHead : GanttHead
  return (
    <>
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table with a keyboard and levels is a tree grid
        role="treegrid"
        aria-label={axis === undefined ? "Steps as a tree" : "Steps over time"}
        aria-rowcount={rows.length + 1}
        aria-colcount={axis === undefined ? 6 : 3}
        aria-activedescendant={at === -1 ? undefined : `${grid}${rows[at]!.node.id}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
        className="group/grid block rounded-md border bg-surface focus-visible:outline-none"
      >
        <Head axis={axis} zero={timeline.from} onZoom={onZoom} />
        <tbody ref={list} className="relative block" style={{ height: rows.length * ROW_PX }}>
          {virtual.getVirtualItems().map(({ index, key, start }) => {
            const row = rows[index]!
            return (
              <GridRow
                key={key}
                id={`${grid}${row.node.id}`}
                row={row}
                index={index}
                top={start - top}
                axis={axis}
                zero={timeline.from}
                now={row.node.to === null ? now : 0}
                isCursor={index === at}
                isSelected={row.node.id === selected}
                onPress={row.node.step === null ? undefined : onSelect}
                onFold={onFold}
              />
            )
          })}
        </tbody>
      </table>
      {rows.length === 0 && <p className="px-4 py-8 text-center text-muted">{empty}</p>}
    </>
  )
}

/** Where the list begins in the page; it moves when what stands above it grows. */
function useTopOf(list: { readonly current: HTMLElement | null }): number {
  const [top, setTop] = useState(0)
  // effect: the place of an element is known to the browser alone, and changes with what stands above it.
  useLayoutEffect(() => {
    const measure = () => {
      const box = list.current?.getBoundingClientRect()
      if (box !== undefined) setTop(Math.round(box.top + window.scrollY))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(document.body)
    return () => observer.disconnect()
  }, [list])
  return top
}
