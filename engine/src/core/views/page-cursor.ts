/**
 * A cursor: the place behind the last item, and the question it belongs to (rule 32). It is opaque, made tamper-proof by
 * a MAC, and refused for another question. It never holds anything the caller may not see.
 */
import type { Json } from "../json.ts"
import type { PageTotal } from "./run-query.ts"

/** Keyed by the store's secret; hexadecimal. */
export type Mac = (text: string) => string

export interface CursorPlace {
  /** Sort values of the last item, and the store's tie-break. */
  readonly key: readonly (string | number)[]
  /** Nothing that was created behind it is listed: pages of one list agree. */
  readonly asOf: number
  /** Times from now are counted from the first page's now. */
  readonly now: number
  /** Counted once, for the first page. */
  readonly total: PageTotal | null
}

/** `question`: everything that must be the same on the next page, the sort among it. */
export function writeCursor(mac: Mac, question: string, place: CursorPlace): string {
  const body = toBase64Url(JSON.stringify([mac(question).slice(0, 16), place.key, place.asOf, place.now, place.total]))
  return `${body}.${mac(body).slice(0, 24)}`
}

/** Null: not a cursor of ours, altered, or of another question. */
export function readCursor(mac: Mac, question: string, cursor: string): CursorPlace | null {
  const [body, seal, ...more] = cursor.split(".")
  if (body === undefined || seal === undefined || more.length > 0) return null
  if (!sameText(seal, mac(body).slice(0, 24))) return null
  const [asked, key, asOf, now, total] = JSON.parse(fromBase64Url(body)) as [
    string,
    Json,
    number,
    number,
    PageTotal | null,
  ]
  if (asked !== mac(question).slice(0, 16)) return null
  return { key: key as (string | number)[], asOf, now, total }
}

/** Takes the same time wherever the texts differ. */
function sameText(a: string, b: string): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let index = 0; index < a.length; index += 1) difference |= a.charCodeAt(index) ^ b.charCodeAt(index)
  return difference === 0
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

function toBase64Url(text: string): string {
  const ascii = text.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
  let out = ""
  let bits = 0
  let count = 0
  for (let index = 0; index < ascii.length; index += 1) {
    bits = ((bits << 8) | ascii.charCodeAt(index)) & 0xffffff
    count += 8
    while (count >= 6) {
      count -= 6
      out += digits[(bits >> count) & 63]
    }
  }
  return count === 0 ? out : out + digits[(bits << (6 - count)) & 63]
}

/** Of our own making: the MAC has been checked. */
function fromBase64Url(body: string): string {
  let text = ""
  let bits = 0
  let count = 0
  for (const digit of body) {
    bits = ((bits << 6) | digits.indexOf(digit)) & 0xffffff
    count += 6
    if (count < 8) continue
    count -= 8
    text += String.fromCharCode((bits >> count) & 255)
  }
  return text
}
