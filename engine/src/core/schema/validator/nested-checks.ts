/** Keywords that ask other schemas: of the same value, or of its fields and items. */
import type { Json, JsonObject } from "../../json.ts"
import type { LinearRegExp } from "../../linear-regexp.ts"
import { holds } from "./holds.ts"
import type { Pass } from "./pass.ts"
import { matches } from "./plain-checks.ts"
import type { Check, Subschema } from "./prepared.ts"

export function allOfCheck(parts: readonly Subschema[]): Check {
  return (value, pass, seen) => {
    let isValid = true
    for (const part of parts) {
      if (holds(part, value, pass, seen)) continue
      isValid = false
      if (pass.isDone) break
    }
    return isValid
  }
}

export function anyOfCheck(schema: JsonObject, forms: readonly Subschema[]): Check {
  return (value, pass, seen) => {
    const mark = pass.broken?.length ?? 0
    let isValid = false
    for (const form of forms) {
      if (!holds(form, value, pass, seen)) continue
      isValid = true
      // Whoever asks what was described wants to know it of every form that holds.
      if (seen === null) break
    }
    if (!isValid) return pass.tell("anyOf", {}, value, schema)
    pass.forgetSince(mark)
    return true
  }
}

export function oneOfCheck(schema: JsonObject, forms: readonly Subschema[]): Check {
  return (value, pass, seen) => {
    const mark = pass.broken?.length ?? 0
    const passing: number[] = []
    for (const [index, form] of forms.entries()) {
      if (holds(form, value, pass, seen)) passing.push(index)
      if (passing.length > 1) break
    }
    if (passing.length === 0) return pass.tell("oneOf", { passingSchemas: null }, value, schema)
    pass.forgetSince(mark)
    return passing.length === 1 || pass.tell("oneOf", { passingSchemas: passing }, value, schema)
  }
}

export function notCheck(schema: JsonObject, refused: Subschema): Check {
  return (value, pass) => !pass.quietly(() => holds(refused, value, pass, null)) || pass.tell("not", {}, value, schema)
}

export function ifCheck(condition: Subschema, then: Subschema, otherwise: Subschema): Check {
  return (value, pass, seen) =>
    holds(pass.quietly(() => holds(condition, value, pass, seen)) ? then : otherwise, value, pass, seen)
}

export interface Fields {
  readonly properties: ReadonlyMap<string, Subschema>
  readonly patterns: readonly (readonly [LinearRegExp, Subschema])[]
  /** `additionalProperties`; null when it is not there. */
  readonly additional: Subschema | null
}

/** Names that nothing describes come first: most often one of them is a slip, and the field that is missing. */
export function fieldsCheck(schema: JsonObject, { properties, patterns, additional }: Fields): Check<JsonObject> {
  return (object, pass, seen) => {
    const names = Object.keys(object)
    pass.spend(names.length >> 1)
    let isValid = additional === null || othersHold(schema, { properties, patterns, additional }, object, pass)
    for (const name of names) {
      if (!isValid && pass.isDone) break
      const value = object[name]!
      const property = properties.get(name)
      if (property !== undefined && !pass.at(name, () => holds(property, value, pass, null))) isValid = false
      if (property !== undefined || additional !== null) seen?.field(name)
      for (const [pattern, described] of patterns) {
        if (!matches(pattern, name, pass)) continue
        seen?.field(name)
        if (!pass.at(name, () => holds(described, value, pass, null))) isValid = false
      }
    }
    return isValid
  }
}

/** `additionalProperties`: of the fields that have no schema of their own. */
function othersHold(
  schema: JsonObject,
  { properties, patterns, additional }: Fields & { readonly additional: Subschema },
  object: JsonObject,
  pass: Pass,
): boolean {
  let isValid = true
  for (const name of Object.keys(object)) {
    if (properties.has(name) || patterns.some(([pattern]) => matches(pattern, name, pass))) continue
    const value = object[name]!
    if (additional === false) isValid = pass.tell("additionalProperties", { additionalProperty: name }, value, schema)
    else if (!pass.at(name, () => holds(additional, value, pass, null))) isValid = false
    if (!isValid && pass.isDone) break
  }
  return isValid
}

export function namesCheck(schema: JsonObject, names: Subschema): Check<JsonObject> {
  return (object, pass) => {
    let isValid = true
    for (const name of Object.keys(object)) {
      if (holds(names, name, pass, null)) continue
      isValid = pass.tell("propertyNames", { propertyName: name }, object, schema)
      if (pass.isDone) break
    }
    return isValid
  }
}

export function dependentCheck(field: string, needed: Subschema): Check<JsonObject> {
  return (object, pass, seen) => !Object.hasOwn(object, field) || holds(needed, object, pass, seen)
}

/** `prefixItems` and `items`. */
export function itemsCheck(first: readonly Subschema[], rest: Subschema | null): Check<readonly Json[]> {
  return (list, pass, seen) => {
    let isValid = true
    const count = rest === null ? Math.min(list.length, first.length) : list.length
    for (let index = 0; index < count; index++) {
      if (pass.at(index, () => holds(first[index] ?? rest ?? true, list[index]!, pass, null))) continue
      isValid = false
      if (pass.isDone) break
    }
    seen?.itemsTo(count)
    return isValid
  }
}

export function containsCheck(
  schema: JsonObject,
  wanted: Subschema,
  bounds: { readonly min: number; readonly max: number | null },
): Check<readonly Json[]> {
  return (list, pass, seen) => {
    let found = 0
    for (const [index, item] of list.entries()) {
      if (!pass.quietly(() => holds(wanted, item, pass, null))) continue
      found += 1
      seen?.item(index)
    }
    if (found < bounds.min) return pass.tell("contains", { minContains: bounds.min }, list, schema)
    return bounds.max === null || found <= bounds.max || pass.tell("maxContains", { limit: bounds.max }, list, schema)
  }
}

/** Both look at what the other checks of this schema have described, so they stand last. */
export function unevaluatedFieldsCheck(schema: JsonObject, rest: Subschema): Check<JsonObject> {
  return (object, pass, seen) => {
    const names = Object.keys(object)
    pass.spend(names.length >> 1)
    let isValid = true
    for (const name of names) {
      if (seen?.hasField(name) === true) continue
      const value = object[name]!
      if (rest === false) isValid = pass.tell("unevaluatedProperties", { unevaluatedProperty: name }, value, schema)
      else if (!pass.at(name, () => holds(rest, value, pass, null))) isValid = false
      if (!isValid && pass.isDone) break
    }
    seen?.allFields()
    return isValid
  }
}

export function unevaluatedItemsCheck(schema: JsonObject, rest: Subschema): Check<readonly Json[]> {
  return (list, pass, seen) => {
    let isValid = true
    for (const [index, item] of list.entries()) {
      if (seen?.hasItem(index) === true) continue
      if (holdsUnevaluated(schema, rest, item, index, pass)) continue
      isValid = false
      if (pass.isDone) break
    }
    seen?.itemsTo(list.length)
    return isValid
  }
}

function holdsUnevaluated(schema: JsonObject, rest: Subschema, item: Json, index: number, pass: Pass): boolean {
  return pass.at(index, () =>
    rest === false ? pass.tell("unevaluatedItems", {}, item, schema) : holds(rest, item, pass, null),
  )
}
