/**
 * The formats of JSON Schema. Their checks are the library's, which partly use backtracking; so a text beyond any
 * sensible length of a format is not looked at but refused.
 */
import type { Format } from "ajv"
import { fullFormats } from "ajv-formats/dist/formats.js"

const LENGTH_MAX = 8_192

export const FORMATS: ReadonlyMap<string, Format> = new Map(
  Object.entries(fullFormats).map(([name, format]) => [name, bounded(format)]),
)

function bounded(format: Format): Format {
  if (format instanceof RegExp) return (text: string) => text.length <= LENGTH_MAX && format.test(text)
  if (typeof format === "function") return (text: string) => text.length <= LENGTH_MAX && format(text)
  if (typeof format !== "object" || format.type === "number") return format
  const { validate } = format
  if (validate instanceof RegExp) return (text: string) => text.length <= LENGTH_MAX && validate.test(text)
  if (typeof validate === "function" && format.async !== true) {
    return (text: string) => text.length <= LENGTH_MAX && (validate as (text: string) => boolean)(text)
  }
  return format
}
