/** References inside one schema: `#`, `#/$defs/x`. Anchors and ids are left to the validator. */
import type { Json, JsonObject } from "../json.ts"
import { isJsonObject } from "../json.ts"
import { stepsOf } from "../json-pointer.ts"

/** The schema referred to with its pointer, or null when the reference is not local or leads nowhere. */
export function followLocalRef(
  root: JsonObject,
  ref: string,
): { readonly schema: JsonObject; readonly pointer: string } | null {
  const pointer = ref === "#" ? "" : ref.startsWith("#/") ? decoded(ref.slice(1)) : null
  if (pointer === null) return null
  let at: Json | undefined = root
  for (const step of stepsOf(pointer)) at = child(at, step)
  return isJsonObject(at) ? { schema: at, pointer } : null
}

function child(value: Json | undefined, step: string): Json | undefined {
  if (Array.isArray(value)) return /^(0|[1-9][0-9]*)$/.test(step) ? (value as readonly Json[])[Number(step)] : undefined
  return isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined
}

/** A fragment of a URI may be percent-encoded. */
function decoded(fragment: string): string | null {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return null
  }
}
