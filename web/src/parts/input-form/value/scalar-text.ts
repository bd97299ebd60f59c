/**
 * What a field of text says of a value, and back. Each pair is the other's inverse on values, so that what is seen in a
 * field is what the run gets: a text in a number's field stands in quotation marks when it would read as a number.
 */
import type { Json } from "@waybill/contract"

/** A field of one line cannot hold a line's end, and no field holds what cannot be seen. */
export function fitsInField(text: string, lines: boolean): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that a field changes or hides
  return lines ? !/[\u0000-\u0008\u000b-\u001f\u007f]/.test(text) : !/[\u0000-\u001f\u007f\u2028\u2029]/.test(text)
}

/** Null: no number and no text that a field can hold. */
export function numberText(value: Json): string | null {
  if (typeof value === "number") return JSON.stringify(value)
  if (typeof value !== "string" || !fitsInField(value, false)) return null
  return readNumber(value) === value ? value : JSON.stringify(value)
}

/** A number where it is one; otherwise the text as it is, so that the server says what is wrong with it. */
export function readNumber(text: string): Json {
  const parsed = parseJson(text.trim())
  if (typeof parsed === "number" && Number.isFinite(parsed)) return parsed === 0 ? 0 : parsed
  return typeof parsed === "string" ? parsed : text
}

/** `undefined`: it is no JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

export const isDate = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text

export const sameJson = (a: Json | undefined, b: Json | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && JSON.stringify(a) === JSON.stringify(b))
