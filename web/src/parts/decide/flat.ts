/** How evidence is laid out so that what matters is seen without a press. */
import type { Json } from "@waybill/contract"

const ENTRIES_MAX = 12
const CHARS_MAX = 300
/** As much of a tree as is opened by itself. */
const ROWS_MAX = 40
const DEPTH_MAX = 8

/** The fields of a small object without anything inside them; null: it is none. */
export function flatEntries(value: Json): readonly (readonly [string, Json])[] | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null
  const entries = Object.entries(value)
  if (entries.length === 0 || entries.length > ENTRIES_MAX) return null
  return entries.every(([, one]) => isSmall(one)) ? entries : null
}

function isSmall(value: Json): boolean {
  return typeof value === "string" ? value.length <= CHARS_MAX : typeof value !== "object" || value === null
}

const LINES_MAX = 12
const LINE_CHARS = 60

/** How many of the fields stand in as many lines as leave room for the choices below them; never none. */
export function entriesInSight(entries: readonly (readonly [string, Json])[]): number {
  let lines = 0
  const cut = entries.findIndex(([, value]) => {
    lines += typeof value === "string" ? Math.max(1, Math.ceil(value.length / LINE_CHARS)) : 1
    return lines > LINES_MAX
  })
  return cut === -1 ? entries.length : Math.max(1, cut)
}

/** How deep a tree may be opened before it is longer than a look; never less than its first level. */
export function depthInSight(value: Json): number {
  let level = inside(value)
  let rows = 1 + level.length
  let depth = 1
  while (depth < DEPTH_MAX) {
    level = level.flatMap(inside)
    rows += level.length
    if (level.length === 0 || rows > ROWS_MAX) return depth
    depth++
  }
  return depth
}

const inside = (value: Json): readonly Json[] =>
  typeof value === "object" && value !== null ? Object.values(value as Record<string, Json>) : []
