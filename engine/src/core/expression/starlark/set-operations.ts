/** Set algebra; results keep the order of the left operand, then of the right. */
import { iterate } from "./iteration.ts"
import type { Meter } from "./meter.ts"
import { StarlarkSet, type Value } from "./values.ts"

export function setOf(elements: Value, meter: Meter): StarlarkSet {
  if (elements instanceof StarlarkSet) return copy(elements, meter)
  const made = new StarlarkSet()
  addAll(made, elements, meter)
  return made
}

export function addAll(target: StarlarkSet, elements: Value, meter: Meter): void {
  iterate(elements, meter, (element) => {
    target.add(element, meter)
    return false
  })
}

function copy(source: StarlarkSet, meter: Meter): StarlarkSet {
  const made = new StarlarkSet()
  addAll(made, source, meter)
  return made
}

export function union(left: StarlarkSet, others: readonly Value[], meter: Meter): StarlarkSet {
  const result = copy(left, meter)
  for (const other of others) addAll(result, other, meter)
  return result
}

export function intersection(left: StarlarkSet, others: readonly Value[], meter: Meter): StarlarkSet {
  const sets = others.map((other) => asSet(other, meter))
  return filtered(left, (element) => sets.every((set) => hasCharged(set, element, meter)), meter)
}

export function difference(left: StarlarkSet, others: readonly Value[], meter: Meter): StarlarkSet {
  const sets = others.map((other) => asSet(other, meter))
  return filtered(left, (element) => !sets.some((set) => hasCharged(set, element, meter)), meter)
}

export function symmetricDifference(left: StarlarkSet, other: Value, meter: Meter): StarlarkSet {
  const right = asSet(other, meter)
  const result = filtered(left, (element) => !right.has(element, meter), meter)
  iterate(right, meter, (element) => {
    if (!left.has(element, meter)) result.add(element, meter)
    return false
  })
  return result
}

/** Replaces the contents of `target`, in place. */
export function assign(target: StarlarkSet, result: StarlarkSet): void {
  target.elements.clear()
  for (const [hashed, element] of result.elements) target.elements.set(hashed, element)
}

function hasCharged(set: StarlarkSet, element: Value, meter: Meter): boolean {
  meter.step()
  return set.has(element, meter)
}

function asSet(value: Value, meter: Meter): StarlarkSet {
  return value instanceof StarlarkSet ? value : setOf(value, meter)
}

function filtered(source: StarlarkSet, keep: (element: Value) => boolean, meter: Meter): StarlarkSet {
  const result = new StarlarkSet()
  iterate(source, meter, (element) => {
    if (keep(element)) result.add(element, meter)
    return false
  })
  return result
}
