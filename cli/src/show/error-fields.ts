/** What went wrong inside a run, field by field. */
import type { RunError } from "@waybill/contract"
import { prettyJson } from "./json.ts"

export function errorFields(error: RunError): readonly (readonly [string, string | null])[] {
  const place = [error.step, error.attempt === undefined ? undefined : `attempt ${error.attempt}`]
  return [
    ["code", [error.code, error.class].filter(Boolean).join(", class ")],
    ["what", error.detail],
    ["where", place.filter(Boolean).join(", ") || null],
    ["seen", error.data === undefined ? null : prettyJson(error.data, 80)],
  ]
}
