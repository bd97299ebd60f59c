/**
 * A strict JSON parser that knows where everything stands. `json-reader` uses it to say what is wrong with a text that
 * the fast way refused, and to read definitions, whose problems must name line and column. It builds plain objects,
 * never trusts a key, and stops at the first problem. RFC 8259, narrowed by rule 23.
 */
import type { Json } from "./json.ts"
import {
  isForbiddenKey,
  isSafeNumber,
  type JsonLimits,
  type JsonProblem,
  type JsonProblemCode,
  textProblem,
} from "./json-limits.ts"
import { type PointerStep, pointerOf } from "./json-pointer.ts"

/** Where a value and, inside an object, its key begin: offsets in UTF-16 units. */
export interface JsonPosition {
  readonly key: number | null
  readonly value: number
  readonly end: number
}

export type JsonParse =
  | { readonly ok: true; readonly value: Json; readonly positions: ReadonlyMap<string, JsonPosition> }
  | { readonly ok: false; readonly problem: JsonProblem }

class Refusal extends Error {
  readonly code: JsonProblemCode
  readonly offset: number
  readonly hint: string | undefined

  constructor(code: JsonProblemCode, message: string, offset: number, hint?: string) {
    super(message)
    this.code = code
    this.offset = offset
    this.hint = hint
  }
}

export function parseJsonWithPositions(text: string, limits: JsonLimits): JsonParse {
  const parser = new JsonParser(text, limits)
  try {
    return { ok: true, value: parser.document(), positions: parser.positions }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code, message, offset, hint } = error
    return {
      ok: false,
      problem: { code, message, pointer: pointerOf(parser.steps), hint, offset, ...lineAndColumn(text, offset) },
    }
  }
}

export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  let line = 1
  let lineStart = 0
  for (let i = text.indexOf("\n"); i !== -1 && i < offset; i = text.indexOf("\n", i + 1)) {
    line++
    lineStart = i + 1
  }
  return { line, column: offset - lineStart + 1 }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
}
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const WHITESPACE = /[ \t\n\r]*/y

class JsonParser {
  readonly positions = new Map<string, JsonPosition>()
  readonly steps: PointerStep[] = []
  private at = 0
  private readonly text: string
  private readonly limits: JsonLimits

  constructor(text: string, limits: JsonLimits) {
    this.text = text
    this.limits = limits
  }

  document(): Json {
    if (this.text.length > this.limits.lengthMax) {
      throw new Refusal("too_large", `the text is longer than ${this.limits.lengthMax} characters`, 0)
    }
    if (this.text.charCodeAt(0) === 0xfeff) this.at = 1
    this.skip()
    const value = this.value(null)
    this.skip()
    if (this.at < this.text.length) throw this.unexpected("nothing more after the value")
    return value
  }

  private value(key: number | null): Json {
    const start = this.at
    const value = this.anyValue()
    this.positions.set(pointerOf(this.steps), { key, value: start, end: this.at })
    return value
  }

