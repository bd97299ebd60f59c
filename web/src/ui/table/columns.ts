/** Which columns are seen and how wide they are. */
import type { Column, Sort } from "./column.ts"

/** Those that are chosen and those that cannot be hidden, in the order in which they are defined. */
export function shownColumns<Row>(columns: readonly Column<Row>[], chosen: readonly string[] | undefined) {
  if (chosen === undefined) return columns
  return columns.filter((column) => column.hideable === false || chosen.includes(column.id))
}

type Widths = readonly { readonly width: number; readonly grow?: number }[]

/** For `grid-template-columns`: the same for each row, so that they stand under one another. */
export const gridTemplate = (columns: Widths): string =>
  columns.map(({ width, grow }) => (grow === undefined ? `${width}px` : `minmax(${width}px, ${grow}fr)`)).join(" ")

/** Narrower than this the table scrolls sideways in its own box. */
export const leastWidthPx = (columns: Widths): number => columns.reduce((sum, { width }) => sum + width, 0)

/** The first press sorts in the column's own direction, each further one turns it. */
export function nextSort<Row>(sort: Sort | undefined, column: Column<Row>): Sort {
  const first = column.sort ?? "asc"
  if (sort?.column !== column.id) return { column: column.id, direction: first }
  return { column: column.id, direction: sort.direction === "asc" ? "desc" : "asc" }
}

export function ariaSort<Row>(sort: Sort | undefined, column: Column<Row>) {
  if (column.sort === undefined) return undefined
  if (sort?.column !== column.id) return "none"
  return sort.direction === "asc" ? "ascending" : "descending"
}
