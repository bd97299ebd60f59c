/** Which form of a choice a value has: enough to tell the forms apart, and no validation. */
import type { Json } from "@waybill/contract"
import { type Field, isList, isObject } from "../schema/field.ts"
import { sameJson } from "./scalar-text.ts"

const DEPTH_MAX = 12

/** Whatever is in it is of the kind that is asked for. */
export function fits(field: Field, value: Json, depth = 0): boolean {
  if (depth > DEPTH_MAX) return true
  if (value === null && field.nullable) return true
  switch (field.kind) {
    case "text":
      return typeof value === "string"
    case "number":
      return typeof value === "number" && (!field.whole || Number.isInteger(value))
    case "boolean":
      return typeof value === "boolean"
    case "enum":
      return field.options.some((option) => sameJson(option.value, value))
    case "list":
      return isList(value) && value.every((item, at) => fits((field.first[at] ?? field.item)(), item, depth + 1))
    case "object":
      return isObject(value) && tells(field, value) && membersFit(field, value, depth)
    case "choice":
      return field.options.some((option) => fits(option.field(), value, depth + 1))
    case "json":
      return true
  }
}

function membersFit(field: Extract<Field, { kind: "object" }>, value: { readonly [key: string]: Json }, depth: number) {
  return field.properties.every(
    ({ key, field: inner }) => !Object.hasOwn(value, key) || fits(inner(), value[key]!, depth + 1),
  )
}

/** The constants by which a form is known are there; a value of another kind may still be on its way. */
export function tells(field: Field, value: Json): boolean {
  if (field.kind !== "object") return true
  return field.properties.every(({ key, required, field: read }) => {
    const inner = read()
    if (inner.kind !== "enum" || inner.options.length !== 1) return true
    const is = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
    return is === undefined ? !required : sameJson(inner.options[0]!.value, is)
  })
}
