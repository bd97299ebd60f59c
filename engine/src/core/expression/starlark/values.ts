/**
 * The values of the language. None, bools, ints (always bigint), floats (always number) and strings (UTF-16, as the
 * specification allows) are JavaScript's own; the rest are the classes below. Inputs appear as views (`input.ts`).
 * Keys live in Maps: no value is ever a key of a plain object, so there is no prototype to reach.
 */
import { Bytes } from "./bytes.ts"
import { fail } from "./error.ts"
import type { Meter } from "./meter.ts"
import type { LambdaNode } from "./syntax.ts"

export { Bytes }

export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Bytes
  | Sequence
  | Mapping
  | StarlarkSet
  | Elements
  | Builtin
  | BoundMethod
  | Lambda

/** What can be indexed by position. */
export abstract class Sequence {
  abstract readonly length: number
  /** `index` is within 0 … length − 1. */
  abstract at(index: number): Value
}

export class Tuple extends Sequence {
  readonly items: readonly Value[]

  constructor(items: readonly Value[]) {
    super()
    this.items = items
  }

  get length(): number {
    return this.items.length
  }

  at(index: number): Value {
    return this.items[index] ?? null
  }
}

/** Type `list`: a `List` of this evaluation, or a view of a JSON array. */
export abstract class ListLike extends Sequence {
  /** Fails unless the list may change now. */
  abstract forChange(operation: string): List
}

export class List extends ListLike {
  readonly items: Value[]
  activeIterators = 0

  constructor(items: Value[]) {
    super()
    this.items = items
  }

  get length(): number {
    return this.items.length
  }

  at(index: number): Value {
    return this.items[index] ?? null
  }

  forChange(operation: string): List {
    if (this.activeIterators > 0) fail(`cannot ${operation} a list during iteration: it is temporarily immutable`)
    return this
  }
}

/** A range within ±2^53. */
export class Range extends Sequence {
  readonly start: number
  readonly stop: number
  readonly step: number
  readonly length: number

  constructor(start: number, stop: number, step: number) {
    super()
    this.start = start
    this.stop = stop
    this.step = step
    this.length = Math.max(0, Math.ceil((stop - start) / step))
  }

  at(index: number): Value {
    return BigInt(this.start + index * this.step)
  }

  includes(value: number | bigint): boolean {
    const wanted = Number(value)
    if (!Number.isSafeInteger(wanted) || this.length === 0) return false
    const offset = wanted - this.start
    const index = offset / this.step
    return offset % this.step === 0 && index >= 0 && index < this.length
  }
}

/** Type `dict`: a `Dict` of this evaluation, or a view of a JSON object. */
export abstract class Mapping {
  abstract get(key: Value, meter: Meter): Value | undefined
  /** Fails for what could be no key of any dict. */
  abstract has(key: Value, meter: Meter): boolean
  /** Charged, like `keys`: an input has to list its keys to know them. */
  abstract count(meter: Meter): number
  abstract keys(meter: Meter): Iterable<Value>
  abstract forChange(operation: string): Dict
}

type DictEntry = { readonly key: Value; value: Value }

export class Dict extends Mapping {
  /** By `hashKey` of the key, in insertion order. */
  readonly entries: Map<unknown, DictEntry> = new Map()
  activeIterators = 0

  count(): number {
    return this.entries.size
  }

  get(key: Value, meter: Meter): Value | undefined {
    return this.entries.get(hashKey(key, meter))?.value
  }

  has(key: Value, meter: Meter): boolean {
    return this.entries.has(hashKey(key, meter))
  }

  /** Keeps the first key's place and spelling; charges a new entry. */
  set(key: Value, value: Value, meter: Meter): void {
    const hashed = hashKey(key, meter)
    const entry = this.entries.get(hashed)
    if (entry !== undefined) {
      entry.value = value
      return
    }
    meter.grow(ENTRY_BYTES)
    this.entries.set(hashed, { key, value })
  }

  *keys(): Iterable<Value> {
    for (const { key } of this.entries.values()) yield key
  }

  forChange(operation: string): Dict {
    if (this.activeIterators > 0) fail(`cannot ${operation} a dict during iteration: it is temporarily immutable`)
    return this
  }
}

export class StarlarkSet {
  /** By `hashKey`, in insertion order. */
  readonly elements: Map<unknown, Value> = new Map()
  activeIterators = 0

  get size(): number {
    return this.elements.size
  }

  has(value: Value, meter: Meter): boolean {
    return this.elements.has(hashKey(value, meter))
  }

  add(value: Value, meter: Meter): void {
    const hashed = hashKey(value, meter)
    if (this.elements.has(hashed)) return
    meter.grow(ENTRY_BYTES)
    this.elements.set(hashed, value)
  }

  delete(value: Value, meter: Meter): boolean {
    return this.elements.delete(hashKey(value, meter))
  }

  forChange(operation: string): StarlarkSet {
    if (this.activeIterators > 0) fail(`cannot ${operation} a set during iteration: it is temporarily immutable`)
    return this
  }
}

/** The opaque iterable of `string.elems()` and `bytes.elems()`. */
export class Elements {
  readonly owner: string | Bytes

  constructor(owner: string | Bytes) {
    this.owner = owner
  }
}

export type NamedArguments = ReadonlyMap<string, Value>

/** What built-ins need of the evaluator: the meter, and calling back. */
export type Machine = Meter & {
  call(callee: Value, positional: readonly Value[], named?: NamedArguments): Value
}

export type BuiltinBody = (machine: Machine, positional: readonly Value[], named: NamedArguments | undefined) => Value

