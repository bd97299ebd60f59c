/** Equality and order. Both are total over well-formed values; ordering values that have none fails. */
import { fail } from "./error.ts"
import { ArrayView, ObjectView } from "./input.ts"
import { VALUE_DEPTH_MAX } from "./limits.ts"
import { failTooDeep, type Meter } from "./meter.ts"
import { Bytes, ListLike, Mapping, Range, type Sequence, StarlarkSet, Tuple, typeOf, type Value } from "./values.ts"

export function equal(left: Value, right: Value, meter: Meter, depth = 0): boolean {
  if (typeof left === "string") {
    if (typeof right !== "string" || left.length !== right.length) return false
    meter.read(left.length)
    return left === right
  }
  if (left === right) return true
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) {
    return equalNumbers(left, right)
  }
  if (depth > VALUE_DEPTH_MAX) failTooDeep()
  meter.step()
  if (left instanceof Range && right instanceof Range) return equalRanges(left, right)
  if (left instanceof ListLike && right instanceof ListLike) return equalSequences(left, right, meter, depth)
  if (left instanceof Tuple && right instanceof Tuple) return equalSequences(left, right, meter, depth)
  if (left instanceof Mapping && right instanceof Mapping) return equalMappings(left, right, meter, depth)
  if (left instanceof StarlarkSet && right instanceof StarlarkSet) return equalSets(left, right, meter)
  if (left instanceof Bytes && right instanceof Bytes) return compareBytes(left, right, meter) === 0
  return false
}

/** Of values that are not the same: numbers may still be equal. */
function equalNumbers(left: Value, right: Value): boolean {
  if (typeof left === "number" && typeof right === "number") return Number.isNaN(left) && Number.isNaN(right)
  // JavaScript orders a bigint and a number exactly; equal is what is neither less nor greater.
  if (isNumber(left) && isNumber(right)) return left <= right && left >= right
  return false
}

function equalRanges(left: Range, right: Range): boolean {
  if (left.length !== right.length) return false
  if (left.length === 0) return true
  return left.start === right.start && (left.length === 1 || left.step === right.step)
}

function equalSequences(left: Sequence, right: Sequence, meter: Meter, depth: number): boolean {
  if (left.length !== right.length) return false
  if (left instanceof ArrayView && right instanceof ArrayView && left.source === right.source) return true
  for (let index = 0; index < left.length; index++) {
    meter.step()
    if (!equal(left.at(index), right.at(index), meter, depth + 1)) return false
  }
  return true
}

function equalMappings(left: Mapping, right: Mapping, meter: Meter, depth: number): boolean {
  if (left instanceof ObjectView && right instanceof ObjectView && left.source === right.source) return true
  if (left.count(meter) !== right.count(meter)) return false
  for (const key of left.keys(meter)) {
    meter.step()
    const other = right.get(key, meter)
    const own = left.get(key, meter)
    if (other === undefined || own === undefined || !equal(own, other, meter, depth + 1)) return false
  }
  return true
}

function equalSets(left: StarlarkSet, right: StarlarkSet, meter: Meter): boolean {
  if (left.size !== right.size) return false
  for (const hashed of left.elements.keys()) {
    meter.step()
    if (!right.elements.has(hashed)) return false
  }
  return true
}

/** Negative, zero or positive. NaN equals itself and is greater than every other number. */
export function compare(left: Value, right: Value, meter: Meter, depth = 0): number {
  if (isNumber(left) && isNumber(right)) return compareNumbers(left, right)
  if (typeof left === "string" && typeof right === "string") {
    meter.read(Math.min(left.length, right.length))
    return left < right ? -1 : left > right ? 1 : 0
  }
  if (typeof left === "boolean" && typeof right === "boolean") return Number(left) - Number(right)
  if (left instanceof Bytes && right instanceof Bytes) return compareBytes(left, right, meter)
  if (left instanceof ListLike && right instanceof ListLike) return compareSequences(left, right, meter, depth)
  if (left instanceof Tuple && right instanceof Tuple) return compareSequences(left, right, meter, depth)
  return fail(`unsupported comparison: ${typeOf(left)} <=> ${typeOf(right)} is not implemented`)
}

function isNumber(value: Value): value is number | bigint {
  return typeof value === "bigint" || typeof value === "number"
}

function compareNumbers(left: number | bigint, right: number | bigint): number {
  if (left < right) return -1
  if (left > right) return 1
  const leftNaN = Number.isNaN(left)
  const rightNaN = Number.isNaN(right)
  return Number(leftNaN) - Number(rightNaN)
}

function compareBytes(left: Bytes, right: Bytes, meter: Meter): number {
  const shared = Math.min(left.content.length, right.content.length)
  meter.read(shared)
  for (let index = 0; index < shared; index++) {
    const difference = (left.content[index] ?? 0) - (right.content[index] ?? 0)
    if (difference !== 0) return difference
  }
  return left.content.length - right.content.length
}

function compareSequences(left: Sequence, right: Sequence, meter: Meter, depth: number): number {
  if (depth > VALUE_DEPTH_MAX) failTooDeep()
  const shared = Math.min(left.length, right.length)
  for (let index = 0; index < shared; index++) {
    meter.step()
    const a = left.at(index)
    const b = right.at(index)
    if (!equal(a, b, meter, depth + 1)) return compare(a, b, meter, depth + 1)
  }
  return left.length - right.length
}
