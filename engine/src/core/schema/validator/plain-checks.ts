/** Keywords that look at a value itself and at no other schema. Each reader answers null where the keyword is absent. */
import { isJsonObject, type Json, type JsonObject } from "../../json.ts"
import type { LinearRegExp } from "../../linear-regexp.ts"
import { equalItems, isEqual } from "./equal.ts"
import type { Pass } from "./pass.ts"
import type { Check, Params } from "./prepared.ts"

/** A pattern's time is its length times the text's, in units that cost about a step. */
const PATTERN_UNIT = 32

export function typeCheck(schema: JsonObject): Check | null {
  if (schema.type === undefined) return null
  // OpenAPI's way of saying "or null".
  const wanted =
    schema.nullable === true ? ([schema.type, "null"].flat() as string[]) : (schema.type as string | string[])
  return (value, pass) => isOfType(value, wanted) || pass.tell("type", { type: wanted }, value, schema)
}

function isOfType(value: Json, wanted: string | readonly string[]): boolean {
  if (typeof wanted !== "string") return wanted.some((one) => isOfType(value, one))
  const type = typeOf(value)
  return type === wanted || (wanted === "integer" && type === "number" && Number.isInteger(value))
}

function typeOf(value: Json): string {
  if (value === null) return "null"
  return Array.isArray(value) ? "array" : typeof value
}

export function enumCheck(schema: JsonObject): Check | null {
  if (!Array.isArray(schema.enum)) return null
  const allowed = schema.enum as readonly Json[]
  const plain = new Set<Json>(allowed.filter((value) => typeof value !== "object" || value === null))
  const nested = allowed.filter((value) => typeof value === "object" && value !== null)
  return (value, pass) => {
    const isNested = typeof value === "object" && value !== null
    if (!isNested && plain.has(value)) return true
    if (isNested && nested.some((one) => isEqual(one, value, pass))) return true
    return pass.tell("enum", { allowedValues: allowed }, value, schema)
  }
}

export function constCheck(schema: JsonObject): Check | null {
  const wanted = schema.const
  if (wanted === undefined) return null
  return (value, pass) => isEqual(wanted, value, pass) || pass.tell("const", { allowedValue: wanted }, value, schema)
}

/** A keyword with a number as its limit. */
function limit<Value extends Json>(
  schema: JsonObject,
  keyword: string,
  keeps: (value: Value, limit: number, pass: Pass) => boolean,
): Check<Value> | null {
  const bound = schema[keyword]
  if (typeof bound !== "number") return null
  return (value, pass) => keeps(value, bound, pass) || pass.tell(keyword, { limit: bound }, value, schema)
}

function present<Value extends Json>(checks: readonly (Check<Value> | null)[]): Check<Value>[] {
  return checks.filter((check) => check !== null)
}

export function numberChecks(schema: JsonObject): Check<number>[] {
  const { multipleOf } = schema
  return present<number>([
    limit(schema, "maximum", (value, bound) => value <= bound),
    limit(schema, "minimum", (value, bound) => value >= bound),
    limit(schema, "exclusiveMaximum", (value, bound) => value < bound),
    limit(schema, "exclusiveMinimum", (value, bound) => value > bound),
    typeof multipleOf !== "number"
      ? null
      : (value, pass) => isMultiple(value, multipleOf) || pass.tell("multipleOf", { multipleOf }, value, schema),
  ])
}

/** Decimally, as people write numbers: 19.99 is a multiple of 0.01, though no division of doubles says so. */
function isMultiple(value: number, of: number): boolean {
  if (Number.isInteger(value / of)) return true
  const [a, b] = [decimal(value), decimal(of)]
  const exponent = Math.min(a.exponent, b.exponent)
  const whole = (one: typeof a) => one.digits * 10n ** BigInt(one.exponent - exponent)
  return whole(a) % whole(b) === 0n
}

function decimal(value: number): { readonly digits: bigint; readonly exponent: number } {
  const [mantissa = "0", power = "0"] = value.toExponential().split("e")
  const [whole = "0", fraction = ""] = mantissa.split(".")
  return { digits: BigInt(whole + fraction), exponent: Number(power) - fraction.length }
}

export function textChecks(schema: JsonObject, pattern: LinearRegExp | null): Check<string>[] {
  return present<string>([
    limit(schema, "maxLength", (text, bound, pass) => text.length <= bound || lengthOf(text, pass) <= bound),
    limit(schema, "minLength", (text, bound, pass) => text.length >= bound * 2 || lengthOf(text, pass) >= bound),
    pattern === null ? null : patternCheck(schema, pattern),
  ])
}

/** In characters, not in halves of them. */
function lengthOf(text: string, pass: Pass): number {
  pass.spend(text.length >> 4)
  let length = 0
  for (const _ of text) length += 1
  return length
}

function patternCheck(schema: JsonObject, pattern: LinearRegExp): Check<string> {
  const params: Params = { pattern: schema.pattern ?? "" }
  return (text, pass) => matches(pattern, text, pass) || pass.tell("pattern", params, text, schema)
}

export function matches(pattern: LinearRegExp, text: string, pass: Pass): boolean {
  pass.spend(1 + Math.floor((pattern.size * text.length) / PATTERN_UNIT))
  return pattern.test(text)
}

export function listChecks(schema: JsonObject): Check<readonly Json[]>[] {
  return present<readonly Json[]>([
    limit(schema, "maxItems", (list, bound) => list.length <= bound),
    limit(schema, "minItems", (list, bound) => list.length >= bound),
    schema.uniqueItems !== true
      ? null
      : (list, pass) => {
          const equal = equalItems(list, pass)
          return equal === null || pass.tell("uniqueItems", equal, list, schema)
        },
  ])
}

export function objectChecks(schema: JsonObject): Check<JsonObject>[] {
  return present<JsonObject>([
    limit(schema, "maxProperties", (object, bound) => Object.keys(object).length <= bound),
    limit(schema, "minProperties", (object, bound) => Object.keys(object).length >= bound),
    requiredCheck(schema),
    ...Object.entries({ ...namesByField(schema.dependencies), ...namesByField(schema.dependentRequired) }).map(
      ([field, names]) => dependentRequiredCheck(schema, field, names),
    ),
  ])
}

function requiredCheck(schema: JsonObject): Check<JsonObject> | null {
  const required = schema.required
  if (!Array.isArray(required)) return null
  const names = required as readonly string[]
  return (object, pass) => {
    pass.spend(names.length >> 1)
    let isComplete = true
    for (const name of names) {
      if (Object.hasOwn(object, name)) continue
      isComplete = pass.tell("required", { missingProperty: name }, object, schema)
      if (pass.isDone) break
    }
    return isComplete
  }
}

function namesByField(value: Json | undefined): Readonly<Record<string, readonly string[]>> {
  const entries = isJsonObject(value) ? Object.entries(value) : []
  return Object.fromEntries(entries.filter((entry): entry is [string, readonly string[]] => Array.isArray(entry[1])))
}

function dependentRequiredCheck(schema: JsonObject, property: string, names: readonly string[]): Check<JsonObject> {
  return (object, pass) => {
    if (!Object.hasOwn(object, property)) return true
    pass.spend(names.length >> 1)
    const missing = names.find((name) => !Object.hasOwn(object, name))
    return (
      missing === undefined || pass.tell("dependentRequired", { property, missingProperty: missing }, object, schema)
    )
  }
}
