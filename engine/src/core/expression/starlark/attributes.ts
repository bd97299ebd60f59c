/** `x.name`: a JSON object's key before the method of that name (settled 15); other values have methods only. */
import { DICT_METHODS } from "./dict-methods.ts"
import { ObjectView } from "./input.ts"
import { LIST_METHODS } from "./list-methods.ts"
import type { Meter } from "./meter.ts"
import { SET_METHODS } from "./set-methods.ts"
import { STRING_METHODS } from "./string-methods.ts"
import { BoundMethod, Bytes, Elements, ListLike, Mapping, type MethodBody, StarlarkSet, type Value } from "./values.ts"

type Methods<Receiver extends Value> = ReadonlyMap<string, MethodBody<Receiver>>

const BYTES_METHODS: Methods<Bytes> = new Map([["elems", (receiver) => new Elements(receiver)]])

export function attributeOf(value: Value, name: string): Value | undefined {
  if (value instanceof ObjectView) {
    const member = value.member(name)
    if (member !== undefined) return member
  }
  if (value instanceof Mapping) return bind(value, name, DICT_METHODS)
  if (typeof value === "string") return bind(value, name, STRING_METHODS)
  if (value instanceof ListLike) return bind(value, name, LIST_METHODS)
  if (value instanceof StarlarkSet) return bind(value, name, SET_METHODS)
  if (value instanceof Bytes) return bind(value, name, BYTES_METHODS)
  return undefined
}

function bind<Receiver extends Value>(
  receiver: Receiver,
  name: string,
  methods: Methods<Receiver>,
): BoundMethod | undefined {
  const method = methods.get(name)
  if (method === undefined) return undefined
  return new BoundMethod(name, receiver, (machine, positional, named) => method(receiver, machine, positional, named))
}

/** Sorted. */
export function attributesOf(value: Value, meter: Meter): string[] {
  const names = new Set(methodsOf(value).keys())
  if (value instanceof ObjectView) {
    for (const key of value.keys(meter)) {
      meter.step()
      names.add(key)
    }
  }
  return [...names].sort()
}

function methodsOf(value: Value): ReadonlyMap<string, unknown> {
  if (value instanceof Mapping) return DICT_METHODS
  if (typeof value === "string") return STRING_METHODS
  if (value instanceof ListLike) return LIST_METHODS
  if (value instanceof StarlarkSet) return SET_METHODS
  return value instanceof Bytes ? BYTES_METHODS : new Map()
}
