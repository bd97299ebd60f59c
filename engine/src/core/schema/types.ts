/**
 * What the engine knows of JSON Schema: a validator is a pure function, and somebody outside makes it (rule 30). The
 * compiler is a port in all but name; it lives here because definitions are checked with it at load.
 */
import type { Json, JsonObject } from "../json.ts"

/** One way in which a value breaks its schema, in words for people. */
export interface SchemaError {
  /** JSON pointer into the value. */
  readonly pointer: string
  /** The keyword of JSON Schema that was broken. */
  readonly keyword: string
  readonly message: string
  readonly expected?: Json
  readonly actual?: Json
}

/** Null when the value is valid. Never changes the value; fills in no defaults. */
export type Validator = (value: Json) => readonly SchemaError[] | null

export type SchemaCompilation =
  | { readonly ok: true; readonly validate: Validator }
  /** Pointers are into the schema. */
  | { readonly ok: false; readonly errors: readonly SchemaError[] }

/** JSON Schema 2020-12. Remote references are errors, patterns run in linear time. */
export type SchemaCompiler = (schema: JsonObject) => SchemaCompilation
