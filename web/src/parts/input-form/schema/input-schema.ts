/** The input schema of a definition as it was written: itself, or the name of one it shares under `use.schemas`. */
import type { Json, JsonObject } from "@waybill/contract"
import { type Field, isObject } from "./field.ts"
import type { Roots } from "./node.ts"
import { readField } from "./read-field.ts"

export interface InputSchema {
  readonly schema: JsonObject
  readonly roots: Roots
}

/** Null: the workflow takes any object. */
export function inputSchemaOf(definition: Json): InputSchema | null {
  if (!isObject(definition)) return null
  const use = isObject(definition.use) ? definition.use : {}
  const shared = isObject(use.schemas) ? use.schemas : {}
  const { inputSchema } = definition
  const schema = typeof inputSchema === "string" ? shared[inputSchema.replace("#/use/schemas/", "")] : inputSchema
  return isObject(schema) ? { schema, roots: { schema, shared } } : null
}

/** The field of a run's whole input: an object, whatever the schema leaves unsaid. */
export function inputField(input: InputSchema | null): Field {
  const anything = { type: "object" }
  if (input === null) return readField(anything, { schema: anything, shared: {} })
  const field = readField(input.schema, input.roots)
  return field.kind === "json" ? readField({ ...input.schema, ...anything }, input.roots) : field
}
