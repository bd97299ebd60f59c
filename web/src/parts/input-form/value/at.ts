/** A JSON value changed at one place; everything beside it stays the very same. Keys are names, or places in a list. */
import type { Json } from "@waybill/contract"
import type { Keys } from "../../../ui/json/json-path.ts"
import { type Field, isList, isObject } from "../schema/field.ts"

export function valueAt(value: Json | undefined, keys: Keys): Json | undefined {
  let at = value
  for (const key of keys) {
    if (isList(at)) at = at[Number(key)]
    else at = isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined
  }
  return at
}

/** `undefined` takes the place away. What is missing above it is made: a list for a number, an object for a name. */
export function withAt(value: Json | undefined, keys: Keys, next: Json | undefined): Json | undefined {
  const [key, ...rest] = keys
  if (key === undefined) return next
  if (typeof key === "number") return inList(isList(value) ? value : [], key, rest, next)
  const object = isObject(value) ? value : {}
  const inner = withAt(Object.hasOwn(object, key) ? object[key] : undefined, rest, next)
  if (inner === undefined) {
    if (!Object.hasOwn(object, key)) return value
    return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key))
  }
  return Object.hasOwn(object, key)
    ? Object.fromEntries(Object.entries(object).map(([name, one]) => [name, name === key ? inner : one]))
    : Object.fromEntries([...Object.entries(object), [key, inner]])
}

function inList(list: readonly Json[], at: number, rest: Keys, next: Json | undefined): readonly Json[] {
  const inner = withAt(list[at], rest, next)
  if (inner === undefined) return list.filter((_, place) => place !== at)
  return at < list.length ? list.map((one, place) => (place === at ? inner : one)) : [...list, inner]
}

export function moved(list: readonly Json[], from: number, to: number): readonly Json[] {
  const rest = list.filter((_, place) => place !== from)
  return [...rest.slice(0, to), list[from]!, ...rest.slice(to)]
}

/** The same entry under another name, in the same place. */
export function renamed(value: Json | undefined, from: string, to: string): Json | undefined {
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name === from ? to : name, one]))
}

/** A name that is not there yet: `name`, `name 2`, … */
export function freeName(value: Json | undefined, wanted: string): string {
  const taken = isObject(value) ? value : {}
  let name = wanted
  for (let count = 2; Object.hasOwn(taken, name); count++) name = `${wanted} ${count}`
  return name
}

/** Properties in the order of the schema, those it does not name behind them: as the form shows them. */
export function ordered(field: Field, value: Json, depth = 0): Json {
  if (depth > DEPTH_MAX) return value
  if (field.kind === "list" && isList(value))
    return value.map((item, at) => ordered((field.first[at] ?? field.item)(), item, depth + 1))
  if (field.kind !== "object" || !isObject(value)) return value
  const declared = field.properties.filter(({ key }) => Object.hasOwn(value, key))
  const names = new Set(declared.map(({ key }) => key))
  return Object.fromEntries([
    ...declared.map(({ key, field: inner }) => [key, ordered(inner(), value[key]!, depth + 1)] as const),
    ...Object.entries(value).filter(([key]) => !names.has(key)),
  ])
}

const DEPTH_MAX = 12
