import type { Json } from "@waybill/contract"

const ENTRIES_MAX = 12
const CHARS_MAX = 300

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
