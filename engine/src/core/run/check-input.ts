/**
 * The input of a run held against its workflow's schema, defaults filled in: what a start does first, and what a form
 * asks while somebody types. Nothing is started and nothing kept.
 */
import { nearest } from "../definition/read/did-you-mean.ts"
import { isJsonObject, type Json, type JsonObject } from "../json.ts"
import { childPointer, stepsOf } from "../json-pointer.ts"
import { applyDefaults } from "../schema/defaults.ts"
import { followLocalRef } from "../schema/local-ref.ts"
import type { SchemaError, Validator } from "../schema/types.ts"

export type InputCheck =
  | { readonly kind: "fits"; readonly input: JsonObject }
  /** What is no object has no fields that could be told about. */
  | { readonly kind: "no-object"; readonly actual: string }
  | { readonly kind: "breaks"; readonly input: JsonObject; readonly errors: readonly SchemaError[] }

export function checkInput(
  schema: JsonObject | null,
  raw: Json,
  validator: (schema: JsonObject) => Validator,
): InputCheck {
  const given = raw === null ? {} : raw
  if (!isJsonObject(given)) return { kind: "no-object", actual: Array.isArray(given) ? "array" : typeof given }
  if (schema === null) return { kind: "fits", input: given }
  const input = applyDefaults(schema, given) as JsonObject
  const errors = validator(schema)(input)
  return errors === null ? { kind: "fits", input } : { kind: "breaks", input, errors }
}

export interface InputFinding {
  readonly code: "missing_field" | "unknown_field" | "wrong_type" | "invalid_value"
  readonly message: string
  /** Of the field, also where it is missing. */
  readonly pointer: string
  readonly expected?: Json
  readonly actual?: Json
  readonly hint?: string
}

const findingsMax = 50

export function inputFindings(schema: JsonObject | null, errors: readonly SchemaError[]): readonly InputFinding[] {
  return errors.slice(0, findingsMax).map((error) => {
    const { message, expected, actual } = error
    const pointer = pointerOf(error)
    const hint = hintOf(schema, error, pointer)
    return {
      code: codeOf(error),
      message,
      pointer,
      ...(expected !== undefined && { expected }),
      ...(actual !== undefined && { actual }),
      ...(hint !== null && { hint }),
    }
  })
}

function codeOf({ keyword }: SchemaError): InputFinding["code"] {
  switch (keyword) {
    case "required":
      return "missing_field"
    case "additionalProperties":
    case "unevaluatedProperties":
      return "unknown_field"
    case "type":
      return "wrong_type"
    default:
      return "invalid_value"
  }
}

function pointerOf({ keyword, pointer, expected }: SchemaError): string {
  return keyword === "required" && typeof expected === "string" ? childPointer(pointer, expected) : pointer
}

/** The nearest known name, or what the schema says about the field. */
function hintOf(schema: JsonObject | null, { keyword, expected }: SchemaError, pointer: string): string | null {
  if ((keyword === "additionalProperties" || keyword === "unevaluatedProperties") && Array.isArray(expected)) {
    const guess = nearest(stepsOf(pointer).at(-1) ?? "", expected as string[])
    return guess === null ? null : `Did you mean ${guess}?`
  }
  const field = schema === null ? null : schemaAt(schema, stepsOf(pointer))
  const description = field?.description
  if (typeof description === "string") return description
  const example = Array.isArray(field?.examples) ? (field.examples as readonly Json[])[0] : undefined
  return example === undefined ? null : `For example ${JSON.stringify(example)}.`
}

/** Through properties, items and local references; null where the schema branches or ends. */
function schemaAt(root: JsonObject, steps: readonly string[]): JsonObject | null {
  let at = resolved(root, root)
  for (const step of steps) {
    if (at === null) return null
    const properties = at.properties
    const next =
      isJsonObject(properties) && Object.hasOwn(properties, step)
        ? properties[step]
        : /^\d+$/.test(step)
          ? at.items
          : undefined
    at = isJsonObject(next) ? resolved(root, next) : null
  }
  return at
}

function resolved(root: JsonObject, schema: JsonObject): JsonObject | null {
  const ref = schema.$ref
  return typeof ref === "string" ? (followLocalRef(root, ref)?.schema ?? null) : schema
}