export class Builtin {
  readonly name: string
  readonly body: BuiltinBody

  constructor(name: string, body: BuiltinBody) {
    this.name = name
    this.body = body
  }
}

export type MethodBody<Receiver extends Value> = (
  receiver: Receiver,
  machine: Machine,
  positional: readonly Value[],
  named: NamedArguments | undefined,
) => Value

export class BoundMethod {
  readonly name: string
  readonly receiver: Value
  readonly body: BuiltinBody

  constructor(name: string, receiver: Value, body: BuiltinBody) {
    this.name = name
    this.receiver = receiver
    this.body = body
  }
}

/** The variables of one comprehension or call; inner blocks reach outwards. */
export type Frame = { readonly slots: (Value | undefined)[]; readonly outer: Frame | undefined }

export class Lambda {
  readonly node: LambdaNode
  readonly frame: Frame | undefined
  readonly defaults: readonly (Value | undefined)[]

  constructor(node: LambdaNode, frame: Frame | undefined, defaults: readonly (Value | undefined)[]) {
    this.node = node
    this.frame = frame
    this.defaults = defaults
  }
}

/** What is charged for one slot of a list and one entry of a dict or set. */
export const SLOT_BYTES = 8
export const ENTRY_BYTES = 48

export function typeOf(value: Value): string {
  switch (typeof value) {
    case "boolean":
      return "bool"
    case "bigint":
      return "int"
    case "number":
      return "float"
    case "string":
      return "string"
    default:
      return value === null ? "NoneType" : typeOfObject(value)
  }
}

function typeOfObject(value: Exclude<Value, null | boolean | bigint | number | string>): string {
  if (value instanceof Mapping) return "dict"
  if (value instanceof ListLike) return "list"
  if (value instanceof Tuple) return "tuple"
  if (value instanceof Range) return "range"
  if (value instanceof StarlarkSet) return "set"
  if (value instanceof Bytes) return "bytes"
  if (value instanceof Elements) return typeof value.owner === "string" ? "string.elems" : "bytes.elems"
  return value instanceof Lambda ? "function" : "builtin_function_or_method"
}

export function truth(value: Value, meter: Meter): boolean {
  switch (typeof value) {
    case "boolean":
      return value
    case "bigint":
      return value !== 0n
    case "number":
      return value !== 0 // NaN is true
    case "string":
      return value !== ""
    default:
      return value !== null && (lengthOf(value, meter) ?? 1) > 0
  }
}

/** Undefined for what has no length. */
export function lengthOf(value: Value, meter: Meter): number | undefined {
  if (typeof value === "string") return value.length
  if (value instanceof Sequence) return value.length
  if (value instanceof Mapping) return value.count(meter)
  if (value instanceof StarlarkSet) return value.size
  if (value instanceof Bytes) return value.content.length
  if (value instanceof Elements) return lengthOf(value.owner, meter)
  return undefined
}

/**
 * The Map key under which a value is found: equal values have equal keys. Ints and floats that are equal share one; big
 * ints and tuples become text behind a NUL, and strings that begin with NUL move out of their way. Big ints are not left
 * as bigint keys, because V8 hashes only their lowest digit: `{i << 64: …}` would be quadratic.
 */
export function hashKey(value: Value, meter: Meter): unknown {
  switch (typeof value) {
    case "string":
      meter.read(value.length)
      return value.charCodeAt(0) === 0 ? `\0s${value}` : value
    case "bigint":
      return value >= -MAX_SAFE && value <= MAX_SAFE ? Number(value) : bigKey(value, meter)
    case "number":
      return Number.isInteger(value) && !Number.isSafeInteger(value) ? bigKey(BigInt(value), meter) : value
    default:
      if (value instanceof Tuple || value instanceof Bytes) return `\0${keyText(value, meter)}`
      if (value === null || typeof value === "boolean" || isFunction(value)) return value
      return failUnhashable(value)
  }
}

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER)

export function isFunction(value: Value): value is Builtin | BoundMethod | Lambda {
  return value instanceof Builtin || value instanceof BoundMethod || value instanceof Lambda
}

function failUnhashable(value: Value): never {
  const type = typeOf(value)
  const hint = type === "list" ? "a tuple of hashable values can be a key: tuple(x)" : undefined
  return fail(`unhashable type: ${type}`, { hint })
}

function bigKey(value: bigint, meter: Meter): string {
  const digits = value.toString(16)
  meter.grow(digits.length)
  return `\0i${digits}`
}

/** Injective: every part says its kind and, where it can vary, its length. */
function keyText(value: Value, meter: Meter, depth = 0): string {
  meter.step()
  let text: string
  if (value instanceof Tuple) {
    if (depth > 64) fail("a key is nested too deeply", { code: "expression_budget" })
    text = `t${value.items.length}(${value.items.map((item) => keyText(item, meter, depth + 1)).join(",")})`
  } else if (value instanceof Bytes) text = `b${value.content.length}:${value.content.join(" ")}`
  else {
    const key = hashKey(value, meter)
    if (typeof key === "string") text = `s${key.length}:${key}`
    else if (typeof key === "object" && key !== null) text = `f${functionNumber(key)}`
    else text = `${typeof key}:${Object.is(key, -0) ? 0 : String(key)}`
  }
  meter.grow(text.length)
  return text
}

const functionNumbers = new WeakMap<object, number>()
let functionsSeen = 0

/** Functions are equal only to themselves; inside a tuple key they need a name of their own. */
function functionNumber(value: object): number {
  const known = functionNumbers.get(value)
  if (known !== undefined) return known
  functionNumbers.set(value, ++functionsSeen)
  return functionsSeen
}
