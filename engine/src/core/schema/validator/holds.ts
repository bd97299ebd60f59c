/** Whether a value holds against a prepared schema. All else about validating is in the checks. */
import type { Json } from "../../json.ts"
import { isMarked } from "../../policy/redaction/marker.ts"
import type { Pass } from "./pass.ts"
import type { Check, Prepared, Subschema } from "./prepared.ts"
import { Seen } from "./seen.ts"

/** `seen`: of the same value, when whoever asks wants to know what was described. Untouched when the value is refused. */
export function holds(schema: Subschema, value: Json, pass: Pass, seen: Seen | null): boolean {
  if (typeof schema === "boolean") {
    pass.spend(1)
    return schema || pass.tell("false schema", {}, value, null)
  }
  // It stands for a value that was held against its schema before it was closed (rule 9).
  if (typeof value === "string" && isMarked(value)) return true
  const checks = checksFor(schema, value)
  pass.spend(1 + checks.length)
  pass.enter(schema.resource)
  const own = seen !== null || schema.isTracking ? new Seen() : null
  let isValid = true
  for (const check of checks) {
    if ((check as Check)(value, pass, own)) continue
    isValid = false
    if (pass.isDone) break
  }
  pass.leave()
  if (isValid && own !== null) seen?.add(own)
  return isValid
}

/** Those for this kind of value: each is given what it takes. */
function checksFor(schema: Prepared, value: Json): readonly Check<never>[] {
  switch (typeof value) {
    case "string":
      return schema.text
    case "number":
      return schema.number
    case "boolean":
      return schema.other
    default:
      if (value === null) return schema.other
      return Array.isArray(value) ? schema.list : schema.object
  }
}
