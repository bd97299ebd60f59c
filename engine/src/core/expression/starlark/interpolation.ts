/** `format % arguments`: the conversions of the specification, no flags, widths or paddings. */
import { fail } from "./error.ts"
import { formatCompact, formatExponential, formatFixed } from "./float.ts"
import * as int from "./int.ts"
import type { Meter } from "./meter.ts"
import { repr, str } from "./text.ts"
import { ListLike, type Sequence, Tuple, typeOf, type Value } from "./values.ts"

export function interpolate(format: string, operand: Value, meter: Meter): string {
  // Before splitting: a long input of nothing but conversions would become as many pieces.
  meter.grow(format.length)
  const pieces = format.split(/%(.|\n|$)/su)
  const conversions = pieces.filter((piece, index) => index % 2 === 1 && piece !== "%").length
  const values = operandsOf(operand, conversions)
  let used = 0
  let text = ""
  for (let index = 0; index < pieces.length; index++) {
    const piece = pieces[index] ?? ""
    let part = piece
    if (index % 2 === 1 && piece !== "%") {
      if (piece === "") fail("incomplete format: % at the end", { hint: "a percent sign is written %%" })
      if (used >= values.length) fail(`not enough arguments for format string: ${values.length} given`)
      part = convert(piece, values.at(used++), meter)
    }
    meter.step()
    meter.grow(part.length)
    text += part
  }
  if (used < values.length) fail(`too many arguments for format string: not all arguments converted`)
  return text
}

/** A tuple holds the operands; JSON has no tuples, so a list does too where one value could not be enough. */
function operandsOf(operand: Value, conversions: number): Pick<Sequence, "length" | "at"> {
  if (operand instanceof Tuple) return operand
  if (operand instanceof ListLike && conversions > 1) return operand
  return { length: 1, at: () => operand }
}

function convert(letter: string, value: Value, meter: Meter): string {
  switch (letter) {
    case "s":
      return str(value, meter)
    case "r":
      return repr(value, meter)
    case "d":
      return int.intToText(toInt(letter, value), 10, meter)
    case "o":
      return int.intToText(toInt(letter, value), 8, meter)
    case "x":
      return int.intToText(toInt(letter, value), 16, meter)
    case "X":
      return int.intToText(toInt(letter, value), 16, meter).toUpperCase()
    case "e":
      return formatExponential(toFloat(letter, value))
    case "E":
      return formatExponential(toFloat(letter, value)).toUpperCase()
    case "f":
    case "F":
      return formatFixed(toFloat(letter, value))
    case "g":
      return formatCompact(toFloat(letter, value))
    case "G":
      return formatCompact(toFloat(letter, value)).toUpperCase()
    default:
      return fail(`unsupported conversion %${letter}`, { hint: "there are %s %r %d %o %x %X %e %E %f %F %g %G and %%" })
  }
}

function toInt(letter: string, value: Value): bigint {
  if (typeof value === "bigint") return value
  if (typeof value === "number") return int.fromFloat(value)
  return fail(`%${letter} format requires a number, not ${typeOf(value)}`)
}

function toFloat(letter: string, value: Value): number {
  if (typeof value === "number") return value
  if (typeof value === "bigint") return int.toFloat(value)
  return fail(`%${letter} format requires a number, not ${typeOf(value)}`)
}
