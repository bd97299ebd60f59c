/** A page of rows that are in memory, sorted by a name that none of them shares: the cursor is the last one's name. */
import { nameCursor, nameOfCursor } from "../shared/parameters.ts"

export interface PageAsked {
  readonly cursor?: string
  readonly limit?: number
}

export function pageBy<Row, Item>(
  rows: readonly Row[],
  nameOf: (row: Row) => string,
  document: (row: Row) => Item,
  { cursor, limit = 50 }: PageAsked,
): { items: Item[]; nextCursor: string | null } {
  const after = nameOfCursor(cursor)
  const from = after === null ? 0 : rows.findIndex((row) => nameOf(row) > after)
  const page = from < 0 ? [] : rows.slice(from, from + limit)
  const isLast = from < 0 || from + limit >= rows.length
  return { items: page.map(document), nextCursor: isLast ? null : nameCursor(nameOf(page[page.length - 1]!)) }
}
