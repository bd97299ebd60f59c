/**
 * Our own pass that fills in a schema's defaults, once, on a copy (rule 30): under `properties`, `items`, local `$ref`
 * and `allOf` only, where it is certain that they hold. Elsewhere — `anyOf`, `oneOf`, `if`, … — a `default` is a note
 * for readers, and the definition gets a warning (`unappliedDefaults`). The value given is never changed.
 */
import type { Json, JsonObject } from "../json.ts"
import { isJsonObject } from "../json.ts"
import { childPointer } from "../json-pointer.ts"
import { followLocalRef } from "./local-ref.ts"

/** Deeper than any value may be (rule 20), so that a schema that refers to itself comes to an end. */
const DEPTH_MAX = 64

interface Pass {
  readonly root: JsonObject
  /** Properties that were just filled in, on the way down: a default that would contain itself stops here. */
  readonly filled: readonly JsonObject[]
  readonly depth: number
}

export function applyDefaults(schema: JsonObject, value: Json): Json {
  return fill(schema, value, { root: schema, filled: [], depth: 0 })
}

function fill(schema: JsonObject, value: Json, pass: Pass): Json {
  if (typeof value !== "object" || value === null || pass.depth >= DEPTH_MAX) return value
  let filled = value
  for (const part of partsOf(schema, pass.root)) {
    filled = Array.isArray(filled)
      ? fillItems(part, filled as readonly Json[], pass)
      : fillProperties(part, filled as JsonObject, pass)
  }
  return filled
}

function fillItems(schema: JsonObject, items: readonly Json[], pass: Pass): readonly Json[] {
  const { items: itemSchema, prefixItems } = schema
  if (!isJsonObject(itemSchema)) return items
  const first = Array.isArray(prefixItems) ? prefixItems.length : 0
  const filled = items.map((item, i) => (i < first ? item : fill(itemSchema, item, { ...pass, depth: pass.depth + 1 })))
  return filled.every((item, i) => item === items[i]) ? items : filled
}

function fillProperties(schema: JsonObject, object: JsonObject, pass: Pass): JsonObject {
  if (!isJsonObject(schema.properties)) return object
  let copy: Record<string, Json> | null = null
  for (const [name, property] of Object.entries(schema.properties)) {
    if (!isJsonObject(property)) continue
    const value = Object.hasOwn(object, name)
      ? fill(property, object[name] ?? null, { ...pass, depth: pass.depth + 1 })
      : missing(property, pass)
    if (value === undefined || (Object.hasOwn(object, name) && value === object[name])) continue
    copy ??= { ...object }
    copy[name] = value
  }
  return copy ?? object
}

/** The default of a property that is absent, with the defaults inside it. */
function missing(property: JsonObject, pass: Pass): Json | undefined {
  if (pass.filled.includes(property)) return undefined
  const found = partsOf(property, pass.root).find((part) => Object.hasOwn(part, "default"))
  if (found === undefined) return undefined
  return fill(property, found.default ?? null, { ...pass, filled: [...pass.filled, property], depth: pass.depth + 1 })
}

/** The schema itself and what holds together with it: local references and `allOf`, each once. */
function partsOf(schema: JsonObject, root: JsonObject): readonly JsonObject[] {
  const parts = new Set<JsonObject>()
  const add = (part: JsonObject): void => {
    if (parts.has(part)) return
    parts.add(part)
    const target = typeof part.$ref === "string" ? followLocalRef(root, part.$ref) : null
    if (target) add(target.schema)
    if (Array.isArray(part.allOf)) for (const item of part.allOf as readonly Json[]) if (isJsonObject(item)) add(item)
  }
  add(schema)
  return [...parts]
}

/** Pointers of every `default` that `applyDefaults` never fills in. */
export function unappliedDefaults(schema: JsonObject): readonly string[] {
  const all = new Set<string>()
  collectDefaults(schema, "", all)
  const applied = new Set<string>()
  collectApplied({ schema, pointer: "" }, false, { root: schema, applied, visited: new Set() })
  return [...all].filter((pointer) => !applied.has(pointer))
}

/** Keywords that hold one schema, a list of schemas, or schemas by name. */
const INSIDE_ONE = [
  "items",
  "contains",
  "additionalProperties",
  "unevaluatedProperties",
  "unevaluatedItems",
  "propertyNames",
  "not",
  "if",
  "then",
  "else",
]
const INSIDE_LIST = ["allOf", "anyOf", "oneOf", "prefixItems"]
const INSIDE_MAP = ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"]

/** The schemas directly inside a schema. */
export function* subschemas(
  schema: JsonObject,
  pointer: string,
): Generator<{ schema: JsonObject; pointer: string; keyword: string }> {
  for (const [keyword, value] of Object.entries(schema)) {
    const at = childPointer(pointer, keyword)
    if (INSIDE_ONE.includes(keyword) && isJsonObject(value)) yield { schema: value, pointer: at, keyword }
    const list = INSIDE_LIST.includes(keyword) && Array.isArray(value) ? (value as readonly Json[]) : []
    const map = INSIDE_MAP.includes(keyword) && isJsonObject(value) ? value : {}
    for (const [step, item] of [...list.entries(), ...Object.entries(map)]) {
      if (isJsonObject(item)) yield { schema: item, pointer: childPointer(at, step), keyword }
    }
  }
}

function collectDefaults(schema: JsonObject, pointer: string, found: Set<string>): void {
  if (Object.hasOwn(schema, "default")) found.add(`${pointer}/default`)
  for (const inside of subschemas(schema, pointer)) collectDefaults(inside.schema, inside.pointer, found)
}

interface Collection {
  readonly root: JsonObject
  readonly applied: Set<string>
  readonly visited: Set<string>
}

function collectApplied(
  at: { schema: JsonObject; pointer: string },
  isProperty: boolean,
  collection: Collection,
): void {
  const key = `${isProperty}${at.pointer}`
  if (collection.visited.has(key)) return
  collection.visited.add(key)
  if (isProperty && Object.hasOwn(at.schema, "default")) collection.applied.add(`${at.pointer}/default`)
  const target = typeof at.schema.$ref === "string" ? followLocalRef(collection.root, at.schema.$ref) : null
  if (target) collectApplied(target, isProperty, collection)
  for (const inside of subschemas(at.schema, at.pointer)) {
    if (inside.keyword === "allOf") collectApplied(inside, isProperty, collection)
    if (inside.keyword === "properties") collectApplied(inside, true, collection)
    if (inside.keyword === "items") collectApplied(inside, false, collection)
  }
}
