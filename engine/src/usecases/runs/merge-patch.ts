/** RFC 7396: objects are merged, null removes, anything else replaces. Neither argument is altered. */
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts"

export function mergePatch(target: Json, patch: Json): Json {
  if (!isJsonObject(patch)) return patch
  const merged: Record<string, Json> = {}
  const before: JsonObject = isJsonObject(target) ? target : {}
  for (const key of Object.keys(before)) if (patch[key] === undefined) set(merged, key, before[key]!)
  for (const key of Object.keys(patch)) {
    const change = patch[key]!
    if (change !== null) set(merged, key, mergePatch(before[key] ?? null, change))
  }
  return merged
}

/** As data, also for `__proto__`. */
function set(object: Record<string, Json>, key: string, value: Json): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
}
