import type { Look } from "../../ui/look.ts"

/** What is said of a state in the picture. */
export type DiagramMark = {
  readonly look?: Look
  /** One short line: `4 times, 1 failed`, `p95 1.2 s`. */
  readonly words: string
}

export type DiagramProps = {
  /** As JSON. */
  readonly definition: unknown
  readonly label: string
  /** By the place of a state (`placeOf`). */
  readonly marks?: ReadonlyMap<string, DiagramMark>
  /** States without a mark are drawn paler: the run has not come to them. */
  readonly isOverlay?: boolean
  readonly selected?: string
  /** Absent: nothing can be chosen. */
  readonly onSelect?: (place: string) => void
}
