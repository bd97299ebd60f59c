/** One place of a JSON Schema with what belongs to it: local references are followed and `allOf` is taken together. */
import type { Json, JsonObject } from "@waybill/contract"
import { keysOf } from "../../../ui/json/json-path.ts"
import { isList, isObject } from "./field.ts"

/** Where references lead: inside the schema (`#/$defs/…`), and to what a definition shares (`#/use/schemas/…`). */
export interface Roots {
  readonly schema: JsonObject
  readonly shared: JsonObject
}

export interface Node {
  readonly schema: JsonObject
  readonly roots: Roots
}

const SHARED = "#/use/schemas/"

/** `true` asks for nothing; what is no schema at all is taken as asking for nothing, for the server has accepted it. */
export function nodeOf(schema: Json | undefined, roots: Roots): Node {
  const parts = partsOf(isObject(schema) ? schema : {}, roots)
  const speaking = parts.find((part) => INSIDE.some((word) => Object.hasOwn(part.schema, word))) ?? parts.at(-1)!
  return { schema: merged(parts.map((part) => part.schema)), roots: speaking.roots }
}

/** Keywords that hold schemas, whose references lead from where they stand. */
const INSIDE = ["properties", "items", "prefixItems", "additionalProperties", "oneOf", "anyOf"]

/** The schema, what it refers to, and what stands in its `allOf`: each once, the nearest first. */
function partsOf(schema: JsonObject, roots: Roots): readonly Node[] {
  const seen = new Set<JsonObject>()
  const parts: Node[] = []
  const add = (part: JsonObject, at: Roots): void => {
    if (seen.has(part)) return
    seen.add(part)
    parts.push({ schema: part, roots: at })
    const target = typeof part.$ref === "string" ? referred(part.$ref, at) : null
    if (target !== null) add(target.schema, target.roots)
    if (isList(part.allOf)) for (const item of part.allOf) if (isObject(item)) add(item, at)
  }
  add(schema, roots)
  return parts
}

function referred(ref: string, roots: Roots): Node | null {
  if (ref.startsWith(SHARED)) {
    const [name = "", ...inside] = keysOf(decoded(`/${ref.slice(SHARED.length)}`))
    const shared = roots.shared[name]
    if (!isObject(shared)) return null
    const within = { schema: shared, shared: roots.shared }
    const found = follow(shared, inside)
    return found === null ? null : { schema: found, roots: within }
  }
  if (ref !== "#" && !ref.startsWith("#/")) return null
  const found = follow(roots.schema, keysOf(decoded(ref.slice(1))))
  return found === null ? null : { schema: found, roots }
}

function follow(from: JsonObject, keys: readonly string[]): JsonObject | null {
  let at: Json | undefined = from
  for (const key of keys) {
    if (isList(at)) at = at[Number(key)]
    else at = isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined
  }
  return isObject(at) ? at : null
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}

/** The nearest word counts; properties and required names of all parts hold together. */
function merged(parts: readonly JsonObject[]): JsonObject {
  if (parts.length === 1) return parts[0]!
  const { $ref: _ref, allOf: _allOf, ...rest } = firstWins(parts)
  const properties = firstWins(parts.map((part) => (isObject(part.properties) ? part.properties : {})))
  const required = [...new Set(parts.flatMap((part) => (isList(part.required) ? part.required : [])))]
  return {
    ...rest,
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required }),
  }
}

function firstWins(objects: readonly JsonObject[]): JsonObject {
  const entries = new Map<string, Json>()
  for (const object of objects)
    for (const [key, value] of Object.entries(object)) if (!entries.has(key)) entries.set(key, value)
  return Object.fromEntries(entries)
}