  private anyValue(): Json {
    const char = this.text[this.at]
    if (char === "{") return this.object()
    if (char === "[") return this.array()
    if (char === '"') return this.string()
    if (char === "-" || (char !== undefined && char >= "0" && char <= "9")) return this.number()
    for (const [word, value] of [
      ["true", true],
      ["false", false],
      ["null", null],
    ] as const) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length
        return value
      }
    }
    throw this.unexpected("a value")
  }

  private object(): Json {
    this.descend()
    const object: Record<string, Json> = {}
    this.at++
    this.skip()
    if (this.take("}")) return object
    for (;;) {
      const keyAt = this.at
      if (this.text[this.at] !== '"') throw this.unexpected("a key in double quotes")
      const key = this.string()
      this.steps.push(key)
      if (isForbiddenKey(key))
        throw new Refusal("forbidden_key", `the key ${JSON.stringify(key)} is not allowed`, keyAt)
      if (Object.hasOwn(object, key))
        throw new Refusal(
          "duplicate_key",
          `the key ${JSON.stringify(key)} stands twice in one object`,
          keyAt,
          "Keep one of the two.",
        )
      this.skip()
      if (!this.take(":")) throw this.unexpected("`:` after the key")
      this.skip()
      object[key] = this.value(keyAt)
      this.steps.pop()
      this.skip()
      if (this.take("}")) return object
      if (!this.take(",")) throw this.unexpected("`,` or `}`")
      this.skip()
    }
  }

  private array(): Json {
    this.descend()
    const array: Json[] = []
    this.at++
    this.skip()
    if (this.take("]")) return array
    for (;;) {
      this.steps.push(array.length)
      array.push(this.value(null))
      this.steps.pop()
      this.skip()
      if (this.take("]")) return array
      if (!this.take(",")) throw this.unexpected("`,` or `]`")
      this.skip()
    }
  }

  /** The steps so far are exactly the containers around this one. */
  private descend(): void {
    if (this.steps.length >= this.limits.depthMax) {
      throw new Refusal("too_deep", `the value is nested deeper than ${this.limits.depthMax} levels`, this.at)
    }
  }

  private string(): string {
    const start = this.at
    let text = ""
    let from = ++this.at
    for (;;) {
      const code = this.text.charCodeAt(this.at)
      if (Number.isNaN(code)) throw new Refusal("json_syntax", "the text in double quotes is not closed", start)
      if (code === 0x22) break
      if (code < 0x20)
        throw new Refusal("json_syntax", "a control character must be written as an escape, such as \\n", this.at)
      if (code === 0x5c) {
        text += this.text.slice(from, this.at) + this.escape()
        from = this.at
      } else this.at++
    }
    text += this.text.slice(from, this.at)
    this.at++
    return this.checkedText(text, start)
  }

  private checkedText(text: string, start: number): string {
    const wrong = textProblem(text)
    if (wrong !== null) throw new Refusal("invalid_text", wrong, start)
    return text
  }

  private escape(): string {
    const start = this.at
    const letter = this.text[this.at + 1] ?? ""
    this.at += 2
    if (letter === "u") {
      const digits = this.text.slice(this.at, this.at + 4)
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new Refusal("json_syntax", "\\u needs four hexadecimal digits", start)
      this.at += 4
      return String.fromCharCode(Number.parseInt(digits, 16))
    }
    const meaning = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined
    if (meaning === undefined) throw new Refusal("json_syntax", `\\${letter} is not an escape of JSON`, start)
    return meaning
  }

  private number(): number {
    NUMBER.lastIndex = this.at
    const digits = NUMBER.exec(this.text)?.[0]
    if (digits === undefined) throw this.unexpected("a number")
    const start = this.at
    this.at += digits.length
    const after = this.text[this.at]
    if (after !== undefined && /[0-9.eE+-]/.test(after))
      throw new Refusal("json_syntax", "this is not a number as JSON writes it", start)
    const value = Number(digits)
    if (!isSafeNumber(value)) {
      throw new Refusal(
        "number_out_of_range",
        `the number ${digits.slice(0, 40)} lies beyond ±(2^53−1) and would be changed silently`,
        start,
        "Write it as text in quotes.",
      )
    }
    return value === 0 ? 0 : value
  }

  private skip(): void {
    WHITESPACE.lastIndex = this.at
    this.at += WHITESPACE.exec(this.text)?.[0].length ?? 0
  }

  private take(char: string): boolean {
    if (this.text[this.at] !== char) return false
    this.at++
    return true
  }

  private unexpected(expected: string): Refusal {
    const found =
      this.at >= this.text.length
        ? "the end of the text"
        : JSON.stringify(String.fromCodePoint(this.text.codePointAt(this.at) ?? 0))
    return new Refusal("json_syntax", `expected ${expected}, found ${found}`, this.at)
  }
}
