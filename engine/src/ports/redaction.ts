/**
 * What the store may not keep is taken out of commands, before `decide` (rule 9, settled 16): nothing alters an event
 * afterwards. The identity until policies exist.
 */
import type { Json } from "../core/json.ts"

export interface RedactionPlace {
  readonly workspaceId: string
  readonly environment: string
  readonly workflowId: string
  readonly kind: "input" | "output" | "error" | "signal" | "form" | "comment" | "patch"
}

export interface Redaction {
  redact(place: RedactionPlace, value: Json): Json
}

export const keepAll: Redaction = { redact: (_place, value) => value }
