/** Iteration in one place: what is iterable, one step for each element, no change of what is being iterated. */
import { fail } from "./error.ts"
import type { Meter } from "./meter.ts"
import {
  Bytes,
  Dict,
  Elements,
  List,
  Mapping,
  Sequence,
  SLOT_BYTES,
  StarlarkSet,
  typeOf,
  type Value,
} from "./values.ts"

/** Calls `visit` for each element until it returns true. */
export function iterate(value: Value, meter: Meter, visit: (element: Value) => boolean | undefined): void {
  const lock = value instanceof List || value instanceof Dict || value instanceof StarlarkSet ? value : undefined
  if (lock) lock.activeIterators++
  if (value instanceof Sequence) {
    for (let index = 0; index < value.length; index++) {
      meter.step()
      if (visit(value.at(index))) break
    }
  } else {
    for (const element of elementsOf(value, meter)) {
      meter.step()
      if (visit(element)) break
    }
  }
  if (lock) lock.activeIterators--
}

function elementsOf(value: Value, meter: Meter): Iterable<Value> {
  if (value instanceof Mapping) return value.keys(meter)
  if (value instanceof StarlarkSet) return value.elements.values()
  if (value instanceof Elements) return ownerElements(value.owner)
  const hint = typeof value === "string" ? "use s.elems() for its elements" : undefined
  return fail(`got ${typeOf(value)}, want iterable: the value is not iterable`, { hint })
}

function* ownerElements(owner: string | Bytes): Iterable<Value> {
  if (owner instanceof Bytes) for (const byte of owner.content) yield BigInt(byte)
  else for (let index = 0; index < owner.length; index++) yield owner.charAt(index)
}

/** A new array of the elements; charged. */
export function toArray(value: Value, meter: Meter): Value[] {
  const elements: Value[] = []
  iterate(value, meter, (element) => {
    meter.grow(SLOT_BYTES)
    elements.push(element)
    return false
  })
  return elements
}
