/**
 * The JSON merge patch (RFC 7386) that makes one value of another: what a re-run sends of an edited input. Such a patch
 * removes what it names null, so there are values that it cannot reach; these are said and not sent.
 */
import type { JsonObject } from "@waybill/contract"

export type MergePatch =
  /** Null: nothing differs. */
  { readonly ok: true; readonly patch: JsonObject | null } | { readonly ok: false; readonly message: string }

export function mergePatchOf(from: unknown, to: unknown): MergePatch {
  if (!isObject(to)) return { ok: false, message: "The input must stay an object: { … }." }
  const lost = nullAt(isObject(from) ? from : {}, to, "")
  if (lost !== null) {
    return { ok: false, message: `${lost} cannot be set to null by a re-run: leave it out, or give it a value.` }
  }
  const patch = patchOf(isObject(from) ? from : {}, to)
  return { ok: true, patch: Object.keys(patch).length === 0 ? null : patch }
}

function patchOf(from: JsonObject, to: JsonObject): JsonObject {
  const removed = Object.keys(from).filter((key) => !Object.hasOwn(to, key))
  const changed = Object.entries(to).flatMap(([key, value]) => {
    const before = Object.hasOwn(from, key) ? from[key] : undefined
    if (same(before, value)) return []
    return [[key, isObject(before) && isObject(value) ? patchOf(before, value) : value] as const]
  })
  return Object.fromEntries([...removed.map((key) => [key, null] as const), ...changed])
}

/** Where a null stands that was not there before; items of lists are replaced with their list, whatever they are. */
function nullAt(from: JsonObject, to: JsonObject, path: string): string | null {
  for (const [key, value] of Object.entries(to)) {
    const before = Object.hasOwn(from, key) ? from[key] : undefined
    const here = path === "" ? key : `${path}.${key}`
    if (value === null && before !== null) return here
    const inside = isObject(value) && !same(before, value) ? nullAt(isObject(before) ? before : {}, value, here) : null
    if (inside !== null) return inside
  }
  return null
}

const same = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => same(item, b[at]))
  if (!isObject(a) || !isObject(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
