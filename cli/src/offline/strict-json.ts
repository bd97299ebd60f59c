/** The engine's lossless reader for what is typed here (rule 23): what it refuses would be changed silently otherwise. */
import type { Json } from "@waybill/contract"
import { readJson } from "@waybill/server/compose/strict-json"
import { wrongUse } from "../failure.ts"

/** `what`: the option or file the text came from. */
export function parseStrictJson(text: string, what: string): Json {
  const read = readJson(text)
  if (read.ok) return read.value as Json
  const { message, line, column, pointer, hint } = read.problem
  const place = line === undefined ? pointer : `${line}:${column ?? 1}`
  throw wrongUse(`${what} is not JSON that Waybill can keep: ${message}${place ? ` (at ${place})` : ""}`, hint ?? null)
}

/** The value, or null when the text is no JSON at all; JSON that would be changed is refused all the same. */
export function tryStrictJson(text: string, what: string): { readonly value: Json } | null {
  const read = readJson(text)
  if (read.ok) return { value: read.value as Json }
  return read.problem.code === "json_syntax" ? null : { value: parseStrictJson(text, what) }
}
