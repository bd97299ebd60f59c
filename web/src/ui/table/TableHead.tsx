import { cx } from "../cx.ts"
import { Checkbox } from "../form/Checkbox.tsx"
import { Icon } from "../Icon.tsx"
import type { Column, Sort } from "./column.ts"
import { ariaSort, nextSort } from "./columns.ts"
import { type Selection, stateOver, toggledAll } from "./selection.ts"
import { HEAD_PX } from "./sizes.ts"

type TableHeadProps<Row> = {
  readonly columns: readonly Column<Row>[]
  readonly template: string
  readonly ids: readonly string[]
  readonly sort?: Sort
  readonly onSort?: (sort: Sort) => void
  readonly selection?: Selection
  readonly onSelection?: (selection: Selection) => void
}

/** Stays at the top while the rows go by. */
export function TableHead<Row>({ columns, template, ids, sort, onSort, selection, onSelection }: TableHeadProps<Row>) {
  return (
    <thead className="sticky top-0 z-10 block">
      <tr
        aria-rowindex={1}
        className="grid border-b bg-surface text-xs text-muted"
        style={{ gridTemplateColumns: template, height: HEAD_PX }}
      >
        {selection !== undefined && (
          <th scope="col" className="grid place-items-center font-normal">
            <Checkbox
              aria-label="Select all rows that are loaded"
              checked={stateOver(selection, ids)}
              onChange={() => onSelection?.(toggledAll(selection, ids))}
            />
          </th>
        )}
        {columns.map((column) => (
          <th
            key={column.id}
            scope="col"
            aria-sort={ariaSort(sort, column)}
            className={cx("flex min-w-0 items-center px-2 font-medium", column.align === "end" && "justify-end")}
          >
            {column.sort === undefined ? (
              <Title column={column} />
            ) : (
              <button
                type="button"
                onClick={() => onSort?.(nextSort(sort, column))}
                className={cx(
                  "-mx-1 inline-flex h-6 min-w-0 items-center gap-1 rounded-xs px-1 hover:text-fg",
                  // The title of a column of figures ends where they end.
                  column.align === "end" && "flex-row-reverse",
                )}
              >
                <Title column={column} />
                {sort?.column === column.id && (
                  <Icon name={sort.direction === "asc" ? "arrow-up" : "arrow-down"} size={12} className="text-fg" />
                )}
              </button>
            )}
          </th>
        ))}
      </tr>
    </thead>
  )
}

function Title<Row>({ column }: { column: Column<Row> }) {
  if (column.head === undefined) return <span className="truncate">{column.title}</span>
  return (
    <>
      <span className="sr-only">{column.title}</span>
      {column.head}
    </>
  )
}
