/** An input schema as rows of a table: every field with its place, type, and what is asked of it. */
import type { Field } from "./field.ts"
import { typeWords } from "./read-field.ts"

export interface FieldRow {
  /** `customer.name`, `lines[].sku`, `labels.*`. */
  readonly path: string
  readonly depth: number
  readonly type: string
  readonly required: boolean
  readonly field: Field
}

const DEPTH_MAX = 6
const ROWS_MAX = 200

export function describeFields(field: Field): readonly FieldRow[] {
  return [...rowsIn(field, "", 0)].slice(0, ROWS_MAX)
}

function* rowsIn(field: Field, path: string, depth: number): Generator<FieldRow> {
  if (depth >= DEPTH_MAX) return
  switch (field.kind) {
    case "object":
      for (const { key, required, field: inner } of field.properties)
        yield* rowsOf(inner(), path === "" ? key : `${path}.${key}`, depth, required)
      if (field.extra !== null && field.properties.length > 0) yield* rowsOf(field.extra(), `${path}.*`, depth, false)
      return
    case "list": {
      const item = field.item()
      if (item.kind === "object" || item.kind === "choice") yield* rowsIn(item, `${path}[]`, depth)
      return
    }
    case "choice":
      for (const option of field.options) yield* rowsIn(option.field(), path, depth)
      return
    default:
      return
  }
}

function* rowsOf(field: Field, path: string, depth: number, required: boolean): Generator<FieldRow> {
  yield { path, depth, type: typeOf(field), required, field }
  yield* rowsIn(field, path, depth + 1)
}

export function typeOf(field: Field): string {
  const type = ownType(field)
  return field.nullable && field.kind !== "json" ? `${type} or null` : type
}

function ownType(field: Field): string {
  switch (field.kind) {
    case "text":
      return field.input === "line" || field.input === "lines" ? "text" : field.input
    case "number":
      return field.whole ? "whole number" : "number"
    case "boolean":
      return typeWords.boolean!
    case "enum":
      return field.options.length === 1 ? "constant" : "one of"
    case "object":
      return field.properties.length === 0 && field.extra !== null ? `map of ${typeOf(field.extra())}` : "object"
    case "list":
      return `list of ${typeOf(field.item())}`
    case "choice":
      return field.options.map((option) => option.label).join(" or ")
    case "json":
      return "anything"
  }
}
