/** Unary and binary operators over values; `and`, `or` and `not` belong to the evaluator. */
import { compare, equal } from "./comparison.ts"
import { fail } from "./error.ts"
import * as int from "./int.ts"
import { interpolate } from "./interpolation.ts"
import { iterate } from "./iteration.ts"
import type { Meter } from "./meter.ts"
import { countMatches } from "./search.ts"
import * as sets from "./set-operations.ts"
import type { BinaryOperator, UnaryOperator } from "./syntax.ts"
import {
  Bytes,
  Dict,
  List,
  ListLike,
  Mapping,
  Range,
  Sequence,
  SLOT_BYTES,
  StarlarkSet,
  Tuple,
  typeOf,
  type Value,
} from "./values.ts"

export function unary(operator: UnaryOperator, operand: Value, meter: Meter): Value {
  if (typeof operand === "bigint") {
    int.growInt(int.bitsOf(operand), meter)
    return operator === "-" ? -operand : operator === "~" ? ~operand : operand
  }
  if (typeof operand === "number" && operator !== "~") return operator === "-" ? -operand : operand
  return fail(`unsupported unary operation: ${operator}${typeOf(operand)}`)
}

export function binary(operator: BinaryOperator, left: Value, right: Value, meter: Meter): Value {
  switch (operator) {
    case "==":
      return equal(left, right, meter)
    case "!=":
      return !equal(left, right, meter)
    case "<":
      return compare(left, right, meter) < 0
    case ">":
      return compare(left, right, meter) > 0
    case "<=":
      return compare(left, right, meter) <= 0
    case ">=":
      return compare(left, right, meter) >= 0
    case "in":
      return contains(right, left, meter)
    case "not in":
      return !contains(right, left, meter)
    case "+":
      return add(left, right, meter) ?? unsupported(operator, left, right)
    case "-":
      return subtract(left, right, meter) ?? unsupported(operator, left, right)
    case "*":
      return times(left, right, meter) ?? unsupported(operator, left, right)
    case "/":
      return divide(left, right) ?? unsupported(operator, left, right)
    case "//":
      return floorDivide(left, right, meter) ?? unsupported(operator, left, right)
    case "%":
      return remainder(left, right, meter) ?? unsupported(operator, left, right)
    case "|":
    case "&":
    case "^":
      return bitwise(operator, left, right, meter) ?? unsupported(operator, left, right)
    case "<<":
    case ">>":
      return shift(operator, left, right, meter) ?? unsupported(operator, left, right)
  }
}

function unsupported(operator: BinaryOperator, left: Value, right: Value): never {
  const types = [typeOf(left), typeOf(right)]
  const hint =
    operator === "+" && types.includes("string")
      ? "str(x) turns a value into text"
      : types.includes("NoneType")
        ? "one operand is None: test it first, as in `x != None and …`"
        : undefined
  return fail(`unsupported binary operation: ${types[0]} ${operator} ${types[1]}`, { hint })
}

/** Both as floats when both are numbers and at least one is a float. */
function asFloats(left: Value, right: Value): [number, number] | undefined {
  if (typeof left === "number") {
    if (typeof right === "number") return [left, right]
    return typeof right === "bigint" ? [left, int.toFloat(right)] : undefined
  }
  return typeof left === "bigint" && typeof right === "number" ? [int.toFloat(left), right] : undefined
}

function add(left: Value, right: Value, meter: Meter): Value | undefined {
  if (typeof left === "bigint" && typeof right === "bigint") return int.add(left, right, meter)
  if (typeof left === "string" && typeof right === "string") {
    meter.grow(left.length + right.length)
    return left + right
  }
  const floats = asFloats(left, right)
  if (floats) return floats[0] + floats[1]
  if (left instanceof ListLike && right instanceof ListLike) return new List(concatenate(left, right, meter))
  if (left instanceof Tuple && right instanceof Tuple) return new Tuple(concatenate(left, right, meter))
  if (left instanceof Bytes && right instanceof Bytes) {
    meter.grow(left.content.length + right.content.length)
    const content = new Uint8Array(left.content.length + right.content.length)
    content.set(left.content)
    content.set(right.content, left.content.length)
    return new Bytes(content)
  }
  return undefined
}

function concatenate(left: Sequence, right: Sequence, meter: Meter): Value[] {
  chargeSlots(left.length + right.length, meter)
  const items: Value[] = []
  for (const part of [left, right]) for (let index = 0; index < part.length; index++) items.push(part.at(index))
  return items
}

function chargeSlots(count: number, meter: Meter): void {
  meter.grow(count * SLOT_BYTES)
  meter.step(Math.floor(count / 16))
}

function subtract(left: Value, right: Value, meter: Meter): Value | undefined {
  if (typeof left === "bigint" && typeof right === "bigint") return int.add(left, -right, meter)
  if (left instanceof StarlarkSet && right instanceof StarlarkSet) return sets.difference(left, [right], meter)
  const floats = asFloats(left, right)
  return floats && floats[0] - floats[1]
}

function times(left: Value, right: Value, meter: Meter): Value | undefined {
  if (typeof left === "bigint") {
    if (typeof right === "bigint") return int.multiply(left, right, meter)
    return typeof right === "number" ? int.toFloat(left) * right : repeat(right, left, meter)
  }
  if (typeof right === "bigint" && typeof left !== "number") return repeat(left, right, meter)
  const floats = asFloats(left, right)
  return floats && floats[0] * floats[1]
}

