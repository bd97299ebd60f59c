/** The order of the list: as the address and the API write it, and as the table's head shows it. */
import type { Sort } from "../../ui/table/column.ts"

export const DEFAULT_SORT = "-startedAt"

/** By column; what is not here cannot be sorted by. */
const keys: Readonly<Record<string, string>> = {
  started: "startedAt",
  created: "createdAt",
  status: "status",
  duration: "duration",
}

/** Undefined: the default, or nothing that is known. */
export function readSort(text: string | undefined): string | undefined {
  if (text === undefined || text === DEFAULT_SORT) return undefined
  return Object.values(keys).includes(text.replace(/^-/, "")) ? text : undefined
}

export function sortShown(text: string | undefined): Sort | undefined {
  const asked = text ?? DEFAULT_SORT
  const column = Object.keys(keys).find((id) => keys[id] === asked.replace(/^-/, ""))
  return column === undefined ? undefined : { column, direction: asked.startsWith("-") ? "desc" : "asc" }
}

export function sortText({ column, direction }: Sort): string | undefined {
  return readSort(`${direction === "desc" ? "-" : ""}${keys[column] ?? ""}`)
}
