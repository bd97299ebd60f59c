/** What an approval asks to be filled in, as JSON text, and read back. */
import type { Approval, Json, JsonObject } from "@waybill/contract"
import type { Choice } from "./choices.ts"

type Read = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly message: string }

/** Whoever rejects fills in nothing: the engine asks the form of every other outcome. */
export const asksForm = ({ formSchema }: Pick<Approval, "formSchema">, { outcome }: Choice): boolean =>
  formSchema !== null && outcome !== "reject"

/** The fields by name, filled in where the author says with what. */
export function startOf(schema: JsonObject | null): string {
  const properties = (schema?.properties ?? {}) as { readonly [name: string]: JsonObject }
  const start = Object.entries(properties).flatMap(([name, field]) =>
    field.default === undefined ? [] : [[name, field.default]],
  )
  return JSON.stringify(Object.fromEntries(start), null, 2)
}

export function readFormText(text: string): Read {
  try {
    return { ok: true, value: JSON.parse(text) as Json }
  } catch (error) {
    return { ok: false, message: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` }
  }
}
