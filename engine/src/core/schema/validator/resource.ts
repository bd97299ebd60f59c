import type { JsonObject } from "../../json.ts"

/** A part of the schema with an address of its own (`$id`), and what can be referred to in it by name. */
export interface Resource {
  readonly uri: string
  readonly root: JsonObject
  readonly anchors: Map<string, JsonObject>
  /** Of those, the ones that `$dynamicRef` looks for. */
  readonly dynamic: Map<string, JsonObject>
}
