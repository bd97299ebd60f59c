/** A validator's findings in words that people understand, with the place, what was expected and what was found. */
import { isJsonObject, type Json } from "../../json.ts"
import { childPointer } from "../../json-pointer.ts"
import type { SchemaError } from "../types.ts"
import type { Broken } from "./pass.ts"

const TEXT_MAX = 80

export function explain(error: Broken): SchemaError {
  const { params } = error
  const actual = shortened(error.value)
  const found = { pointer: error.pointer, keyword: error.keyword, actual }
  switch (error.keyword) {
    case "required":
      return {
        pointer: error.pointer,
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
        message: `must be ${typesInWords(params.type ?? "")}, is ${inWords(error.value)}`,
        expected: params.type,
      }
    case "enum":
      return {
        ...found,
        message: `must be one of ${listed(params.allowedValues)}, is ${inWords(error.value)}`,
        expected: params.allowedValues,
      }
    case "const":
      return {
        ...found,
        message: `must be ${quoted(params.allowedValue)}, is ${inWords(error.value)}`,
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

function unexpectedProperty(error: Broken, name: string): SchemaError {
  const properties = error.schema?.properties
  const known = isJsonObject(properties) ? Object.keys(properties) : []
  const message =
    known.length > 0
      ? `\`${name}\` is not one of ${known
          .slice(0, 20)
          .map((key) => `\`${key}\``)
          .join(", ")}`
      : `\`${name}\` is not allowed here`
  return { pointer: childPointer(error.pointer, name), keyword: error.keyword, message, expected: known }
}

function plainMessage(error: Broken, params: Readonly<Record<string, Json>>): string {
  const limit = params.limit
  switch (error.keyword) {
    case "minimum":
      return `must be at least ${limit}, is ${inWords(error.value)}`
    case "maximum":
      return `must be at most ${limit}, is ${inWords(error.value)}`
    case "exclusiveMinimum":
      return `must be greater than ${limit}, is ${inWords(error.value)}`
    case "exclusiveMaximum":
      return `must be less than ${limit}, is ${inWords(error.value)}`
    case "multipleOf":
      return `must be a multiple of ${params.multipleOf}, is ${inWords(error.value)}`
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
      return `must match the pattern ${params.pattern}, is ${inWords(error.value)}`
    case "format":
      return `must be written as ${params.format}, is ${inWords(error.value)}`
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
    case "maxContains":
      return `must contain at most ${counted(limit, "item")} of the required form`
    case "unevaluatedItems":
      return "is one item more than is allowed here"
    default:
      return `breaks \`${error.keyword}\``
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
