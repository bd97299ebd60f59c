/** Methods of dicts. Those that change a dict fail on inputs and during iteration. */
import { unpack } from "./arguments.ts"
import { fail } from "./error.ts"
import { iterate, toArray } from "./iteration.ts"
import { shortRepr } from "./text.ts"
import {
  type Dict,
  hashKey,
  List,
  type Machine,
  Mapping,
  type MethodBody,
  type NamedArguments,
  SLOT_BYTES,
  Tuple,
  typeOf,
  type Value,
} from "./values.ts"

export const DICT_METHODS: ReadonlyMap<string, MethodBody<Mapping>> = new Map(
  Object.entries<MethodBody<Mapping>>({
    clear(dict, _machine, positional, named) {
      unpack("clear", positional, named, { required: [] })
      dict.forChange("clear").entries.clear()
      return null
    },

    get(dict, machine, positional, named) {
      const shape = { required: ["key"], optional: ["default"] }
      const [key = null, otherwise = null] = unpack("get", positional, named, shape)
      hashKey(key, machine)
      const found = dict.get(key, machine)
      return found === undefined ? otherwise : found
    },

    items(dict, machine, positional, named) {
      unpack("items", positional, named, { required: [] })
      return collect(dict, machine, (key, value) => {
        machine.grow(4 * SLOT_BYTES)
        return new Tuple([key, value])
      })
    },

    keys(dict, machine, positional, named) {
      unpack("keys", positional, named, { required: [] })
      return new List(toArray(dict, machine))
    },

    pop(dict, machine, positional, named) {
      const [key = null, otherwise] = unpack("pop", positional, named, { required: ["key"], optional: ["default"] })
      const { entries } = dict.forChange("pop from")
      const hashed = hashKey(key, machine)
      const found = entries.get(hashed)
      if (found !== undefined) {
        entries.delete(hashed)
        return found.value
      }
      return otherwise === undefined ? fail(`pop: missing key: ${shortRepr(key)} was not found`) : otherwise
    },

    popitem(dict, _machine, positional, named) {
      unpack("popitem", positional, named, { required: [] })
      const { entries } = dict.forChange("pop from")
      for (const [hashed, { key, value }] of entries) {
        entries.delete(hashed)
        return new Tuple([key, value])
      }
      return fail("popitem: the dict is empty")
    },

    setdefault(dict, machine, positional, named) {
      const shape = { required: ["key"], optional: ["default"] }
      const [key = null, otherwise = null] = unpack("setdefault", positional, named, shape)
      const changed = dict.forChange("insert into")
      const found = changed.get(key, machine)
      if (found !== undefined) return found
      changed.set(key, otherwise, machine)
      return otherwise
    },

    update(dict, machine, positional, named) {
      update("update", dict.forChange("update"), machine, positional, named)
      return null
    },

    values(dict, machine, positional, named) {
      unpack("values", positional, named, { required: [] })
      return collect(dict, machine, (_key, value) => value)
    },
  }),
)

function collect(dict: Mapping, machine: Machine, make: (key: Value, value: Value) => Value): List {
  const made: Value[] = []
  iterate(dict, machine, (key) => {
    machine.grow(SLOT_BYTES)
    made.push(make(key, dict.get(key, machine) ?? null))
    return false
  })
  return new List(made)
}

/** Pairs or another dict first, then the named arguments; later values replace earlier ones. */
export function update(
  name: string,
  target: Dict,
  machine: Machine,
  positional: readonly Value[],
  named: NamedArguments | undefined,
): void {
  const [pairs] = unpack(name, positional, undefined, { required: [], optional: ["pairs"] })
  if (pairs instanceof Mapping) {
    if (pairs !== target) {
      iterate(pairs, machine, (key) => {
        target.set(key, pairs.get(key, machine) ?? null, machine)
        return false
      })
    }
  } else if (pairs !== undefined) {
    for (const pair of toArray(pairs, machine)) setPair(name, target, pair, machine)
  }
  for (const [key, value] of named ?? []) target.set(key, value, machine)
}

function setPair(name: string, target: Dict, pair: Value, machine: Machine): void {
  if (typeof pair === "string") fail(`${name}: cannot convert a string to a key/value pair: it is not iterable`)
  const parts = toArray(pair, machine)
  const [key, value] = parts
  if (parts.length === 2 && key !== undefined && value !== undefined) target.set(key, value, machine)
  else fail(`${name}: non-pair element: a ${typeOf(pair)} of length ${parts.length}, want 2`)
}
