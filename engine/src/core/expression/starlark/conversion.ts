/** Numbers out of text, and the two hash functions that the specification fixes. */
import { wantInt } from "./arguments.ts"
import { fail } from "./error.ts"
import { isSpecialFloatText, readFloat } from "./float.ts"
import * as int from "./int.ts"
import type { Machine, Value } from "./values.ts"

export function floatOfText(text: string, machine: Machine): number {
  machine.read(text.length)
  const value = readFloat(text)
  if (value === undefined) return fail(`float: invalid float literal: ${text.slice(0, 40)}`)
  if (!Number.isFinite(value) && !isSpecialFloatText(text)) {
    fail("float: floating-point number too large", { code: "number_out_of_range" })
  }
  return value
}

export function intOfText(text: string, base: Value | undefined, machine: Machine): bigint {
  machine.read(text.length)
  const radix = base === undefined ? 10 : wantInt("int", "base", base)
  if (radix !== 0 && (radix < 2 || radix > 36)) fail(`int: base must be an integer >= 2 && <= 36 or 0, not ${radix}`)
  return int.readInt(text, radix, machine)
}

/** The hash of java.lang.String: 31-polynomial over UTF-16 units, as a signed 32-bit int. */
export function javaHash(text: string): bigint {
  let hash = 0
  for (let index = 0; index < text.length; index++) hash = (Math.imul(31, hash) + text.charCodeAt(index)) | 0
  return BigInt(hash)
}

export function fnv1a(bytes: Uint8Array): bigint {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return BigInt(hash >>> 0)
}
