/** What a schema itself must look like: the shape of each keyword, as the metaschema of 2020-12 has it. */
import { isJsonObject, type Json, type JsonObject } from "../../json.ts"
import type { Broken } from "./pass.ts"

export type Shape =
  | "schema"
  | "schemas"
  | "schemas by name"
  | "schemas or names by name"
  | "type"
  | "list"
  | "names"
  | "names by name"
  | "number"
  | "above 0"
  | "count"
  | "flag"
  | "text"
  | "anchor"
  | "any"

const SHAPES: ReadonlyMap<string, Shape> = new Map(
  Object.entries({
    schema:
      "items contains additionalProperties unevaluatedItems unevaluatedProperties propertyNames not if then else contentSchema",
    schemas: "allOf anyOf oneOf prefixItems",
    "schemas by name": "properties patternProperties dependentSchemas $defs definitions",
    "schemas or names by name": "dependencies",
    type: "type",
    list: "enum examples",
    names: "required",
    "names by name": "dependentRequired",
    number: "maximum minimum exclusiveMaximum exclusiveMinimum",
    "above 0": "multipleOf",
    count: "maxLength minLength maxItems minItems maxProperties minProperties maxContains minContains",
    flag: "uniqueItems deprecated readOnly writeOnly",
    text: "$schema $id $ref $dynamicRef $comment pattern format title description contentEncoding contentMediaType",
    anchor: "$anchor $dynamicAnchor",
  } satisfies Partial<Record<Shape, string>>).flatMap(([shape, keywords]) =>
    keywords.split(" ").map((keyword): [string, Shape] => [keyword, shape as Shape]),
  ),
)

const TYPES = ["array", "boolean", "integer", "null", "number", "object", "string"]

/** Which of a schema's checks a keyword takes part in; a schema that has none of a family is not asked for them. */
export type Family = "always" | "text" | "number" | "list" | "object" | "kept"

const FAMILIES: ReadonlyMap<string, Family> = new Map(
  Object.entries({
    always: "enum const $ref $dynamicRef not anyOf oneOf allOf if",
    text: "maxLength minLength pattern",
    number: "maximum minimum exclusiveMaximum exclusiveMinimum multipleOf",
    list: "maxItems minItems uniqueItems prefixItems items contains unevaluatedItems",
    object:
      "maxProperties minProperties required dependentRequired dependencies dependentSchemas propertyNames properties patternProperties additionalProperties unevaluatedProperties",
    kept: "$defs definitions then else",
  } satisfies Record<Family, string>).flatMap(([family, keywords]) =>
    keywords.split(" ").map((keyword): [string, Family] => [keyword, family as Family]),
  ),
)

export function familyOf(keyword: string): Family | undefined {
  return FAMILIES.get(keyword)
}

export function shapeOf(keyword: string): Shape {
  return SHAPES.get(keyword) ?? "any"
}

/** The keyword of the metaschema that a keyword's value breaks. Schemas inside are not looked at. */
export type BrokenShape = Pick<Broken, "keyword" | "params">

export function brokenShape(shape: Shape, value: Json): BrokenShape | null {
  switch (shape) {
    case "any":
      return null
    case "schema":
      return isSchema(value) ? null : wrongType(["object", "boolean"])
    case "schemas":
      if (!Array.isArray(value)) return wrongType("array")
      return value.length > 0 ? null : { keyword: "minItems", params: { limit: 1 } }
    case "schemas by name":
    case "schemas or names by name":
    case "names by name":
      return isJsonObject(value) ? null : wrongType("object")
    case "list":
      return Array.isArray(value) ? null : wrongType("array")
    case "names":
      return brokenNames(value)
    case "type":
      return isType(value) ? null : { keyword: "enum", params: { allowedValues: TYPES } }
    case "number":
      return typeof value === "number" ? null : wrongType("number")
    case "above 0":
      if (typeof value !== "number") return wrongType("number")
      return value > 0 ? null : { keyword: "exclusiveMinimum", params: { limit: 0 } }
    case "count":
      if (!Number.isInteger(value)) return wrongType("integer")
      return (value as number) >= 0 ? null : { keyword: "minimum", params: { limit: 0 } }
    case "flag":
      return typeof value === "boolean" ? null : wrongType("boolean")
    case "text":
      return typeof value === "string" ? null : wrongType("string")
    case "anchor":
      if (typeof value !== "string") return wrongType("string")
      return ANCHOR.test(value) ? null : { keyword: "pattern", params: { pattern: ANCHOR.source } }
  }
}

const ANCHOR = /^[A-Za-z_][-A-Za-z0-9._]*$/

function wrongType(type: string | string[]): BrokenShape {
  return { keyword: "type", params: { type } }
}

function isType(value: Json): boolean {
  if (!Array.isArray(value)) return TYPES.includes(value as string)
  return value.length > 0 && (value as readonly Json[]).every((type) => TYPES.includes(type as string))
}

export function isSchema(value: Json): value is JsonObject | boolean {
  return typeof value === "boolean" || isJsonObject(value)
}

export function brokenNames(value: Json): BrokenShape | null {
  if (!Array.isArray(value)) return wrongType("array")
  const known = new Map<Json, number>()
  for (const [j, name] of (value as readonly Json[]).entries()) {
    if (typeof name !== "string") return wrongType("array")
    const i = known.get(name)
    if (i !== undefined) return { keyword: "uniqueItems", params: { i, j } }
    known.set(name, j)
  }
  return null
}
