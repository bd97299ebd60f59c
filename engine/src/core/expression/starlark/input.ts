/**
 * What an expression reads: JSON and lazy objects of the run's context, seen through views that convert one value at a
 * time when it is asked for. Inputs are never copied whole and never change (rule 12).
 */
import type { Json, JsonObject } from "../../json.ts"
import { fail } from "./error.ts"
import type { Meter } from "./meter.ts"
import { type Dict, hashKey, type List, ListLike, Mapping, type Value } from "./values.ts"

/** An object whose members are made when they are read: the layers of a run's context. */
export interface LazyObject {
  get(key: string): Json | LazyObject | undefined
  has(key: string): boolean
  keys(): Iterable<string>
}

/** A value that an earlier expression gave, handed to a later one as it is: tuples stay tuples, floats stay floats. */
export class Given {
  readonly value: Value

  constructor(value: Value) {
    this.value = value
  }
}

export type ScopeValue = Json | LazyObject | Given

/** The names an expression can use besides its own variables and the built-ins, which they hide (settled 15). */
export interface Scope {
  /** Undefined when there is no such name. */
  lookup(name: string): ScopeValue | undefined
  /** For "did you mean"; asked only when an expression fails. */
  names(): readonly string[]
}

/** A number without a fraction is an int: `1.0` reads as 1 (rule 23). */
export function fromInput(input: ScopeValue): Value {
  switch (typeof input) {
    case "string":
    case "boolean":
      return input
    case "number":
      return Number.isInteger(input) ? BigInt(input) : input
    case "object":
      if (input === null) return null
      if (input instanceof Given) return input.value
      return Array.isArray(input) ? new ArrayView(input) : new ObjectView(input as JsonObject | LazyObject)
    default:
      return null
  }
}

function isLazy(source: JsonObject | LazyObject): source is LazyObject {
  return typeof source.get === "function"
}

/** Keys listed in one step: `if ctx.map` in a loop must not list a large map for nothing. */
const KEYS_PER_STEP = 8

/** A JSON array as a frozen list. */
export class ArrayView extends ListLike {
  readonly source: readonly Json[]

  constructor(source: readonly Json[]) {
    super()
    this.source = source
  }

  get length(): number {
    return this.source.length
  }

  at(index: number): Value {
    return fromInput(this.source[index] ?? null)
  }

  forChange(operation: string): List {
    return fail(`cannot ${operation} a frozen list`, { hint: "inputs do not change; list(x) makes a copy" })
  }
}

/** A JSON or lazy object as a frozen dict, whose keys also answer to the dot. */
export class ObjectView extends Mapping {
  readonly source: JsonObject | LazyObject

  constructor(source: JsonObject | LazyObject) {
    super()
    this.source = source
  }

  count(meter: Meter): number {
    let count = 0
    for (const _ of this.keys(meter)) count++
    return count
  }

  get(key: Value, _meter: Meter): Value | undefined {
    return typeof key === "string" ? this.member(key) : undefined
  }

  has(key: Value, meter: Meter): boolean {
    hashKey(key, meter)
    const { source } = this
    if (typeof key !== "string") return false
    return isLazy(source) ? source.has(key) : Object.hasOwn(source, key) && source[key] !== undefined
  }

  member(key: string): Value | undefined {
    const { source } = this
    const value = isLazy(source) ? source.get(key) : Object.hasOwn(source, key) ? source[key] : undefined
    return value === undefined ? undefined : fromInput(value)
  }

  keys(meter: Meter): Iterable<string> {
    if (isLazy(this.source)) return this.source.keys()
    const keys = Object.keys(this.source)
    meter.step(Math.floor(keys.length / KEYS_PER_STEP))
    return keys
  }

  /** The JSON itself when the view is over JSON. */
  get json(): JsonObject | undefined {
    return isLazy(this.source) ? undefined : this.source
  }

  forChange(operation: string): Dict {
    return fail(`cannot ${operation} a frozen dict`, { hint: "inputs do not change; dict(x) makes a copy" })
  }
}
