/** What is made of a schema once, at load: checks by the kind of value they look at. Nothing here is made while validating. */
import type { Json, JsonObject } from "../../json.ts"
import type { Broken, Pass } from "./pass.ts"
import type { Resource } from "./resource.ts"
import type { Seen } from "./seen.ts"

/** False when the value breaks it. What it found out about evaluated fields and items goes into `seen`, if there is one. */
export type Check<Value extends Json = Json> = (value: Value, pass: Pass, seen: Seen | null) => boolean

/** A schema with its checks, each list in the order in which findings are told. */
export interface Prepared {
  readonly schema: JsonObject
  readonly resource: Resource
  text: readonly Check<string>[]
  number: readonly Check<number>[]
  list: readonly Check<readonly Json[]>[]
  object: readonly Check<JsonObject>[]
  /** For true, false and null. */
  other: readonly Check[]
  /** It asks which fields or items nobody has described (`unevaluatedProperties`, `unevaluatedItems`). */
  readonly isTracking: boolean
}

/** `true` and `false` are schemas too. */
export type Subschema = Prepared | boolean

export type Params = Broken["params"]
