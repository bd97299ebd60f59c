/** A word that the simulated policy lets nobody keep: it must come up in no event, value or late result (rule 9, I16). */
import { isJsonObject, type Json } from "../../core/json.ts"
import type { Redaction } from "../../ports/redaction.ts"

export const secretWord = "hush"

export const hushing: Redaction = {
  redact: (_place, value) => hushed(value),
  digest: (_workspaceId, text) => `digest-${text.length}`,
  digests: (_workspaceId, text) => [`digest-${text.length}`],
  namesOf: (_workspaceId, name) => [...new Set([name, hushed(name) as string])],
}

/** The value itself when there is nothing to take out. */
export function hushed(value: Json): Json {
  if (typeof value === "string") return value.includes(secretWord) ? value.replaceAll(secretWord, "***") : value
  if (Array.isArray(value)) {
    const kept = value.map(hushed)
    return kept.some((item, index) => item !== value[index]) ? kept : value
  }
  if (!isJsonObject(value)) return value
  const entries = Object.entries(value).map(([key, child]) => [key, hushed(child)] as const)
  return entries.some(([key, child]) => child !== value[key]) ? Object.fromEntries(entries) : value
}
