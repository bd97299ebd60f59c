/**
 * The formats of JSON Schema. Their checks are the library's, which partly use backtracking; so a text beyond any
 * sensible length of a format is not looked at but refused.
 */
import type { Format } from "ajv"
import { fullFormats } from "ajv-formats/dist/formats.js"
import type { Formats } from "../../core/schema/validator/index.ts"

const LENGTH_MAX = 8_192

type TextCheck = (text: string) => boolean
type NumberCheck = (value: number) => boolean

const texts = new Map<string, TextCheck>()
const numbers = new Map<string, NumberCheck>()
for (const [name, format] of Object.entries(fullFormats)) add(name, format)

export const FORMATS: Formats = { text: texts, number: numbers }

function add(name: string, format: Format): void {
  if (format instanceof RegExp || typeof format === "function") {
    texts.set(name, bounded(format as RegExp | TextCheck))
  } else if (typeof format === "object" && format.async !== true) {
    if (format.type === "number") numbers.set(name, format.validate as NumberCheck)
    else texts.set(name, bounded(format.validate as RegExp | TextCheck))
  }
}

function bounded(check: RegExp | TextCheck): TextCheck {
  const isWritten: TextCheck = check instanceof RegExp ? (text) => check.test(text) : check
  return (text) => text.length <= LENGTH_MAX && isWritten(text)
}
