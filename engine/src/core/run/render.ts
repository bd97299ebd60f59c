/** Templates against a run's context: resolved once, never a second pass (dsl.md §2). */
import type { Placeholder, Template } from "../definition/model.ts"
import type { Json } from "../json.ts"
import { nearestExisting, type Reader, readPath } from "./names.ts"
import type { Scope } from "./state.ts"

export type Rendered =
  | { readonly ok: true; readonly value: Json }
  | {
      readonly ok: false
      readonly code: "path_not_found"
      readonly message: string
      readonly template: string
      readonly names: readonly string[]
    }

export function render(reader: Reader, scope: Scope, template: Template): Rendered {
  switch (template.kind) {
    case "literal":
      return { ok: true, value: template.value }
    case "value":
      return placeholderValue(reader, scope, template.placeholder)
    case "text": {
      let text = ""
      for (const part of template.parts) {
        if (typeof part === "string") {
          text += part
          continue
        }
        const found = placeholderValue(reader, scope, part)
        if (!found.ok) return found
        text += asText(found.value)
      }
      return { ok: true, value: text }
    }
    case "array": {
      const items: Json[] = []
      for (const item of template.items) {
        const rendered = render(reader, scope, item)
        if (!rendered.ok) return rendered
        items.push(rendered.value)
      }
      return { ok: true, value: items }
    }
    case "object": {
      const result: Record<string, Json> = {}
      for (const [key, value] of template.entries) {
        const rendered = render(reader, scope, value)
        if (!rendered.ok) return rendered
        result[key] = rendered.value
      }
      return { ok: true, value: result }
    }
  }
}

/** A rendered template that must be text (a message, a name). */
export function asText(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value)
}

function placeholderValue(reader: Reader, scope: Scope, placeholder: Placeholder): Rendered {
  const value = readPath(reader, scope, placeholder.path)
  if (value !== undefined) return { ok: true, value }
  if (placeholder.hasFallback) return { ok: true, value: placeholder.fallback ?? null }
  const nearest = nearestExisting(reader, scope, placeholder.path)
  return {
    ok: false,
    code: "path_not_found",
    message: `${placeholder.source} names nothing: "${nearest.found}" is there and has ${nearest.keys.length === 0 ? "no keys" : nearest.keys.join(", ")}`,
    template: placeholder.source,
    names: nearest.keys,
  }
}
