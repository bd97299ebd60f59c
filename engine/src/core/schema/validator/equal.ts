/** Equality of JSON, bounded by the pass that asks: `enum`, `const`, `uniqueItems`. */
import { canonicalJson } from "../../canonical-json.ts"
import { isJsonObject, type Json } from "../../json.ts"
import type { Pass } from "./pass.ts"

export function isEqual(a: Json, b: Json, pass: Pass): boolean {
  pass.spend(1)
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => isEqual(item, b[index]!, pass))
  if (!isJsonObject(a) || !isJsonObject(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key]!, b[key]!, pass))
  )
}

/** The first two that are equal; linear, whatever the items are. */
export function equalItems(items: readonly Json[], pass: Pass): { readonly i: number; readonly j: number } | null {
  const known = new Map<Json, number>()
  for (const [j, item] of items.entries()) {
    const isPlain = typeof item !== "object" || item === null
    // No text can be taken for another item's: canonical JSON of lists and objects begins with a bracket and texts are marked.
    const key = isPlain ? (typeof item === "string" ? `"${item}` : item) : canonicalJson(item)
    pass.spend(typeof key === "string" ? 1 + (key.length >> 4) : 1)
    const i = known.get(key)
    if (i !== undefined) return { i, j }
    known.set(key, j)
  }
  return null
}
