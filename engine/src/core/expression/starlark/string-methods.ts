/** Methods of strings. Indices count UTF-16 units, as the specification allows; predicates look at code points. */
import { clampRange, single, unpack, wantBool, wantIntOr, wantString } from "./arguments.ts"
import { fail } from "./error.ts"
import { iterate } from "./iteration.ts"
import { chargeSearch, countMatches } from "./search.ts"
import * as cases from "./string-case.ts"
import { format } from "./string-format.ts"
import { partition, rightSplit, split, splitLines } from "./string-split.ts"
import {
  Elements,
  List,
  type Machine,
  type MethodBody,
  type NamedArguments,
  SLOT_BYTES,
  Tuple,
  typeOf,
  type Value,
} from "./values.ts"

type Method = MethodBody<string>

/** A method without arguments that maps the string to another. */
function mapping(name: string, map: (text: string) => string): Method {
  return (text, machine, positional, named) => {
    unpack(name, positional, named, { required: [] })
    machine.step(Math.floor(text.length / 64))
    // Case mappings make at most three units of one.
    machine.grow(text.length * 3)
    return map(text)
  }
}

function predicate(name: string, holds: (text: string) => boolean): Method {
  return (text, machine, positional, named) => {
    unpack(name, positional, named, { required: [] })
    machine.step(Math.floor(text.length / 64))
    return holds(text)
  }
}

function finder(name: string, last: boolean, failing: boolean): Method {
  return (text, machine, positional, named) => {
    const shape = { required: ["sub"], optional: ["start", "end"] }
    const [sub, start, end] = unpack(name, positional, named, shape)
    const index = find(name, text, wantString(name, "sub", sub), [start, end], last, machine)
    if (index < 0 && failing) fail(`${name}: substring not found`)
    return BigInt(index)
  }
}

function find(
  name: string,
  text: string,
  sub: string,
  [start, end]: readonly [Value | undefined, Value | undefined],
  last: boolean,
  machine: Machine,
): number {
  const from = wantIntOr(name, "start", start, 0)
  const range = clampRange(name, start, end, text.length)
  if (range.start > range.end || from > text.length) return -1
  const part = text.slice(range.start, range.end)
  chargeSearch(part.length, sub.length, machine)
  const index = last ? part.lastIndexOf(sub) : part.indexOf(sub)
  return index < 0 ? -1 : index + range.start
}

function affix(name: string, matches: (text: string, affix: string) => boolean): Method {
  return (text, machine, positional, named) => {
    const shape = { required: ["affix"], optional: ["start", "end"] }
    const [wanted, start, end] = unpack(name, positional, named, shape)
    const range = clampRange(name, start, end, text.length)
    const part = text.slice(range.start, range.end)
    const options = wanted instanceof Tuple ? wanted.items : [wanted ?? null]
    return options
      .map((option) => wantString(name, "affix", option))
      .some((option) => {
        machine.step()
        machine.read(option.length)
        return matches(part, option)
      })
  }
}

function stripper(name: string, left: boolean, right: boolean): Method {
  return (text, machine, positional, named) => {
    const [cutset] = unpack(name, positional, named, { required: [], optional: ["cutset"] })
    machine.step(Math.floor(text.length / 64))
    const isCut =
      cutset === undefined || cutset === null
        ? cases.isSpace
        : characterSet(wantString(name, "cutset", cutset), machine)
    return cases.strip(text, isCut, left, right)
  }
}

function characterSet(cutset: string, machine: Machine): (character: string) => boolean {
  machine.grow(cutset.length * SLOT_BYTES)
  const characters = new Set(cutset)
  return (character) => characters.has(character)
}

function splitter(name: string, fromRight: boolean): Method {
  return (text, machine, positional, named) => {
    const shape = { required: [], optional: ["sep", "maxsplit"], byName: ["sep", "maxsplit"] }
    const [separator, limit] = unpack(name, positional, named, shape)
    const splits = wantIntOr(name, "maxsplit", limit, -1)
    const sep = separator === undefined || separator === null ? undefined : wantString(name, "sep", separator)
    if (sep === "") fail(`${name}: empty separator`)
    return listOf((fromRight ? rightSplit : split)(text, sep, splits < 0 ? Number.POSITIVE_INFINITY : splits, machine))
  }
}

function listOf(parts: string[]): List {
  return new List(parts)
}

function remover(name: string, matches: (text: string, affix: string) => boolean, prefix: boolean): Method {
  return (text, machine, positional, named) => {
    const part = wantString(name, "x", single(name, positional, named))
    machine.read(part.length)
    if (part === "" || !matches(text, part)) return text
    return prefix ? text.slice(part.length) : text.slice(0, -part.length)
  }
}

