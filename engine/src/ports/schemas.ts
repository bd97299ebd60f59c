/** Compiled schemas, shared by schema (rule 30). The functions they give are pure: `decide` calls them. */
import type { JsonObject } from "../core/json.ts"
import type { Validator } from "../core/schema/types.ts"

export interface Schemas {
  /** Cached; a schema that cannot be compiled was refused when its definition was loaded. */
  validator(schema: JsonObject): Validator
}
