/**
 * What changed between two JSON values, as JSON pointers: two contexts of a run, two versions of a definition.
 * Arrays whose items all carry a `name` of their own are matched by it, so that one new state is one change.
 */
import { isJsonObject, type Json, type JsonObject } from "../json.ts"
import { childPointer } from "../json-pointer.ts"

export interface JsonChange {
  /** Into the older value for what was removed, else into the newer. */
  readonly pointer: string
  readonly op: "added" | "removed" | "changed"
  readonly from?: Json
  readonly to?: Json
}

export interface JsonChanges {
  readonly changes: readonly JsonChange[]
  /** There are more than `limit`. */
  readonly truncated: boolean
}

export function jsonChanges(from: Json, to: Json, limit: number): JsonChanges {
  const changes: JsonChange[] = []
  compare(from, to, "", (change) => {
    if (changes.length <= limit) changes.push(change)
    return changes.length <= limit
  })
  return { changes: changes.slice(0, limit), truncated: changes.length > limit }
}

/** False = enough was found. */
type Report = (change: JsonChange) => boolean

function compare(from: Json, to: Json, pointer: string, report: Report): boolean {
  if (Object.is(from, to)) return true
  if (Array.isArray(from) && Array.isArray(to)) return compareArrays(from, to, pointer, report)
  if (isJsonObject(from) && isJsonObject(to)) return compareObjects(from, to, pointer, report)
  return report({ pointer, op: "changed", from, to })
}

function compareObjects(from: JsonObject, to: JsonObject, pointer: string, report: Report): boolean {
  for (const key of Object.keys(from)) {
    const at = childPointer(pointer, key)
    const goesOn = Object.hasOwn(to, key)
      ? compare(from[key]!, to[key]!, at, report)
      : report({ pointer: at, op: "removed", from: from[key]! })
    if (!goesOn) return false
  }
  for (const key of Object.keys(to)) {
    if (!Object.hasOwn(from, key) && !report({ pointer: childPointer(pointer, key), op: "added", to: to[key]! }))
      return false
  }
  return true
}

function compareArrays(from: readonly Json[], to: readonly Json[], pointer: string, report: Report): boolean {
  const fromKeys = keysOf(from)
  const toKeys = keysOf(to)
  const byName = fromKeys !== null && toKeys !== null && sameOrder(fromKeys, toKeys)
  const newPlace = new Map<string | number, number>((byName ? toKeys : to.map((_, i) => i)).map((key, i) => [key, i]))
  const kept = new Set<number>()
  for (let i = 0; i < from.length; i++) {
    const place = newPlace.get(byName ? fromKeys[i]! : i)
    if (place !== undefined) kept.add(place)
    const goesOn =
      place === undefined
        ? report({ pointer: `${pointer}/${i}`, op: "removed", from: from[i]! })
        : compare(from[i]!, to[place]!, `${pointer}/${place}`, report)
    if (!goesOn) return false
  }
  for (let i = 0; i < to.length; i++) {
    if (!kept.has(i) && !report({ pointer: `${pointer}/${i}`, op: "added", to: to[i]! })) return false
  }
  return true
}

/** Both in the same order, where they hold the same names: a reordering is shown place by place. */
function sameOrder(from: readonly string[], to: readonly string[]): boolean {
  const inFrom = new Set(from)
  const common = to.filter((name) => inFrom.has(name))
  const inTo = new Set(common)
  return from.filter((name) => inTo.has(name)).every((name, i) => name === common[i])
}

/** The names of the items when each has one of its own; else null. */
function keysOf(items: readonly Json[]): readonly string[] | null {
  const names: string[] = []
  for (const item of items) {
    const name = isJsonObject(item) ? item.name : undefined
    if (typeof name !== "string") return null
    names.push(name)
  }
  return new Set(names).size === names.length ? names : null
}
