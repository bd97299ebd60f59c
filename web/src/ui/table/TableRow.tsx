import { memo } from "react"
import { cx } from "../cx.ts"
import { Checkbox } from "../form/Checkbox.tsx"
import type { Column } from "./column.ts"

type TableRowProps<Row> = {
  readonly domId: string
  /** Among the rows, from 0. */
  readonly at: number
  readonly row: Row
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly template: string
  readonly topPx: number
  readonly heightPx: number
  readonly focused: boolean
  /** Undefined: nothing can be selected here. */
  readonly selected: boolean | undefined
}

/** The keyboard's row has an edge: grey while the keyboard is elsewhere, in the accent while it is here. */
const look =
  "absolute inset-x-0 grid items-center border-b hover:bg-hover data-focused:bg-hover data-focused:shadow-[inset_2px_0_0_var(--line-control)] group-focus-visible/table:data-focused:shadow-[inset_2px_0_0_var(--accent)]"

/** Drawn again only when something of its own has changed. What is pressed in it, the table hears. */
export const TableRow = memo(Row) as typeof Row

function Row<R>(props: TableRowProps<R>) {
  const { domId, at, row, label, columns, template, topPx, heightPx, focused, selected } = props
  return (
    <tr
      id={domId}
      // The head is the first row of the table, and counting begins at one.
      aria-rowindex={at + 2}
      aria-selected={selected}
      data-at={at}
      data-focused={focused || undefined}
      className={cx(look, selected && "bg-selected hover:bg-selected data-focused:bg-selected")}
      style={{ gridTemplateColumns: template, height: heightPx, transform: `translateY(${topPx}px)` }}
    >
      {selected !== undefined && (
        <td className="grid h-full place-items-center">
          <Checkbox
            aria-label={`Select ${label}`}
            tabIndex={-1}
            checked={selected}
            data-tick
            onChange={heardByTheTable}
          />
        </td>
      )}
      {columns.map((column) => (
        <td key={column.id} className={cx("min-w-0 truncate px-2", column.align === "end" && "text-right")}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  )
}

/** React asks for one beside `checked`; the press itself tells about shift, which a change does not. */
const heardByTheTable = () => {}
