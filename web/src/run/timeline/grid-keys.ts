/** What a key means in the tree grid: up and down, opening and folding, and looking into a step. */
import type { TimelineRow } from "./rows.ts"

export type GridKey =
  | { readonly kind: "move"; readonly id: string }
  | { readonly kind: "fold"; readonly id: string; readonly fold: boolean }
  | { readonly kind: "select"; readonly id: string }

type Pressed = { readonly key: string; readonly ctrlKey: boolean; readonly metaKey: boolean; readonly altKey: boolean }

/** Rows that a page key skips. */
const PAGE = 20

/** `at`: the row under the keyboard; -1 when there is none yet. */
export function gridKey(pressed: Pressed, rows: readonly TimelineRow[], at: number): GridKey | undefined {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey || rows.length === 0) return undefined
  const to = target(pressed.key, rows.length, at)
  if (to !== undefined) return { kind: "move", id: rows[Math.max(0, Math.min(to, rows.length - 1))]!.node.id }
  const row = rows[at]
  if (row === undefined) return undefined
  const { id, step } = row.node
  switch (pressed.key) {
    case "ArrowRight":
      if (row.canFold && !row.isOpen) return { kind: "fold", id, fold: false }
      return row.isOpen ? { kind: "move", id: rows[at + 1]!.node.id } : undefined
    case "ArrowLeft":
      return row.isOpen ? { kind: "fold", id, fold: true } : toHolder(rows, at)
    case "Enter":
    case " ":
      if (step !== null) return { kind: "select", id }
      return row.canFold ? { kind: "fold", id, fold: row.isOpen } : undefined
    default:
      return undefined
  }
}

function target(key: string, count: number, at: number): number | undefined {
  switch (key) {
    case "ArrowDown":
      return at + 1
    case "ArrowUp":
      return at === -1 ? 0 : at - 1
    case "PageDown":
      return at + PAGE
    case "PageUp":
      return at - PAGE
    case "Home":
      return 0
    case "End":
      return count - 1
    default:
      return undefined
  }
}

function toHolder(rows: readonly TimelineRow[], at: number): GridKey | undefined {
  const { depth } = rows[at]!
  const holder = rows.slice(0, at).findLast((row) => row.depth < depth)
  return holder === undefined ? undefined : { kind: "move", id: holder.node.id }
}
