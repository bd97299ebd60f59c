/** What the input's schema says of a path: enough to tell a slip from something that may exist. Types do not flow here. */
import type { Json, JsonObject } from "../../json.ts"
import { isJsonObject } from "../../json.ts"
import { followLocalRef } from "../../schema/local-ref.ts"

/** `undeclared`: the schema lists fields, not this one, and does not forbid it. */
export type Presence = "possible" | "undeclared" | "impossible" | "unknown"

const OPEN_KEYWORDS = ["allOf", "anyOf", "oneOf", "if", "patternProperties", "$dynamicRef", "dependentSchemas"]

export function presenceInInput(schema: JsonObject | null, segments: readonly (string | number)[]): Presence {
  return schema ? presence(schema, schema, segments, 0) : "unknown"
}

/** The fields that the schema declares at its root. */
export function declaredInputs(schema: JsonObject | null): readonly string[] {
  return schema && isJsonObject(schema.properties) ? Object.keys(schema.properties) : []
}

function presence(root: JsonObject, schema: Json, segments: readonly (string | number)[], refs: number): Presence {
  const [first, ...rest] = segments
  if (first === undefined) return "possible"
  if (!isJsonObject(schema)) return "unknown"
  if (typeof schema.$ref === "string") {
    const target = refs < 20 ? followLocalRef(root, schema.$ref) : null
    return target && Object.keys(schema).length === 1 ? presence(root, target.schema, segments, refs + 1) : "unknown"
  }
  if (OPEN_KEYWORDS.some((keyword) => keyword in schema)) return "unknown"
  if (typeof first === "number")
    return schema.items === undefined ? "unknown" : presence(root, schema.items, rest, refs)
  const properties = isJsonObject(schema.properties) ? schema.properties : {}
  if (Object.hasOwn(properties, first)) return presence(root, properties[first] ?? null, rest, refs)
  if (schema.additionalProperties === false || schema.unevaluatedProperties === false) return "impossible"
  if (schema.additionalProperties !== undefined && schema.additionalProperties !== true) return "unknown"
  return schema.properties === undefined ? "unknown" : "undeclared"
}
