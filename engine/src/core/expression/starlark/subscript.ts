/** `a[i]` and `a[i:j:k]`. */
import { fail } from "./error.ts"
import { type Meter, UNMETERED } from "./meter.ts"
import { likelyName, nearestNames } from "./suggestion.ts"
import { shortRepr } from "./text.ts"
import {
  Bytes,
  List,
  ListLike,
  lengthOf,
  Mapping,
  Range,
  Sequence,
  SLOT_BYTES,
  Tuple,
  typeOf,
  type Value,
} from "./values.ts"

export function indexValue(base: Value, index: Value, meter: Meter): Value {
  if (base instanceof Mapping) {
    const found = base.get(index, meter)
    return found === undefined ? failMissingKey(base, index) : found
  }
  if (typeof base === "string") return base.charAt(position(base.length, index, "string"))
  if (base instanceof Sequence) return base.at(position(base.length, index, typeOf(base)))
  if (base instanceof Bytes) return BigInt(base.content[position(base.content.length, index, "bytes")] ?? 0)
  return fail(`unsupported index operation: ${typeOf(base)}[${typeOf(index)}]`)
}

function position(length: number, index: Value, type: string): number {
  if (typeof index !== "bigint") return fail(`${type} index: got ${typeOf(index)}, want int`)
  const at = index < 0n ? index + BigInt(length) : index
  if (at < 0n || at >= BigInt(length)) {
    fail(`index ${shortRepr(index)} out of range: the ${type} has ${length} elements`)
  }
  return Number(at)
}

function failMissingKey(base: Mapping, key: Value): never {
  const names: string[] = []
  for (const name of base.keys(UNMETERED)) {
    if (typeof name === "string" && names.push(name) >= 500) break
  }
  const likely = typeof key === "string" ? likelyName(key, names) : undefined
  return fail(`key ${shortRepr(key)} not found in dict`, {
    names: typeof key === "string" ? nearestNames(key, names) : names.slice(0, 5),
    hint: likely === undefined ? undefined : `did you mean ["${likely}"]?`,
  })
}

type Bounds = { readonly start: number; readonly step: number; readonly count: number }

export function sliceValue(base: Value, start: Value, stop: Value, step: Value, meter: Meter): Value {
  const sliceable = typeof base === "string" || base instanceof Sequence || base instanceof Bytes
  if (!sliceable) return fail(`unsupported slice operation: ${typeOf(base)} is not a sequence`)
  const bounds = boundsOf(lengthOf(base, meter) ?? 0, start, stop, step)
  if (base instanceof Range) return sliceRange(base, bounds)
  const size = typeof base === "string" || base instanceof Bytes ? 1 : SLOT_BYTES
  meter.grow(bounds.count * size)
  meter.step(Math.floor(bounds.count / 64))
  if (typeof base === "string") return sliceString(base, bounds)
  if (base instanceof Bytes) return new Bytes(Uint8Array.from(indices(bounds), (index) => base.content[index] ?? 0))
  const items = Array.from(indices(bounds), (index) => base.at(index))
  return base instanceof ListLike ? new List(items) : new Tuple(items)
}

function sliceString(text: string, bounds: Bounds): string {
  if (bounds.step === 1) return text.slice(bounds.start, bounds.start + bounds.count)
  return Array.from(indices(bounds), (index) => text.charAt(index)).join("")
}

function sliceRange(range: Range, { start, step, count }: Bounds): Range {
  const first = range.start + start * range.step
  const stride = range.step * step
  return new Range(first, first + count * stride, stride)
}

function* indices({ start, step, count }: Bounds): Iterable<number> {
  for (let index = 0; index < count; index++) yield start + index * step
}

function boundsOf(length: number, start: Value, stop: Value, step: Value): Bounds {
  const stride = bound("step", step) ?? 1
  if (stride === 0) fail("slice step cannot be zero")
  const low = stride > 0 ? 0 : -1
  const high = stride > 0 ? length : length - 1
  const clamp = (index: number | undefined, otherwise: number) => {
    if (index === undefined) return otherwise
    return Math.max(low, Math.min(high, index < 0 ? index + length : index))
  }
  const from = clamp(bound("start", start), stride > 0 ? low : high)
  const to = clamp(bound("stop", stop), stride > 0 ? high : low)
  return { start: from, step: stride, count: Math.max(0, Math.ceil((to - from) / stride)) }
}

/** Undefined for `None`; far indices are clamped to what a number holds exactly. */
function bound(name: string, value: Value): number | undefined {
  if (value === null) return undefined
  if (typeof value !== "bigint") return fail(`invalid ${name} index of a slice: got ${typeOf(value)}, want int`)
  const limit = BigInt(Number.MAX_SAFE_INTEGER)
  return Number(value > limit ? limit : value < -limit ? -limit : value)
}
