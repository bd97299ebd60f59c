/** A validator's findings in words that people understand, with the place, what was expected and what was found. */
import type { ErrorObject } from "ajv"
import type { Json } from "../../core/json.ts"
import { childPointer } from "../../core/json-pointer.ts"
import type { SchemaError } from "../../core/schema/types.ts"

const TEXT_MAX = 80

export function explain(error: ErrorObject): SchemaError {
  const params = error.params as Readonly<Record<string, Json>>
  const actual = shortened(error.data as Json | undefined)
  const found = { pointer: error.instancePath, keyword: error.keyword, actual }
  switch (error.keyword) {
    case "required":
      return {
        pointer: error.instancePath,
        keyword: "required",
        message: `\`${params.missingProperty}\` is missing`,
        expected: params.missingProperty,
      }
    case "additionalProperties":
    case "unevaluatedProperties":
      return unexpectedProperty(error, String(params.additionalProperty ?? params.unevaluatedProperty))
    case "type":
      return {
        ...found,
        message: `must be ${typesInWords(params.type ?? "")}, is ${inWords(error.data as Json)}`,
        expected: params.type,
      }
    case "enum":
      return {
        ...found,
        message: `must be one of ${listed(params.allowedValues)}, is ${inWords(error.data as Json)}`,
        expected: params.allowedValues,
      }
    case "const":
      return {
        ...found,
        message: `must be ${quoted(params.allowedValue)}, is ${inWords(error.data as Json)}`,
        expected: params.allowedValue,
      }
    default:
      return {
        ...found,
        message: plainMessage(error, params),
        expected: params.limit ?? params.format ?? params.pattern ?? params.multipleOf,
      }
  }
}

function unexpectedProperty(error: ErrorObject, name: string): SchemaError {
  const schema = error.parentSchema as { properties?: Readonly<Record<string, Json>> } | undefined
  const known = Object.keys(schema?.properties ?? {})
  const message =
    known.length > 0
      ? `\`${name}\` is not one of ${known
          .slice(0, 20)
          .map((key) => `\`${key}\``)
          .join(", ")}`
      : `\`${name}\` is not allowed here`
  return { pointer: childPointer(error.instancePath, name), keyword: error.keyword, message, expected: known }
}

function plainMessage(error: ErrorObject, params: Readonly<Record<string, Json>>): string {
  const limit = params.limit
  switch (error.keyword) {
    case "minimum":
      return `must be at least ${limit}, is ${inWords(error.data as Json)}`
    case "maximum":
      return `must be at most ${limit}, is ${inWords(error.data as Json)}`
    case "exclusiveMinimum":
      return `must be greater than ${limit}, is ${inWords(error.data as Json)}`
    case "exclusiveMaximum":
      return `must be less than ${limit}, is ${inWords(error.data as Json)}`
    case "multipleOf":
      return `must be a multiple of ${params.multipleOf}, is ${inWords(error.data as Json)}`
    case "minLength":
      return `must have at least ${counted(limit, "character")}`
    case "maxLength":
      return `must have at most ${counted(limit, "character")}`
    case "minItems":
      return `must have at least ${counted(limit, "item")}`
    case "maxItems":
      return `must have at most ${counted(limit, "item")}`
    case "minProperties":
      return `must have at least ${counted(limit, "field")}`
    case "maxProperties":
      return `must have at most ${counted(limit, "field")}`
    case "uniqueItems":
      return `items ${Math.min(Number(params.i), Number(params.j))} and ${Math.max(Number(params.i), Number(params.j))} are equal, but must differ`
    case "pattern":
      return `must match the pattern ${params.pattern}, is ${inWords(error.data as Json)}`
    case "format":
      return `must be written as ${params.format}, is ${inWords(error.data as Json)}`
    case "anyOf":
      return "matches none of the allowed forms"
    case "oneOf":
      return Array.isArray(params.passingSchemas)
        ? "matches more than one of the allowed forms"
        : "matches none of the allowed forms"
    case "not":
      return "is just what is not allowed"
    case "false schema":
      return "is not allowed here"
    case "contains":
      return `must contain at least ${counted(params.minContains ?? 1, "item")} of the required form`
    case "dependentRequired":
      return `\`${params.missingProperty}\` is missing, which \`${params.property}\` needs`
    case "propertyNames":
      return `\`${params.propertyName}\` is not allowed as a name`
    default:
      return error.message ?? `breaks \`${error.keyword}\``
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  object: "an object",
  array: "a list",
  null: "null",
}

function typesInWords(types: Json): string {
  const list = Array.isArray(types) ? (types as readonly Json[]) : [types]
  return list.map((type) => TYPES[String(type)] ?? String(type)).join(" or ")
}

function inWords(value: Json | undefined): string {
  if (value === undefined) return "absent"
  if (Array.isArray(value)) return "a list"
  if (typeof value === "object" && value !== null) return "an object"
  return typeof value === "string" ? `the text ${quoted(value)}` : String(value)
}

function listed(values: Json | undefined): string {
  const list = Array.isArray(values) ? (values as readonly Json[]) : []
  const shown = list.slice(0, 20).map(quoted).join(", ")
  return list.length > 20 ? `${shown}, …` : shown
}

function quoted(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? ""
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text
}

function counted(count: Json | undefined, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`
}

function shortened(value: Json | undefined): Json | undefined {
  if (typeof value === "string") return value.length > TEXT_MAX ? `${value.slice(0, TEXT_MAX)}…` : value
  return typeof value === "object" && value !== null ? undefined : value
}
