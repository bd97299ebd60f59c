/**
 * A table of any length: only the rows in view are in the page. It knows rows by id, draws what its columns say and tells
 * what the reader does; it loads, sorts and keeps nothing. New rows are put in by its owner, when the reader asks.
 */
import {
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  type Ref,
  useId,
  useMemo,
  useRef,
  useState,
} from "react"
import { cx } from "../cx.ts"
import { type Column, type RowHeight, rowHeights, type Sort } from "./column.ts"
import { gridTemplate, leastWidthPx } from "./columns.ts"
import { type Selection, toggled, toggledRange } from "./selection.ts"
import { HEAD_PX, TICK_PX } from "./sizes.ts"
import { TableHead } from "./TableHead.tsx"
import { TableRow } from "./TableRow.tsx"
import { tableKey } from "./table-keys.ts"
import { useRowsInView } from "./use-rows-in-view.ts"

export type VirtualTableProps<Row> = {
  readonly label: string
  readonly rows: readonly Row[]
  readonly rowId: (row: Row) => string
  /** Heard when the row's box is reached: `run_…, Failed`. Absent: the id. */
  readonly rowLabel?: (row: Row) => string
  /** Those that are shown (`shownColumns`). */
  readonly columns: readonly Column<Row>[]
  readonly height?: RowHeight
  /** How many there are in all, beyond what is loaded; absent when nobody knows. */
  readonly total?: number
  readonly sort?: Sort
  readonly onSort?: (sort: Sort) => void
  /** Absent: nothing can be selected. */
  readonly selection?: Selection
  readonly onSelection?: (selection: Selection) => void
  /** The row under the keyboard; kept here when the owner does not keep it. */
  readonly focused?: string
  readonly onFocused?: (id: string) => void
  /** `Space`. */
  readonly onPeek?: (row: Row) => void
  /** `Enter`, or a press on the row beside its links and buttons. */
  readonly onOpen?: (row: Row) => void
  /** The last row is near: more may be loaded. */
  readonly onEnd?: () => void
  /** Which rows are seen, by position, `to` behind the last: told while scrolling. */
  readonly onView?: (from: number, to: number) => void
  /** Under the last row: loading, all shown, what went wrong. */
  readonly footer?: ReactNode
  /** Instead of rows. */
  readonly empty?: ReactNode
  /** What is shown is being asked for again. */
  readonly busy?: boolean
  /** The table itself: `ref.current.focus()` gives it the keyboard. */
  readonly ref?: Ref<HTMLTableElement>
  readonly className?: string
}

/** The rows hold no handlers, so that one which did not change is not drawn again while others scroll by. */
const TICK_BOX = "[data-tick]"
/** A press there is theirs, not the row's. */
const OWN_PRESS = "a, button, input, label, [role=button]"

export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { label, rows, rowId, columns, height = "usual", total, selection, footer, empty, busy, className } = props
  const scroller = useRef<HTMLDivElement>(null)
  const table = useId()
  const [ownFocus, setOwnFocus] = useState<string>()
  const [anchor, setAnchor] = useState<string>()
  const ids = useMemo(() => rows.map(rowId), [rows, rowId])
  const focusedId = props.focused ?? ownFocus
  const focusedAt = focusedId === undefined ? -1 : ids.indexOf(focusedId)
  const rowPx = rowHeights[height]
  const virtual = useRowsInView({ scroller, ids, rowPx, focusedAt, onEnd: props.onEnd, onView: props.onView })

  function focusRow(at: number) {
    const id = ids[at]!
    setOwnFocus(id)
    props.onFocused?.(id)
    virtual.scrollToIndex(at)
  }

  function tick(id: string, range: boolean) {
    if (selection === undefined) return
    setAnchor(id)
    props.onSelection?.(range ? toggledRange(selection, ids, anchor, id) : toggled(selection, id))
  }

  function onKeyDown(event: KeyboardEvent) {
    // What stands in a row has keys of its own: Space on its box, Enter on its link.
    if (event.target !== event.currentTarget && (event.key === " " || event.key === "Enter")) return
    const page = Math.floor(((scroller.current?.clientHeight ?? 0) - HEAD_PX) / rowPx) - 1
    const meant = tableKey(event, { at: focusedAt, rows: rows.length, page: Math.max(1, page) })
    if (meant === undefined) return
    event.preventDefault()
    event.stopPropagation()
    const row = rows[focusedAt]
    if (meant.kind === "move") focusRow(meant.to)
    else if (row === undefined) return
    else if (meant.kind === "tick") tick(rowId(row), meant.range)
    else if (meant.kind === "peek") props.onPeek?.(row)
    else props.onOpen?.(row)
  }

  /** Who comes by Tab stands on a row, or nothing would show where the keyboard is. */
  function onFocus(event: FocusEvent) {
    const byKey = event.target === event.currentTarget && event.target.matches(":focus-visible")
    if (byKey && focusedAt === -1 && rows.length > 0) focusRow(0)
  }

  function onClick(event: MouseEvent) {
    const pressed = event.target as Element
    const at = Number(pressed.closest<HTMLElement>("[data-at]")?.dataset.at ?? -1)
    if (at === -1) return
    if (pressed.matches(TICK_BOX)) return tick(ids[at]!, event.shiftKey)
    // Text that was just marked is to be copied, not opened.
    if (pressed.closest(OWN_PRESS) || window.getSelection()?.isCollapsed === false) return
    focusRow(at)
    props.onOpen?.(rows[at]!)
  }

  const widths = selection === undefined ? columns : [{ width: TICK_PX }, ...columns]
  const template = gridTemplate(widths)
  const domId = (at: number) => `${table}${ids[at]}`
  return (
    <div ref={scroller} className={cx("relative h-full min-h-0 overflow-auto overscroll-contain", className)}>
      <table
        ref={props.ref}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table with a keyboard is a grid
        role="grid"
        aria-label={label}
        aria-rowcount={total === undefined ? -1 : total + 1}
        aria-colcount={widths.length}
        aria-multiselectable={selection !== undefined || undefined}
        aria-activedescendant={focusedAt === -1 ? undefined : domId(focusedAt)}
        aria-busy={busy || undefined}
        tabIndex={0}
        onFocus={onFocus}
        onKeyDown={onKeyDown}
        onClick={onClick}
        style={{ minWidth: leastWidthPx(widths) }}
        className={cx("group/table block w-full", focusedAt !== -1 && "focus-visible:outline-none")}
      >
        <TableHead {...props} ids={ids} template={template} />
        {rows.length > 0 && (
          <tbody className="relative block" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map(({ key, index, start }) => (
              <TableRow
                key={key}
                domId={domId(index)}
                at={index}
                row={rows[index]!}
                label={props.rowLabel?.(rows[index]!) ?? ids[index]!}
                columns={columns}
                template={template}
                topPx={start - HEAD_PX}
                heightPx={rowPx}
                focused={index === focusedAt}
                selected={selection?.has(ids[index]!)}
              />
            ))}
          </tbody>
        )}
      </table>
      {rows.length === 0 && <div className="sticky left-0">{empty}</div>}
      {footer && <div className="sticky left-0">{footer}</div>}
    </div>
  )
}
