/**
 * JSON Schemas inside a definition. A field holds the schema itself or the name of one under `use.schemas`; inside a
 * schema, `$ref: "#/use/schemas/x"` refers there too. What comes out stands alone: shared schemas that are referred to
 * are carried along under `$defs`, so that a validator needs nothing but the schema.
 */
import type { Json, JsonObject } from "../../json.ts"
import { isJsonObject } from "../../json.ts"
import { childPointer, stepsOf } from "../../json-pointer.ts"
import { didYouMean } from "./did-you-mean.ts"
import type { FieldReader, Node } from "./field-reader.ts"
import type { Reading } from "./reading.ts"

const SHARED = "#/use/schemas/"
/** Values in schemas, after shared ones were carried to where they are used: each costs about a microsecond at load. */
const SCHEMA_PARTS_MAX = 50_000
/** Keywords whose value is data, not a schema. */
const DATA_KEYWORDS = new Set(["const", "enum", "default", "examples"])
/** Keywords whose value is an object of schemas under names the author chose. */
const MAP_KEYWORDS = new Set(["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"])

export function readSchema(reading: Reading, fields: FieldReader, name: string): JsonObject | null {
  const node = fields.take(name)
  return node && asSchema(reading, fields, node)
}

export function asSchema(reading: Reading, fields: FieldReader, node: Node): JsonObject | null {
  const shared = typeof node.value === "string" ? node.value.replace(SHARED, "") : onlyReference(node.value)
  if (shared !== null) return sharedSchema(reading, node, shared)
  if (!isJsonObject(node.value)) {
    fields.wrongType(node, "a schema is an object, or the name of one under `use.schemas`", "object")
    return null
  }
  const schema = standalone(reading, node.value, node.pointer, node.pointer)
  reading.schemaUses.push({ pointer: node.pointer, schema })
  return schema
}

/** Reads `use.schemas` itself; references between the shared schemas are followed where they are used. */
export function readSharedSchemas(
  reading: Reading,
  entries: readonly (readonly [string, Node])[],
  fields: FieldReader,
): void {
  for (const [name, node] of entries) {
    if (isJsonObject(node.value)) reading.schemas.set(name, node.value)
    else fields.wrongType(node, "a shared schema is an object", "object")
  }
  for (const [name, node] of entries) {
    const schema = reading.schemas.get(name)
    if (!schema) continue
    const made = standalone(reading, schema, node.pointer, node.pointer)
    reading.schemaUses.push({ pointer: node.pointer, schema: made })
  }
}

function onlyReference(value: Json): string | null {
  if (!isJsonObject(value) || Object.keys(value).length !== 1 || typeof value.$ref !== "string") return null
  return value.$ref.startsWith(SHARED) ? value.$ref.slice(SHARED.length) : null
}

function sharedSchema(reading: Reading, node: Node, name: string): JsonObject | null {
  const known = reading.sharedSchemas.get(name)
  if (known !== undefined) return known
  const schema = reading.schemas.get(name)
  if (schema) {
    const made = standalone(reading, schema, null, node.pointer)
    reading.sharedSchemas.set(name, made)
    return made
  }
  unknownSchema(reading, typeof node.value === "string" ? node.pointer : childPointer(node.pointer, "$ref"), name)
  return null
}

function unknownSchema(reading: Reading, pointer: string, name: string): void {
  const hint = didYouMean(name, reading.schemas.keys()) ?? "Define it under `use.schemas`, or write the schema here."
  reading.report.error("unknown_schema", { pointer }, `there is no schema \`${name}\` under \`use.schemas\``, {
    actual: name,
    hint,
  })
}

/**
 * References to nothing are reported below `pointer`; null when they were reported where the schema stands. `use`: where
 * it is wanted. Its parts are counted there, with those of the shared schemas that it carries along: they grow with the
 * number of uses, not with the text.
 */
function standalone(reading: Reading, root: JsonObject, pointer: string | null, use: string): JsonObject {
  const carried = new Map<string, Json>()
  const parts = { count: 0 }
  const carry = (name: string): string => {
    const key = `use:${name}`
    const within = `#/$defs/${escaped(key)}`
    if (carried.has(key)) return within
    carried.set(key, true)
    const change = (ref: string) => sharedName(ref, carry, reading) ?? ref.replace(/^#/, within)
    carried.set(key, rewrite(reading.schemas.get(name) ?? true, change, parts))
    return within
  }
  const change = (ref: string, inside: string): string => {
    const name = ref.startsWith(SHARED) ? nameIn(ref) : null
    if (name !== null && pointer !== null && !reading.schemas.has(name))
      unknownSchema(reading, `${pointer}${inside}/$ref`, name)
    return sharedName(ref, carry, reading) ?? ref
  }
  if (reading.schemaParts > SCHEMA_PARTS_MAX) return {}
  const rewritten = rewrite(root, change, parts) as JsonObject
  reading.schemaParts += parts.count
  if (reading.schemaParts > SCHEMA_PARTS_MAX) tooLarge(reading, use)
  if (carried.size === 0) return rewritten
  const own = isJsonObject(rewritten.$defs) ? rewritten.$defs : {}
  return { ...rewritten, $defs: { ...own, ...Object.fromEntries(carried) } }
}

function tooLarge(reading: Reading, pointer: string): void {
  const message = `the schemas of the workflow have more than ${SCHEMA_PARTS_MAX} parts`
  const hint =
    "What stands under `use.schemas` counts wherever it is used; a schema used by its name alone counts once."
  reading.report.error("too_large", { pointer }, message, { hint })
}

function nameIn(ref: string): string {
  return stepsOf(`/${ref.slice(SHARED.length)}`)[0] ?? ""
}

function sharedName(ref: string, carry: (name: string) => string, reading: Reading): string | null {
  if (!ref.startsWith(SHARED)) return null
  const name = nameIn(ref)
  const rest = ref.slice(SHARED.length + escaped(name).length)
  return reading.schemas.has(name) ? carry(name) + rest : ref
}

function escaped(step: string): string {
  return childPointer("", step).slice(1)
}

/** A copy in which every `$ref` of a schema, not of data, is passed through `change`. */
function rewrite(
  schema: Json,
  change: (ref: string, pointer: string) => string,
  parts: { count: number },
  pointer = "",
  isMap = false,
): Json {
  parts.count += 1
  if (Array.isArray(schema))
    return (schema as readonly Json[]).map((item, i) => rewrite(item, change, parts, childPointer(pointer, i)))
  if (!isJsonObject(schema)) return schema
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]): [string, Json] => {
      if (isMap) return [key, rewrite(value, change, parts, childPointer(pointer, key))]
      if (key === "$ref" && typeof value === "string") return [key, change(value, pointer)]
      if (DATA_KEYWORDS.has(key)) {
        parts.count += Array.isArray(value) ? value.length : 1
        return [key, value]
      }
      return [key, rewrite(value, change, parts, childPointer(pointer, key), MAP_KEYWORDS.has(key))]
    }),
  )
}
