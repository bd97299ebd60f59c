/** `sorted`, `min` and `max`: elements with the keys they are compared by. */
import { unpack, wantBool } from "./arguments.ts"
import { compare } from "./comparison.ts"
import { fail } from "./error.ts"
import { toArray } from "./iteration.ts"
import { List, type Machine, type NamedArguments, Tuple, type Value } from "./values.ts"

export function sorted(machine: Machine, positional: readonly Value[], named: NamedArguments | undefined): List {
  const shape = { required: ["x"], optional: ["key", "reverse"], byName: ["key", "reverse"] }
  if (positional.length > 1) fail(`sorted: got ${positional.length} positional arguments, want at most 1`)
  const [x, key, reverse = false] = unpack("sorted", positional, named, shape)
  const sign = wantBool("sorted", "reverse", reverse) ? -1 : 1
  const pairs = withKeys(x ?? null, key, machine)
  // Stable in both directions: equal elements keep their order.
  pairs.sort((left, right) => {
    machine.step()
    return sign * compare(left.key, right.key, machine)
  })
  return new List(pairs.map((pair) => pair.element))
}

type Keyed = { readonly key: Value; readonly element: Value }

function withKeys(elements: Value, key: Value | undefined, machine: Machine): Keyed[] {
  const found = toArray(elements, machine)
  if (key === undefined || key === null) return found.map((element) => ({ key: element, element }))
  return found.map((element) => ({ key: machine.call(key, [element]), element }))
}

/** The first of the extreme elements. `sign`: 1 for the greatest, −1 for the least. */
export function extreme(
  name: string,
  sign: number,
  machine: Machine,
  positional: readonly Value[],
  named: NamedArguments | undefined,
): Value {
  if (positional.length === 0) fail(`${name}: needs at least one positional argument`)
  for (const parameter of named?.keys() ?? []) {
    if (parameter !== "key") fail(`${name}: unexpected keyword argument ${parameter}`)
  }
  const elements = positional.length === 1 ? (positional[0] ?? null) : new Tuple(positional)
  let best: Keyed | undefined
  for (const candidate of withKeys(elements, named?.get("key"), machine)) {
    machine.step()
    if (best === undefined || sign * compare(candidate.key, best.key, machine) > 0) best = candidate
  }
  return best === undefined ? fail(`${name}: the argument is empty: expected at least one item`) : best.element
}
