/**
 * Values to JSON. Inputs go out as they came in; what the expression made is converted and bounded, because lists that
 * share their elements can stand for far more than they hold.
 */
import type { Json, JsonObject } from "../../json.ts"
import { type ExpressionErrorCode, Failure, fail } from "./error.ts"
import { formatCompact } from "./float.ts"
import { ArrayView, ObjectView } from "./input.ts"
import { VALUE_BYTES_MAX, VALUE_DEPTH_MAX } from "./limits.ts"
import { UNMETERED } from "./meter.ts"
import { Dict, ListLike, Mapping, type Sequence, Tuple, typeOf, type Value } from "./values.ts"

export type OutputError = {
  readonly code: ExpressionErrorCode
  readonly message: string
  /** JSON pointer of the value that cannot be written. */
  readonly pointer: string
}

/** Objects have a null prototype. */
export function toJson(value: Value): { ok: true; value: Json } | { ok: false; error: OutputError } {
  const writer = new JsonWriter()
  try {
    return { ok: true, value: writer.write(value) }
  } catch (failure) {
    const { code, message } = failure instanceof Failure ? failure : new Failure("the value cannot be converted")
    return { ok: false, error: { code, message, pointer: writer.pointer } }
  }
}

class JsonWriter {
  private readonly path: (string | number)[] = []
  private readonly inputsSeen = new Set<object>()
  private bytesLeft = VALUE_BYTES_MAX

  get pointer(): string {
    return this.path.map((segment) => `/${String(segment).replace(/~/g, "~0").replace(/\//g, "~1")}`).join("")
  }

  write(value: Value): Json {
    switch (typeof value) {
      case "bigint":
        return writeInt(value)
      case "number":
        return writeFloat(value)
      case "string":
        this.charge(value.length)
        return writeString(value)
      case "boolean":
        return value
      default:
        return value === null ? null : this.writeObject(value)
    }
  }

  private writeObject(value: Exclude<Value, null | boolean | bigint | number | string>): Json {
    if (this.path.length > VALUE_DEPTH_MAX) fail(`the value is nested deeper than ${VALUE_DEPTH_MAX} levels`)
    if (value instanceof ArrayView) return this.writeInput(value.source)
    if (value instanceof ObjectView && value.json !== undefined) return this.writeInput(value.json)
    if (value instanceof ListLike || value instanceof Tuple) return this.writeSequence(value)
    if (value instanceof Mapping) return this.writeMapping(value)
    const hint = ["set", "range", "string.elems"].includes(typeOf(value)) ? ": list(x) makes a list of it" : ""
    return fail(`a ${typeOf(value)} is not JSON${hint}`, { code: "value_not_json" })
  }

  /** An input's first appearance is free, because it exists already; repetitions multiply what is written. */
  private writeInput<T extends readonly Json[] | JsonObject>(input: T): T {
    if (this.inputsSeen.has(input)) this.chargeInput(input)
    this.inputsSeen.add(input)
    return input
  }

  private chargeInput(input: Json): void {
    this.charge(typeof input === "string" ? input.length : 8)
    if (typeof input !== "object" || input === null) return
    for (const [key, member] of Object.entries(input)) {
      this.charge(key.length)
      this.chargeInput(member)
    }
  }

  private writeSequence(value: Sequence): Json {
    const items: Json[] = []
    for (let index = 0; index < value.length; index++) {
      this.charge(8)
      this.path.push(index)
      items.push(this.write(value.at(index)))
      this.path.pop()
    }
    return items
  }

  private writeMapping(value: Mapping): Json {
    const members = Object.create(null) as Record<string, Json>
    for (const [key, member] of entriesOf(value)) {
      if (typeof key !== "string") {
        return fail(`a key is ${typeOf(key)}, but JSON needs strings: str(key) makes one`, { code: "value_not_json" })
      }
      this.charge(key.length + 8)
      this.path.push(key)
      members[writeString(key)] = this.write(member)
      this.path.pop()
    }
    return members
  }

  private charge(bytes: number): void {
    this.bytesLeft -= bytes
    if (this.bytesLeft < 0) {
      fail(`the result is larger than ${VALUE_BYTES_MAX / 1024} KiB`, { code: "expression_budget" })
    }
  }
}

function* entriesOf(value: Mapping): Iterable<readonly [Value, Value]> {
  if (value instanceof ObjectView) {
    for (const key of value.keys(UNMETERED)) yield [key, value.member(key) ?? null]
  } else if (value instanceof Dict) for (const { key, value: member } of value.entries.values()) yield [key, member]
}

function writeInt(value: bigint): number {
  const number = Number(value)
  if (Number.isSafeInteger(number)) return number
  const digits = value.toString()
  const shown = digits.length > 40 ? `${digits.slice(0, 40)}…` : digits
  return fail(`${shown} is outside ±(2^53−1), which JSON numbers hold exactly`, { code: "number_out_of_range" })
}

/** A float without fraction is read back as an int, so the bounds of ints hold for it too. */
function writeFloat(value: number): number {
  if (Number.isSafeInteger(value)) return value + 0 // −0 becomes 0
  if (Number.isFinite(value) && !Number.isInteger(value)) return value
  const why = Number.isFinite(value) ? "is outside ±(2^53−1), which JSON numbers hold exactly" : "is not a JSON number"
  return fail(`${formatCompact(value)} ${why}`, { code: "number_out_of_range" })
}

/** What no JSON of ours may hold (rule 23). */
function writeString(text: string): string {
  if (text.includes("\0")) fail("the text holds NUL", { code: "value_not_json" })
  if (/\p{Cs}/u.test(text)) fail("the text holds half a surrogate pair", { code: "value_not_json" })
  return text
}
