/** What a form begins with: the schema's defaults, and the objects that must be there. */
import type { Json } from "@waybill/contract"
import { type Field, type FieldOf, isList, isObject } from "../schema/field.ts"

/** A schema may ask for itself without end; nobody fills in a form that deep. */
const DEPTH_MAX = 12

export function startValue(field: Field, required: boolean, depth = 0): Json | undefined {
  if (field.default !== undefined) return completed(field, field.default, depth)
  if (field.kind === "object" && required && depth < DEPTH_MAX) return completed(field, {}, depth)
  return required ? onlyValue(field) : undefined
}

/** A required constant is no question. */
function onlyValue(field: Field): Json | undefined {
  return field.kind === "enum" && field.options.length === 1 ? field.options[0]!.value : undefined
}

/** The defaults inside of what is there already. */
export function completed(field: Field, value: Json, depth = 0): Json {
  if (depth >= DEPTH_MAX) return value
  if (field.kind === "list" && isList(value))
    return value.map((item, at) => completed((field.first[at] ?? field.item)(), item, depth + 1))
  if (field.kind !== "object" || !isObject(value)) return value
  const declared = field.properties.flatMap(({ key, required, field: inner }) => {
    const is = Object.hasOwn(value, key)
      ? completed(inner(), value[key]!, depth + 1)
      : startValue(inner(), required, depth + 1)
    return is === undefined ? [] : [[key, is] as const]
  })
  const rest = Object.entries(value).filter(([key]) => !field.properties.some((one) => one.key === key))
  return Object.fromEntries([...declared, ...rest])
}

/** A new item of a list, a new entry, a form that was chosen: it must be something, and as little as possible. */
export function newValue(field: Field): Json {
  const start = startValue(field, true)
  if (start !== undefined) return start
  switch (field.kind) {
    case "text":
    case "number":
      return ""
    case "boolean":
      return false
    case "enum":
      return field.options[0]?.value ?? null
    case "list":
      return []
    case "object":
      return {}
    case "choice":
      return field.options[0] === undefined ? null : newValue(field.options[0].field())
    case "json":
      return null
  }
}

/** As the schema's author shows it: what it gives as an example, and inside of objects what their parts give. */
export function exampleValue(field: Field, value: Json | undefined, depth = 0): Json | undefined {
  const [example] = field.examples
  if (field.kind === "object" && depth < DEPTH_MAX && (value === undefined || isObject(value)))
    return exampleObject(field, value, example, depth)
  return value ?? example
}

function exampleObject(
  field: FieldOf<"object">,
  value: Json | undefined,
  example: Json | undefined,
  depth: number,
): Json | undefined {
  const given = { ...(isObject(example) && example), ...(isObject(value) && value) }
  const parts = field.properties.flatMap(({ key, field: inner }) => {
    const is = exampleValue(inner(), Object.hasOwn(given, key) ? given[key] : undefined, depth + 1)
    return is === undefined ? [] : [[key, is] as const]
  })
  const rest = Object.entries(given).filter(([key]) => !field.properties.some((one) => one.key === key))
  const all = Object.fromEntries([...parts, ...rest])
  return value === undefined && Object.keys(all).length === 0 ? undefined : all
}
