/**
 * One text for one JSON value: keys sorted by UTF-16 units, no white space, numbers as ECMAScript writes them (RFC 8785).
 * For hashes of definitions, schemas and places; events are never canonicalised, their own bytes are hashed (rule 23).
 */
import type { Json } from "./json.ts"
import { isJsonObject } from "./json.ts"

export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonicalJson).join(",")}]`
  if (!isJsonObject(value)) return JSON.stringify(value)
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`)
  return `{${members.join(",")}}`
}