function partitioner(name: string, last: boolean): Method {
  return (text, machine, positional, named) => {
    const separator = wantString(name, "sep", single(name, positional, named))
    if (separator === "") fail(`${name}: empty separator`)
    machine.grow(6 * SLOT_BYTES)
    return new Tuple(partition(text, separator, last, machine))
  }
}

function count(
  text: string,
  machine: Machine,
  positional: readonly Value[],
  named: NamedArguments | undefined,
): bigint {
  const [sub, start, end] = unpack("count", positional, named, { required: ["sub"], optional: ["start", "end"] })
  const range = clampRange("count", start, end, text.length)
  const wanted = wantString("count", "sub", sub)
  if (range.start > range.end) return 0n
  return BigInt(countMatches(text.slice(range.start, range.end), wanted, machine))
}

function join(separator: string, machine: Machine, elements: Value): string {
  const parts: string[] = []
  iterate(elements, machine, (element) => {
    if (typeof element !== "string") {
      return fail(
        `join: expected string for sequence element ${parts.length}, got ${typeOf(element)}: must be a string`,
      )
    }
    machine.grow(element.length + separator.length)
    parts.push(element)
    return false
  })
  return parts.join(separator)
}

function replace(
  text: string,
  machine: Machine,
  positional: readonly Value[],
  named: NamedArguments | undefined,
): string {
  const shape = { required: ["old", "new"], optional: ["count"] }
  const [oldValue, newValue, limitValue] = unpack("replace", positional, named, shape)
  const old = wantString("replace", "old", oldValue)
  const replacement = wantString("replace", "new", newValue)
  const limit = wantIntOr("replace", "count", limitValue, -1)
  const matches = countMatches(text, old, machine, limit < 0 ? Number.POSITIVE_INFINITY : limit)
  machine.grow(text.length + matches * replacement.length)
  const parts: string[] = []
  let at = 0
  for (let done = 0; done < matches; done++) {
    // An empty `old` matches before each unit and at the end.
    const next = old === "" ? at : text.indexOf(old, at)
    parts.push(text.slice(at, next), replacement)
    at = next + old.length
    if (old === "") parts.push(text.slice(at, ++at))
  }
  return parts.join("") + text.slice(at)
}

export const STRING_METHODS: ReadonlyMap<string, Method> = new Map(
  Object.entries<Method>({
    capitalize: mapping("capitalize", cases.capitalize),
    count: (text, machine, positional, named) => count(text, machine, positional, named),
    elems(text, _machine, positional, named) {
      unpack("elems", positional, named, { required: [] })
      return new Elements(text)
    },
    endswith: affix("endswith", (text, suffix) => text.endsWith(suffix)),
    find: finder("find", false, false),
    format: (text, machine, positional, named) => format(text, machine, { positional, named }),
    index: finder("index", false, true),
    isalnum: predicate("isalnum", (text) => /^[\p{L}\p{Nd}]+$/u.test(text)),
    isalpha: predicate("isalpha", (text) => /^\p{L}+$/u.test(text)),
    isdigit: predicate("isdigit", (text) => /^\p{Nd}+$/u.test(text)),
    islower: predicate("islower", (text) => /\p{Ll}/u.test(text) && !/[\p{Lu}\p{Lt}]/u.test(text)),
    isspace: predicate("isspace", (text) => /^\p{White_Space}+$/u.test(text)),
    istitle: predicate("istitle", cases.isTitle),
    isupper: predicate("isupper", (text) => /\p{Lu}/u.test(text) && !/[\p{Ll}\p{Lt}]/u.test(text)),
    join(text, machine, positional, named) {
      return join(text, machine, single("join", positional, named))
    },
    lower: mapping("lower", (text) => text.toLowerCase()),
    lstrip: stripper("lstrip", true, false),
    partition: partitioner("partition", false),
    removeprefix: remover("removeprefix", (text, prefix) => text.startsWith(prefix), true),
    removesuffix: remover("removesuffix", (text, suffix) => text.endsWith(suffix), false),
    replace: (text, machine, positional, named) => replace(text, machine, positional, named),
    rfind: finder("rfind", true, false),
    rindex: finder("rindex", true, true),
    rpartition: partitioner("rpartition", true),
    rsplit: splitter("rsplit", true),
    rstrip: stripper("rstrip", false, true),
    split: splitter("split", false),
    splitlines(text, machine, positional, named) {
      const shape = { required: [], optional: ["keepends"], byName: ["keepends"] }
      const [keepEnds] = unpack("splitlines", positional, named, shape)
      const keep = keepEnds !== undefined && wantBool("splitlines", "keepends", keepEnds)
      return listOf(splitLines(text, keep, machine))
    },
    startswith: affix("startswith", (text, prefix) => text.startsWith(prefix)),
    strip: stripper("strip", true, true),
    title: mapping("title", cases.title),
    upper: mapping("upper", (text) => text.toUpperCase()),
  }),
)
