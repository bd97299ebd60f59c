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
  const schema = standalone(reading, node.value, node.pointer)
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
    if (schema) reading.schemaUses.push({ pointer: node.pointer, schema: standalone(reading, schema, node.pointer) })
  }
}

function onlyReference(value: Json): string | null {
  if (!isJsonObject(value) || Object.keys(value).length !== 1 || typeof value.$ref !== "string") return null
  return value.$ref.startsWith(SHARED) ? value.$ref.slice(SHARED.length) : null
}

function sharedSchema(reading: Reading, node: Node, name: string): JsonObject | null {
  const schema = reading.schemas.get(name)
  if (schema) return standalone(reading, schema, null)
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

/** References to nothing are reported below `pointer`; null when they were reported where the schema stands. */
function standalone(reading: Reading, root: JsonObject, pointer: string | null): JsonObject {
  const carried = new Map<string, Json>()
  const carry = (name: string): string => {
    const key = `use:${name}`
    if (!carried.has(key)) {
      carried.set(key, true)
      const within = `#/$defs/${escaped(key)}`
      carried.set(
        key,
        rewrite(
          reading.schemas.get(name) ?? true,
          (ref) => sharedName(ref, carry, reading) ?? ref.replace(/^#/, within),
        ),
      )
    }
    return `#/$defs/${escaped(key)}`
  }
  const rewritten = rewrite(root, (ref, inside) => {
    const name = ref.startsWith(SHARED) ? nameIn(ref) : null
    if (name !== null && pointer !== null && !reading.schemas.has(name))
      unknownSchema(reading, `${pointer}${inside}/$ref`, name)
    return sharedName(ref, carry, reading) ?? ref
  }) as JsonObject
  if (carried.size === 0) return rewritten
  const own = isJsonObject(rewritten.$defs) ? rewritten.$defs : {}
  return { ...rewritten, $defs: { ...own, ...Object.fromEntries(carried) } }
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
function rewrite(schema: Json, change: (ref: string, pointer: string) => string, pointer = "", isMap = false): Json {
  if (Array.isArray(schema))
    return (schema as readonly Json[]).map((item, i) => rewrite(item, change, childPointer(pointer, i)))
  if (!isJsonObject(schema)) return schema
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]): [string, Json] => {
      if (isMap) return [key, rewrite(value, change, childPointer(pointer, key))]
      if (key === "$ref" && typeof value === "string") return [key, change(value, pointer)]
      if (DATA_KEYWORDS.has(key)) return [key, value]
      return [key, rewrite(value, change, childPointer(pointer, key), MAP_KEYWORDS.has(key))]
    }),
  )
}
