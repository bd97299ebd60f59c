/**
 * A JSON value as a list of rows, as far as it is open. Long texts open into lines of their own, so that every row has one
 * height and a hundred thousand of them can be scrolled.
 */
import { type Keys, pointerOf } from "./json-path.ts"

export type JsonKind = "object" | "array" | "string" | "number" | "boolean" | "null"

export type JsonRow = {
  readonly pointer: string
  readonly keys: Keys
  /** 0 is the value itself. */
  readonly depth: number
  readonly kind: JsonKind
  readonly value: unknown
  /** Members of an object or array. */
  readonly count: number
  readonly canOpen: boolean
  readonly open: boolean
  /** A line of the text above it, which has the same pointer. */
  readonly line?: string
}

export type IsOpen = (pointer: string, depth: number, count: number) => boolean

const ROWS_MAX = 100_000
const LINE_CHARS = 100

export function kindOf(value: unknown): JsonKind {
  if (value === null || value === undefined) return "null"
  if (Array.isArray(value)) return "array"
  const kind = typeof value
  return kind === "object" || kind === "string" || kind === "number" || kind === "boolean" ? kind : "string"
}

export function membersOf(value: unknown): readonly (readonly [string | number, unknown])[] {
  if (Array.isArray(value)) return value.map((item, at) => [at, item] as const)
  return typeof value === "object" && value !== null ? Object.entries(value) : []
}

function countOf(value: unknown): number {
  if (Array.isArray(value)) return value.length
  return typeof value === "object" && value !== null ? Object.keys(value).length : 0
}

/** Text that does not fit a row, in pieces that do. */
export function linesOf(text: string): readonly string[] {
  if (text.length <= LINE_CHARS && !text.includes("\n")) return []
  return text.split("\n").flatMap((line) => line.match(new RegExp(`.{1,${LINE_CHARS}}`, "gu")) ?? [""])
}

/** Depth first and without recursion: a value may be nested deeper than the stack. */
export function jsonRows(root: unknown, isOpen: IsOpen): { readonly rows: readonly JsonRow[]; readonly cut: boolean } {
  const rows: JsonRow[] = []
  const todo: { keys: Keys; value: unknown }[] = [{ keys: [], value: root }]
  while (todo.length > 0) {
    if (rows.length >= ROWS_MAX) return { rows, cut: true }
    const { keys, value } = todo.pop()!
    const row = rowOf(keys, value, isOpen)
    rows.push(row)
    if (!row.open) continue
    for (const [key, member] of membersOf(value).toReversed()) todo.push({ keys: [...keys, key], value: member })
    if (row.kind === "string") rows.push(...linesOf(value as string).map((line) => lineOf(row, line)))
  }
  return { rows, cut: false }
}

function rowOf(keys: Keys, value: unknown, isOpen: IsOpen): JsonRow {
  const kind = kindOf(value)
  const pointer = pointerOf(keys)
  const depth = keys.length
  const count = countOf(value)
  const canOpen = kind === "string" ? linesOf(value as string).length > 0 : count > 0
  return { pointer, keys, depth, kind, value, count, canOpen, open: canOpen && isOpen(pointer, depth, count) }
}

const lineOf = (row: JsonRow, line: string): JsonRow => ({
  ...row,
  depth: row.depth + 1,
  canOpen: false,
  open: false,
  line,
})
