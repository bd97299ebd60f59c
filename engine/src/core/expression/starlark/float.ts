/** Floats as text, exactly: the shortest digits that read back (`%g`, `str`), and six rounded digits (`%e`, `%f`). */

/** From 1e17 on and below 1e-4 with an exponent, as Bazel's implementation writes them. */
const EXPONENT_MAX = 17
const EXPONENT_MIN = -4
const FRACTION_DIGITS = 6

function nonFinite(value: number): string | undefined {
  if (Number.isNaN(value)) return "nan"
  if (value === Number.POSITIVE_INFINITY) return "+inf"
  return value === Number.NEGATIVE_INFINITY ? "-inf" : undefined
}

/** Always has a point or an exponent, so that it reads as a float. */
export function formatCompact(value: number): string {
  const special = nonFinite(value)
  if (special !== undefined) return special
  const sign = isNegative(value) ? "-" : ""
  const [mantissa = "", exponentText = "0"] = Math.abs(value).toExponential().split("e")
  const exponent = Number(exponentText)
  if (exponent < EXPONENT_MIN || exponent >= EXPONENT_MAX) return `${sign}${mantissa}${exponentSuffix(exponent)}`
  const digits = mantissa.replace(".", "")
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0")
  return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`
}

export function formatFixed(value: number): string {
  const special = nonFinite(value)
  if (special !== undefined) return special
  const digits = roundedScaled(Math.abs(value), FRACTION_DIGITS)
    .toString()
    .padStart(FRACTION_DIGITS + 1, "0")
  const sign = isNegative(value) ? "-" : ""
  return `${sign}${digits.slice(0, -FRACTION_DIGITS)}.${digits.slice(-FRACTION_DIGITS)}`
}

export function formatExponential(value: number): string {
  const special = nonFinite(value)
  if (special !== undefined) return special
  const magnitude = Math.abs(value)
  // The shortest digits may round to another power of ten than the six that are wanted.
  let exponent = magnitude === 0 ? 0 : Number(magnitude.toExponential().split("e")[1])
  let digits = significant(magnitude, exponent)
  if (magnitude !== 0 && digits.length !== FRACTION_DIGITS + 1) {
    exponent += digits.length - (FRACTION_DIGITS + 1)
    digits = significant(magnitude, exponent)
  }
  digits = digits.padEnd(FRACTION_DIGITS + 1, "0")
  return `${isNegative(value) ? "-" : ""}${digits[0]}.${digits.slice(1)}${exponentSuffix(exponent)}`
}

function significant(magnitude: number, exponent: number): string {
  return roundedScaled(magnitude, FRACTION_DIGITS - exponent).toString()
}

function isNegative(value: number): boolean {
  return value < 0 || Object.is(value, -0)
}

function exponentSuffix(exponent: number): string {
  return `e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`
}

/** `magnitude × 10^scale`, rounded half to even on the exact binary value: `toFixed` rounds ties up and stops at 1e21. */
function roundedScaled(magnitude: number, scale: number): bigint {
  const { mantissa, exponent } = decompose(magnitude)
  let numerator = mantissa << BigInt(Math.max(0, exponent))
  let denominator = 1n << BigInt(Math.max(0, -exponent))
  if (scale >= 0) numerator *= 10n ** BigInt(scale)
  else denominator *= 10n ** BigInt(-scale)
  const quotient = numerator / denominator
  const twice = 2n * (numerator % denominator)
  const roundUp = twice > denominator || (twice === denominator && quotient % 2n === 1n)
  return roundUp ? quotient + 1n : quotient
}

/** `value = mantissa × 2^exponent`, for a finite value ≥ 0. */
function decompose(value: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const fraction = bits & 0xfffffffffffffn
  const biased = Number(bits >> 52n) & 0x7ff
  if (biased === 0) return { mantissa: fraction, exponent: -1074 }
  return { mantissa: fraction | 0x10000000000000n, exponent: biased - 1075 }
}

/** Undefined when the text is no float literal; infinite when its value is too large. */
export function readFloat(text: string): number | undefined {
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(text)
  if (special) {
    if (special[2]?.toLowerCase() === "nan") return Number.NaN
    return special[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  }
  return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined
}

/** A literal that denotes a finite value may still be too large: `1e1000`. */
export function isSpecialFloatText(text: string): boolean {
  return /^[+-]?(?:inf|infinity|nan)$/i.test(text)
}
