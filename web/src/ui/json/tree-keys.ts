/** What a key means in a tree of rows. */
import type { JsonRow } from "./json-rows.ts"

export type TreeKey =
  | { readonly kind: "move"; readonly to: number }
  | { readonly kind: "toggle"; readonly row: JsonRow }
  | { readonly kind: "copy-value"; readonly row: JsonRow }
  | { readonly kind: "copy-path"; readonly row: JsonRow }

const PAGE_ROWS = 10

export function treeKey(key: string, rows: readonly JsonRow[], at: number): TreeKey | undefined {
  const row = rows[at]
  if (row === undefined) return undefined
  const move = (to: number): TreeKey => ({ kind: "move", to: Math.max(0, Math.min(to, rows.length - 1)) })
  switch (key) {
    case "ArrowDown":
    case "j":
      return move(at + 1)
    case "ArrowUp":
    case "k":
      return move(at - 1)
    case "PageDown":
      return move(at + PAGE_ROWS)
    case "PageUp":
      return move(at - PAGE_ROWS)
    case "Home":
      return move(0)
    case "End":
      return move(rows.length - 1)
    case "ArrowRight":
      return row.open ? move(at + 1) : row.canOpen ? { kind: "toggle", row } : undefined
    case "ArrowLeft":
      return row.open ? { kind: "toggle", row } : move(parentOf(rows, at))
    case "Enter":
    case " ":
      return row.canOpen ? { kind: "toggle", row } : undefined
    case "c":
      return { kind: "copy-value", row }
    case "p":
      return { kind: "copy-path", row }
    default:
      return undefined
  }
}

function parentOf(rows: readonly JsonRow[], at: number): number {
  for (let above = at - 1; above >= 0; above--) if (rows[above]!.depth < rows[at]!.depth) return above
  return at
}
