import type { ReactNode } from "react"

export type SortDirection = "asc" | "desc"
export type Sort = { readonly column: string; readonly direction: SortDirection }

/** A column says once how it is headed, how wide it is and what stands in it; `columns.ts` does the rest. */
export type Column<Row> = {
  readonly id: string
  readonly title: string
  /** Drawn instead of the title, which is then only heard. */
  readonly head?: ReactNode
  /** Pixels; with `grow` the least of them. */
  readonly width: number
  /** A share of what is left over. */
  readonly grow?: number
  readonly align?: "start" | "end"
  /** Absent: it cannot be sorted by. Otherwise the direction of the first press. */
  readonly sort?: SortDirection
  /** `false`: it is always there. */
  readonly hideable?: boolean
  readonly cell: (row: Row) => ReactNode
}

/** Row heights in pixels: dense, usual, and for two lines. */
export const rowHeights = { dense: 28, usual: 36, tall: 44 } as const
export type RowHeight = keyof typeof rowHeights
