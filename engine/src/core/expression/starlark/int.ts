/** Ints of any size up to `INT_BITS_MAX`: sizes are known before the work is done, and the work is charged. */
import { fail } from "./error.ts"
import { INT_BITS_MAX } from "./limits.ts"
import type { Meter } from "./meter.ts"

/** Upper bound of the bits of an int, off by at most three. */
export function bitsOf(value: bigint): number {
  if (BigInt.asIntN(64, value) === value) return 64
  return value.toString(16).length * 4
}

function failTooLarge(): never {
  return fail(`the int has more than ${INT_BITS_MAX} bits`, { code: "number_out_of_range" })
}

/** Charges a new int of at most `bits` bits. */
export function growInt(bits: number, meter: Meter): void {
  if (bits <= 64) return
  if (bits > INT_BITS_MAX + 64) failTooLarge()
  meter.grow(bits / 8)
}

/** Work of multiplying or dividing: digits times digits. */
function chargeProduct(leftBits: number, rightBits: number, meter: Meter): void {
  meter.step(Math.floor(((leftBits / 64) * (rightBits / 64)) / 1_024))
}

export function multiply(left: bigint, right: bigint, meter: Meter): bigint {
  const leftBits = bitsOf(left)
  const rightBits = bitsOf(right)
  if (leftBits > 64 || rightBits > 64) {
    growInt(leftBits + rightBits, meter)
    chargeProduct(leftBits, rightBits, meter)
  }
  return left * right
}

export function add(left: bigint, right: bigint, meter: Meter): bigint {
  growInt(Math.max(bitsOf(left), bitsOf(right)), meter)
  return left + right
}

/** Rounds towards minus infinity. */
export function floorDivide(left: bigint, right: bigint, meter: Meter): bigint {
  if (right === 0n) fail("integer division by zero")
  chargeDivision(left, right, meter)
  const quotient = left / right
  return left % right !== 0n && left < 0n !== right < 0n ? quotient - 1n : quotient
}

/** Has the sign of the divisor. */
export function floorRemainder(left: bigint, right: bigint, meter: Meter): bigint {
  if (right === 0n) fail("integer modulo by zero")
  chargeDivision(left, right, meter)
  const remainder = left % right
  return remainder !== 0n && remainder < 0n !== right < 0n ? remainder + right : remainder
}

function chargeDivision(left: bigint, right: bigint, meter: Meter): void {
  const leftBits = bitsOf(left)
  const rightBits = bitsOf(right)
  if (leftBits <= 64 && rightBits <= 64) return
  growInt(Math.max(leftBits, rightBits), meter)
  chargeProduct(leftBits, rightBits, meter)
}

export function shiftLeft(value: bigint, count: bigint, meter: Meter): bigint {
  if (count < 0n) fail("negative shift count")
  if (value === 0n) return 0n
  if (count > BigInt(INT_BITS_MAX)) failTooLarge()
  growInt(bitsOf(value) + Number(count), meter)
  return value << count
}

export function shiftRight(value: bigint, count: bigint, meter: Meter): bigint {
  if (count < 0n) fail("negative shift count")
  growInt(bitsOf(value), meter)
  return value >> (count > BigInt(INT_BITS_MAX) ? BigInt(INT_BITS_MAX) : count)
}

export function toFloat(value: bigint): number {
  const float = Number(value)
  if (!Number.isFinite(float)) fail("int too large to convert to float", { code: "number_out_of_range" })
  return float
}

/** Truncates towards zero. */
export function fromFloat(value: number): bigint {
  if (Number.isNaN(value)) fail("cannot convert float NaN to int")
  if (!Number.isFinite(value)) fail("cannot convert float infinity to int")
  return BigInt(Math.trunc(value))
}

export function intToText(value: bigint, radix: 8 | 10 | 16, meter: Meter): string {
  const bits = bitsOf(value)
  if (bits > 64) {
    chargeProduct(bits, bits, meter)
    meter.grow(bits / 3)
  }
  return value.toString(radix)
}

const PREFIXES: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16 }

/** `base` is 0 (inferred from the prefix) or 2 … 36. */
export function readInt(text: string, base: number, meter: Meter): bigint {
  const invalid = (): never => fail(`invalid literal with base ${base}: ${JSON.stringify(text.slice(0, 40))}`)
  const match = /^([+-]?)(?:0([bBoOxX]))?([0-9a-zA-Z]+)$/.exec(text)
  if (match === null) return invalid()
  let digits = match[3] ?? ""
  let radix = base === 0 ? 10 : base
  const letter = match[2]
  if (letter !== undefined) {
    const prefixed = PREFIXES[letter.toLowerCase()] ?? 10
    if (base === 0 || base === prefixed) radix = prefixed
    // Not a prefix in this base: `0b0` is a number in base 16.
    else digits = `0${letter}${digits}`
  } else if (base === 0 && /^0+[0-9]*[1-9]/.test(digits)) {
    return fail(`cannot infer the base of ${JSON.stringify(text.slice(0, 40))}: it starts with 0`)
  }
  const value = digitsToInt(digits, radix, meter)
  return value === undefined ? invalid() : match[1] === "-" ? -value : value
}

/** So many digits that a chunk of them is exact as a number in every base. */
const CHUNK_DIGITS = 10

function digitsToInt(digits: string, radix: number, meter: Meter): bigint | undefined {
  const bits = Math.ceil(digits.length * Math.log2(radix))
  growInt(bits, meter)
  chargeProduct(bits, bits, meter)
  if (radix === 10) return /^[0-9]+$/.test(digits) ? BigInt(digits) : undefined
  let value = 0n
  for (let at = 0; at < digits.length; at += CHUNK_DIGITS) {
    const chunk = digits.slice(at, at + CHUNK_DIGITS)
    for (const digit of chunk) if (Number.parseInt(digit, 36) >= radix) return undefined
    value = value * BigInt(radix ** chunk.length) + BigInt(Number.parseInt(chunk, radix))
  }
  return value
}
