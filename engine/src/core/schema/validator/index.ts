/**
 * Values against JSON Schema 2020-12 (rule 30). Pure, without generated code, and bounded in time whatever the schema and
 * the value are. It fills in no defaults, coerces nothing, follows no reference out of the schema, never changes a value
 * and lists a bounded number of errors.
 */
import type { SchemaError, Validator } from "../types.ts"
import { explain } from "./explain.ts"
import { holds } from "./holds.ts"
import { type Broken, EndlessReference, Pass, TooMuchWork } from "./pass.ts"
import type { Subschema } from "./prepared.ts"

export { type Formats, PARTS_MAX, PATTERNS_SIZE_MAX, type Preparation, prepare } from "./prepare.ts"

const ERRORS_MAX = 20

export function validatorOf(prepared: Subschema): Validator {
  return (value) => {
    try {
      if (holds(prepared, value, new Pass(false), null)) return null
      const pass = new Pass(true)
      holds(prepared, value, pass, null)
      return findings(pass.broken ?? [])
    } catch (error) {
      return [unanswered(error)]
    }
  }
}

/** Asked, and no answer within the bounds: the value is refused. */
function unanswered(error: unknown): SchemaError {
  if (error instanceof TooMuchWork)
    return { pointer: "", keyword: "", message: "takes too many steps to be held against its schema" }
  if (error instanceof EndlessReference)
    return { pointer: "", keyword: "$ref", message: "the schema refers to itself without end for this value" }
  throw error
}

const FORMS = new Set(["anyOf", "oneOf"])

/** What is wrong in particular first, "matches none of the allowed forms" after it. */
function findings(broken: readonly Broken[]): readonly SchemaError[] {
  const seen = new Set<string>()
  const told: SchemaError[] = []
  for (const one of broken) {
    const error = explain(one)
    const key = `${error.pointer} ${error.message}`
    if (!seen.has(key)) told.push(error)
    seen.add(key)
  }
  return told.sort((a, b) => Number(FORMS.has(a.keyword)) - Number(FORMS.has(b.keyword))).slice(0, ERRORS_MAX)
}