/** The size is known, and charged, before anything is made. */
function repeat(value: Value, count: bigint, meter: Meter): Value | undefined {
  const size =
    typeof value === "string"
      ? value.length
      : value instanceof Bytes
        ? value.content.length
        : value instanceof ListLike || value instanceof Tuple
          ? value.length
          : undefined
  if (size === undefined) return undefined
  const times = count < 0n || size === 0 ? 0 : Number(count)
  const isFlat = typeof value === "string" || value instanceof Bytes
  meter.grow(size * times * (isFlat ? 1 : SLOT_BYTES))
  if (typeof value === "string") return value.repeat(times)
  if (!isFlat) meter.step(Math.floor((size * times) / 16))
  if (value instanceof Bytes) return new Bytes(repeatBytes(value.content, times))
  const items: Value[] = []
  const sequence = value as Sequence
  for (let round = 0; round < times; round++) {
    for (let index = 0; index < size; index++) items.push(sequence.at(index))
  }
  return value instanceof Tuple ? new Tuple(items) : new List(items)
}

function repeatBytes(content: Uint8Array, times: number): Uint8Array {
  const repeated = new Uint8Array(content.length * times)
  for (let round = 0; round < times; round++) repeated.set(content, round * content.length)
  return repeated
}

function divide(left: Value, right: Value): Value | undefined {
  const bothInts = typeof left === "bigint" && typeof right === "bigint"
  const floats = bothInts ? ([int.toFloat(left), int.toFloat(right)] as const) : asFloats(left, right)
  if (!floats) return undefined
  if (floats[1] === 0) fail("floating-point division by zero")
  return floats[0] / floats[1]
}

function floorDivide(left: Value, right: Value, meter: Meter): Value | undefined {
  if (typeof left === "bigint" && typeof right === "bigint") return int.floorDivide(left, right, meter)
  const floats = asFloats(left, right)
  if (!floats) return undefined
  if (floats[1] === 0) fail("floored division by zero")
  return Math.floor(floats[0] / floats[1])
}

function remainder(left: Value, right: Value, meter: Meter): Value | undefined {
  if (typeof left === "string") return interpolate(left, right, meter)
  if (typeof left === "bigint" && typeof right === "bigint") return int.floorRemainder(left, right, meter)
  const floats = asFloats(left, right)
  if (!floats) return undefined
  if (floats[1] === 0) fail("floating-point modulo by zero")
  const rest = floats[0] % floats[1]
  return rest !== 0 && rest < 0 !== floats[1] < 0 ? rest + floats[1] : rest
}

function bitwise(operator: "|" | "&" | "^", left: Value, right: Value, meter: Meter): Value | undefined {
  if (typeof left === "bigint" && typeof right === "bigint") {
    int.growInt(Math.max(int.bitsOf(left), int.bitsOf(right)), meter)
    return operator === "|" ? left | right : operator === "&" ? left & right : left ^ right
  }
  if (left instanceof StarlarkSet && right instanceof StarlarkSet) {
    if (operator === "|") return sets.union(left, [right], meter)
    return operator === "&" ? sets.intersection(left, [right], meter) : sets.symmetricDifference(left, right, meter)
  }
  if (operator === "|" && left instanceof Mapping && right instanceof Mapping) return merge(left, right, meter)
  return undefined
}

function merge(left: Mapping, right: Mapping, meter: Meter): Dict {
  const merged = new Dict()
  for (const part of [left, right]) {
    iterate(part, meter, (key) => {
      merged.set(key, part.get(key, meter) ?? null, meter)
      return false
    })
  }
  return merged
}

function shift(operator: "<<" | ">>", left: Value, right: Value, meter: Meter): Value | undefined {
  if (typeof left !== "bigint" || typeof right !== "bigint") return undefined
  return operator === "<<" ? int.shiftLeft(left, right, meter) : int.shiftRight(left, right, meter)
}

function contains(container: Value, wanted: Value, meter: Meter): boolean {
  if (container instanceof Mapping) return container.has(wanted, meter)
  if (typeof container === "string") {
    if (typeof wanted !== "string") {
      fail(`'in <string>' requires string as left operand, not ${typeOf(wanted)}`)
    }
    return countMatches(container, wanted, meter, 1) > 0
  }
  if (container instanceof StarlarkSet) return container.has(wanted, meter)
  if (container instanceof Range) {
    if (typeof wanted !== "bigint" && typeof wanted !== "number") {
      fail(`'in <range>' requires a number as left operand, not ${typeOf(wanted)}`)
    }
    return container.includes(wanted)
  }
  if (container instanceof Sequence) return includes(container, wanted, meter)
  if (container instanceof Bytes) return bytesContain(container, wanted, meter)
  return fail(`unsupported binary operation: ${typeOf(wanted)} in ${typeOf(container)}`)
}

function includes(sequence: Sequence, wanted: Value, meter: Meter): boolean {
  for (let index = 0; index < sequence.length; index++) {
    meter.step()
    if (equal(sequence.at(index), wanted, meter)) return true
  }
  return false
}

function bytesContain(container: Bytes, wanted: Value, meter: Meter): boolean {
  if (typeof wanted === "bigint") {
    if (wanted < 0n || wanted > 255n) fail("int in bytes: the int is not within 0 … 255")
    meter.read(container.content.length)
    return container.content.includes(Number(wanted))
  }
  if (!(wanted instanceof Bytes)) {
    return fail(`'in <bytes>' requires bytes or int as left operand, not ${typeOf(wanted)}`)
  }
  const binary = (bytes: Uint8Array) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")
  return countMatches(binary(container.content), binary(wanted.content), meter, 1) > 0
}
