/** The universal functions. Pure: no clock, no chance, no output. */
import { failType, onlyPositional, single, unpack, wantExactInt, wantInt, wantString } from "./arguments.ts"
import { attributeOf, attributesOf } from "./attributes.ts"
import { floatOfText, fnv1a, intOfText, javaHash } from "./conversion.ts"
import { update } from "./dict-methods.ts"
import { fail } from "./error.ts"
import * as int from "./int.ts"
import { iterate, toArray } from "./iteration.ts"
import { UNMETERED } from "./meter.ts"
import { extreme, sorted } from "./ordering.ts"
import { setOf } from "./set-operations.ts"
import { repr, str } from "./text.ts"
import { encodeUtf8 } from "./utf8.ts"
import {
  Builtin,
  type BuiltinBody,
  Bytes,
  Dict,
  List,
  lengthOf,
  Range,
  SLOT_BYTES,
  StarlarkSet,
  Tuple,
  truth,
  typeOf,
  type Value,
} from "./values.ts"

const bodies: Readonly<Record<string, BuiltinBody>> = {
  abs(machine, positional, named) {
    const x = single("abs", positional, named)
    if (typeof x === "bigint") {
      int.growInt(int.bitsOf(x), machine)
      return x < 0n ? -x : x
    }
    return typeof x === "number" ? Math.abs(x) : failType("abs", "x", x, "int or float")
  },

  any(machine, positional, named) {
    let found = false
    iterate(single("any", positional, named), machine, (element) => {
      found = truth(element, machine)
      return found
    })
    return found
  },

  all(machine, positional, named) {
    let holds = true
    iterate(single("all", positional, named), machine, (element) => {
      holds = truth(element, machine)
      return !holds
    })
    return holds
  },

  bool(machine, positional, named) {
    const [x] = unpack("bool", positional, named, { required: [], optional: ["x"] })
    return x !== undefined && truth(x, machine)
  },

  bytes(machine, positional, named) {
    const x = single("bytes", positional, named)
    if (x instanceof Bytes) return x
    if (typeof x === "string") {
      machine.grow(x.length * 3)
      return new Bytes(encodeUtf8(x))
    }
    const content = toArray(x, machine).map((element) => {
      const byte = typeof element === "bigint" ? Number(element) : failType("bytes", "x", element, "iterable of int")
      return byte >= 0 && byte <= 255 ? byte : fail(`bytes: ${byte} is not within 0 … 255`)
    })
    return new Bytes(Uint8Array.from(content))
  },

  chr(_machine, positional, named) {
    const code = wantInt("chr", "i", single("chr", positional, named))
    if (code < 0) fail(`chr: Unicode code point ${code} out of range (<0)`)
    if (code > 0x10ffff) fail(`chr: Unicode code point U+${code.toString(16).toUpperCase()} out of range (>0x10FFFF)`)
    return String.fromCodePoint(code)
  },

  dict(machine, positional, named) {
    const made = new Dict()
    update("dict", made, machine, positional, named)
    return made
  },

  dir(machine, positional, named) {
    const names = attributesOf(single("dir", positional, named), machine)
    machine.grow(names.length * SLOT_BYTES)
    return new List(names)
  },

  enumerate(machine, positional, named) {
    const shape = { required: ["x"], optional: ["start"], byName: ["start"] }
    const [x, start = 0n] = unpack("enumerate", positional, named, shape)
    if (typeof start !== "bigint") return failType("enumerate", "start", start, "int")
    const pairs: Value[] = []
    iterate(x ?? null, machine, (element) => {
      machine.grow(4 * SLOT_BYTES)
      pairs.push(new Tuple([start + BigInt(pairs.length), element]))
      return false
    })
    return new List(pairs)
  },

  fail(machine, positional, named) {
    const texts = positional.map((value) => str(value, machine))
    for (const [key, value] of named ?? []) {
      if (key !== "sep" && key !== "msg") fail(`fail: unexpected keyword argument ${key}`)
      if (key === "msg") texts.unshift(str(value, machine))
    }
    const separator = named?.has("sep") ? wantString("fail", "sep", named.get("sep")) : " "
    return fail(`fail: ${texts.join(separator)}`)
  },

  float(machine, positional, named) {
    const [x] = unpack("float", positional, named, { required: [], optional: ["x"] })
    if (x === undefined) return 0
    if (typeof x === "number") return x
    if (typeof x === "bigint") return int.toFloat(x)
    if (typeof x === "boolean") return x ? 1 : 0
    return typeof x === "string" ? floatOfText(x, machine) : failType("float", "x", x, "number or string")
  },

  getattr(_machine, positional, named) {
    const [x, name, otherwise] = unpack("getattr", positional, named, {
      required: ["x", "name"],
      optional: ["default"],
    })
    const attribute = attributeOf(x ?? null, wantString("getattr", "name", name))
    if (attribute !== undefined) return attribute
    if (otherwise !== undefined) return otherwise
    return failNoAttribute(x ?? null, wantString("getattr", "name", name))
  },

  hasattr(_machine, positional, named) {
    const [x, name] = unpack("hasattr", positional, named, { required: ["x", "name"] })
    return attributeOf(x ?? null, wantString("hasattr", "name", name)) !== undefined
  },

  hash(machine, positional, named) {
    const x = single("hash", positional, named)
    if (typeof x === "string") {
      machine.step(Math.floor(x.length / 64))
      return javaHash(x)
    }
    if (!(x instanceof Bytes)) return failType("hash", "x", x, "string or bytes")
    machine.step(Math.floor(x.content.length / 64))
    return fnv1a(x.content)
  },

  int(machine, positional, named) {
    const [x, base] = unpack("int", positional, named, { required: ["x"], optional: ["base"], byName: ["base"] })
    if (typeof x === "string") return intOfText(x, base, machine)
    if (base !== undefined) fail("int: can't convert non-string with explicit base")
    if (typeof x === "bigint") return x
    if (typeof x === "boolean") return x ? 1n : 0n
    if (typeof x === "number") return int.fromFloat(x)
    return x === null
      ? fail("int: None is not an int, float, bool or string")
      : failType("int", "x", x, "int, float, bool or string")
  },

  len(machine, positional, named) {
    const x = single("len", positional, named)
    const length = lengthOf(x, machine)
    if (length === undefined) return fail(`len: value of type ${typeOf(x)} has no len`)
    return BigInt(length)
  },

  list(machine, positional, named) {
    const [x] = unpack("list", positional, named, { required: [], optional: ["x"] })
    return new List(x === undefined ? [] : toArray(x, machine))
  },

  max(machine, positional, named) {
    return extreme("max", 1, machine, positional, named)
  },

  min(machine, positional, named) {
    return extreme("min", -1, machine, positional, named)
  },

  ord(_machine, positional, named) {
    const text = wantString("ord", "s", single("ord", positional, named))
    const code = text.codePointAt(0)
    if (code !== undefined && text.length === (code > 0xffff ? 2 : 1)) return BigInt(code)
    return fail(`ord: string of length ${text.length} does not hold one Unicode code point`)
  },

  range(_machine, positional, named) {
    onlyPositional("range", named)
    const shape = { required: ["start"], optional: ["stop", "step"] }
    const numbers = unpack("range", positional, undefined, shape).map((value, index) =>
      value === undefined ? undefined : wantExactInt("range", ["start", "stop", "step"][index] ?? "", value),
    )
    const [first = 0, second, step = 1] = numbers
    if (step === 0) fail("range: step cannot be 0")
    const made = second === undefined ? new Range(0, first, 1) : new Range(first, second, step)
    if (!Number.isSafeInteger(made.length)) fail("range: the range is too large")
    return made
  },

  repr(machine, positional, named) {
    return repr(single("repr", positional, named), machine)
  },

  reversed(machine, positional, named) {
    return new List(toArray(single("reversed", positional, named), machine).reverse())
  },

  set(machine, positional, named) {
    const [x] = unpack("set", positional, named, { required: [], optional: ["x"] })
    return x === undefined ? new StarlarkSet() : setOf(x, machine)
  },

  sorted,

  str(machine, positional, named) {
    return str(single("str", positional, named), machine)
  },

  tuple(machine, positional, named) {
    const [x] = unpack("tuple", positional, named, { required: [], optional: ["x"] })
    if (x instanceof Tuple) return x
    return new Tuple(x === undefined ? [] : toArray(x, machine))
  },

  type(_machine, positional, named) {
    return typeOf(single("type", positional, named))
  },

  zip(machine, positional, named) {
    onlyPositional("zip", named)
    const columns = positional.map((column) => toArray(column, machine))
    const length = columns.length === 0 ? 0 : Math.min(...columns.map((column) => column.length))
    const rows: Value[] = []
    for (let index = 0; index < length; index++) {
      machine.step()
      machine.grow((columns.length + 3) * SLOT_BYTES)
      rows.push(new Tuple(columns.map((column) => column[index] ?? null)))
    }
    return new List(rows)
  },
}

export const BUILTINS: ReadonlyMap<string, Builtin> = new Map(
  Object.entries(bodies).map(([name, body]) => [name, new Builtin(name, body)]),
)

export function failNoAttribute(value: Value, name: string): never {
  const names = attributesOf(value, UNMETERED)
  return fail(`${typeOf(value)} value has no field or method '${name}'`, { names })
}
