import { type PointerEvent, useCallback, useState } from "react"
import { cx } from "../../ui/cx.ts"
import { formatDuration } from "../../ui/time/duration.ts"
import { type Axis, apartOn, type Interval, msAt, ticksOf } from "./axis.ts"
import { ganttColumns, treeColumns, wide, wider } from "./grid-columns.ts"
import { tickWords } from "./tick-words.ts"

type HeadProps = {
  readonly axis: Axis | undefined
  readonly zero: number
  readonly onZoom: (window: Interval | undefined) => void
}

const row = "sticky top-0 z-10 block rounded-t-md border-b bg-surface"
const columns = "grid h-8 items-center text-left text-xs text-muted [&>th]:font-medium"

export function TreeHead(_: HeadProps) {
  return (
    <thead className={row}>
      <tr aria-rowindex={1} className={cx(columns, treeColumns)}>
        <th scope="col" className="pl-3">
          Step
        </th>
        <th scope="col" className={wide}>
          Type
        </th>
        <th scope="col" className={wide}>
          Status
        </th>
        <th scope="col" className={cx("text-right", wider)}>
          Begins
        </th>
        <th scope="col" className={cx("text-right", wider)}>
          Queue
        </th>
        <th scope="col" className="pr-3 text-right">
          Duration
        </th>
      </tr>
    </thead>
  )
}

export function GanttHead({ axis, zero, onZoom }: HeadProps) {
  return (
    <thead className={row}>
      <tr aria-rowindex={1} className={cx(columns, ganttColumns)}>
        <th scope="col" className="pl-3">
          Step
        </th>
        <th scope="col" className="h-full">
          <span className="sr-only">Over time</span>
          {axis && <AxisHead axis={axis} zero={zero} onZoom={onZoom} />}
        </th>
        <th scope="col" className={cx("pr-3 text-right", wide)}>
          Duration
        </th>
      </tr>
    </thead>
  )
}

const FOLD_WORDS_PX = 44

/** The width of an element, in pixels, for as long as it is in the page. */
function useWidth() {
  const [widthPx, setWidth] = useState(0)
  const measured = useCallback((element: HTMLElement) => {
    const observer = new ResizeObserver(() => setWidth(element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [widthPx, measured] as const
}

/** Marks of time; dragging over them looks closer, twice pressed shows all again. */
function AxisHead({ axis, zero, onZoom }: { axis: Axis; zero: number; onZoom: HeadProps["onZoom"] }) {
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number }>()
  const [widthPx, measured] = useWidth()
  const shareOf = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect()
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width))
  }
  function end() {
    if (drag === undefined) return
    setDrag(undefined)
    const [a, b] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)]
    if (b - a > 0.01) onZoom({ from: msAt(axis, a), to: msAt(axis, b) })
  }
  const ticks = ticksOf(axis, zero, apartOn(widthPx))
  const words = tickWords(ticks, widthPx)
  return (
    <span
      ref={measured}
      aria-hidden="true"
      className="relative block h-full cursor-col-resize touch-none overflow-hidden"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        setDrag({ from: shareOf(event), to: shareOf(event) })
      }}
      onPointerMove={(event) => drag && setDrag({ ...drag, to: shareOf(event) })}
      onPointerUp={end}
      onPointerCancel={() => setDrag(undefined)}
      onDoubleClick={() => onZoom(undefined)}
    >
      {ticks.map(({ at, ms }, index) => (
        <span
          key={ms}
          className="absolute inset-y-0 border-l border-line pl-1 leading-8 font-normal whitespace-nowrap text-faint"
          style={{ left: `${at * 100}%` }}
        >
          {words[index]}
        </span>
      ))}
      {axis.pieces
        .filter((piece) => piece.isFolded)
        .map((piece) => (
          <span
            key={piece.from}
            title={`${formatDuration(piece.to - piece.from)} in which nothing worked`}
            className="absolute inset-y-0 grid place-items-center overflow-hidden border-x bg-sunken text-2xs whitespace-nowrap text-faint"
            style={{ left: `${piece.at * 100}%`, width: `${piece.width * 100}%` }}
          >
            {piece.width * widthPx > FOLD_WORDS_PX ? formatDuration(piece.to - piece.from) : "⋯"}
          </span>
        ))}
      {drag && (
        <span
          className="absolute inset-y-0 bg-selected opacity-70"
          style={{
            left: `${Math.min(drag.from, drag.to) * 100}%`,
            width: `${Math.abs(drag.to - drag.from) * 100}%`,
          }}
        />
      )}
    </span>
  )
}
