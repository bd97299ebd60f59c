/**
 * Reads the fields of one object of a definition, reports everything that is wrong with them, and always answers with
 * something, so that one mistake does not hide the next. What was never asked for is unknown: `close` reports it with
 * the nearest name that was. Nothing is dropped silently (dsl.md §1).
 */
import type { Json } from "../../json.ts"
import { isJsonObject } from "../../json.ts"
import { childPointer } from "../../json-pointer.ts"
import { didYouMean } from "./did-you-mean.ts"
import type { Report } from "./report.ts"

export interface Node {
  readonly value: Json
  readonly pointer: string
}

export interface Bounds {
  readonly min?: number
  readonly max?: number
}

/** A hundred years: longer durations are a slip of units. */
const SECONDS_MAX = 3_155_760_000

/** Unknown names among which a misspelt one is looked for. */
const SLIPS_MAX = 200

export class FieldReader {
  readonly pointer: string
  /** What the object is, for messages: "a retry policy". */
  readonly what: string
  private readonly report: Report
  private readonly fields: Readonly<Record<string, Json>>
  private readonly known = new Set<string>()
  private readonly settled = new Set<string>()
  private readonly absent: { readonly name: string; readonly hint: string | undefined }[] = []

  constructor(report: Report, node: Node, what: string) {
    this.report = report
    this.pointer = node.pointer
    this.what = what
    this.fields = isJsonObject(node.value) ? node.value : {}
    if (!isJsonObject(node.value)) this.wrongType(node, `${what} is an object with fields`, "object")
  }

  has(name: string): boolean {
    return Object.hasOwn(this.fields, name)
  }

  place(name: string) {
    return { pointer: childPointer(this.pointer, name) }
  }

  /** The field's value, or null when absent. From then on the name is known. */
  take(name: string): Node | null {
    this.known.add(name)
    if (!this.has(name)) return null
    this.settled.add(name)
    return { value: this.fields[name] ?? null, pointer: childPointer(this.pointer, name) }
  }

  /** True when the field stands here, where it does not belong: whoever asks reports it better than `close` could. */
  settle(name: string): boolean {
    if (this.has(name)) this.settled.add(name)
    return this.has(name)
  }

  /** `take`, also under spellings of other languages, which are read with a hint to rewrite. */
  takeAlias(name: string, aliases: readonly string[]): Node | null {
    const own = this.take(name)
    for (const alias of aliases) {
      if (!this.has(alias)) continue
      this.settled.add(alias)
      const place = { ...this.place(alias), part: "key" as const }
      if (own)
        this.report.error("conflicting_fields", place, `\`${alias}\` and \`${name}\` mean the same`, {
          hint: `Keep \`${name}\`.`,
        })
      else {
        this.report.hint("alias_used", place, `\`${alias}\` is read as \`${name}\``, `Write \`${name}\`.`)
        return { value: this.fields[alias] ?? null, pointer: childPointer(this.pointer, alias) }
      }
    }
    return own
  }

  required(name: string, aliases: readonly string[] = []): Node | null {
    const node = this.takeAlias(name, aliases)
    if (!node) this.missing(name)
    return node
  }

  /** Reported by `close`, when it is known which of the other fields may be a misspelling of this one. */
  missing(name: string, hint?: string): void {
    this.absent.push({ name, hint })
  }

  string(name: string): string | null {
    const node = this.take(name)
    return node && this.asString(node)
  }

  asString(node: Node, hint?: string): string | null {
    if (typeof node.value === "string") return node.value
    const quote =
      typeof node.value === "number" || typeof node.value === "boolean"
        ? `Put it in quotes: "${node.value}".`
        : undefined
    this.wrongType(node, `\`${nameOf(node)}\` is text`, "string", hint ?? quote)
    return null
  }

  boolean(name: string): boolean | null {
    const node = this.take(name)
    if (!node || typeof node.value === "boolean") return node ? (node.value as boolean) : null
    const word =
      typeof node.value === "string" ? /^(true|yes|on|false|no|off)$/i.exec(node.value)?.[0]?.toLowerCase() : undefined
    const hint = word && `Write ${["true", "yes", "on"].includes(word)} without quotes.`
    this.wrongType(node, `\`${name}\` is true or false`, "boolean", hint)
    return null
  }

  integer(name: string, { min = 0, max = Number.MAX_SAFE_INTEGER }: Bounds = {}): number | null {
    const node = this.take(name)
    if (!node) return null
    if (typeof node.value !== "number" || !Number.isInteger(node.value)) {
      this.wrongType(node, `\`${name}\` is a whole number`, "integer", numberHint(node.value))
      return null
    }
    return this.within(node, node.value, min, max, String)
  }

  number(name: string, { min = 0, max = Number.MAX_SAFE_INTEGER }: Bounds = {}): number | null {
    const node = this.take(name)
    if (!node) return null
    if (typeof node.value !== "number") {
      this.wrongType(node, `\`${name}\` is a number`, "number", numberHint(node.value))
      return null
    }
    return this.within(node, node.value, min, max, String)
  }

  /** Seconds in the text, fractions allowed; whole milliseconds in the model. */
  milliseconds(name: string, { allowZero = false }: { allowZero?: boolean } = {}): number | null {
    const node = this.take(name)
    return node && this.asMilliseconds(node, { allowZero })
  }

  asMilliseconds(node: Node, { allowZero = false }: { allowZero?: boolean } = {}): number | null {
    const name = nameOf(node)
    if (typeof node.value !== "number") {
      this.wrongType(node, `\`${name}\` is a number of seconds`, "number", durationHint(node.value))
      return null
    }
    const seconds = this.within(node, node.value, allowZero ? 0 : 0.001, SECONDS_MAX, (bound) => `${bound} seconds`)
    return seconds === null ? null : Math.round(seconds * 1000)
  }

  private within(node: Node, value: number, min: number, max: number, write: (bound: number) => string): number | null {
    if (value >= min && value <= max) return value
    const bounds = max === Number.MAX_SAFE_INTEGER ? `at least ${write(min)}` : `from ${write(min)} to ${write(max)}`
    this.report.error("invalid_value", { pointer: node.pointer }, `\`${nameOf(node)}\` is ${bounds}`, {
      expected: bounds,
      actual: value,
    })
    return null
  }

  oneOf<T extends string>(name: string, values: readonly T[]): T | null {
    const node = this.take(name)
    if (!node) return null
    const found = values.find((value) => value === node.value)
    if (found !== undefined) return found
    const list = values.map((value) => `\`${value}\``).join(", ")
    const hint = typeof node.value === "string" ? didYouMean(node.value, values) : undefined
    this.report.error("invalid_value", { pointer: node.pointer }, `\`${name}\` is one of ${list}`, {
      expected: [...values],
      actual: node.value,
      hint,
    })
    return null
  }

  /** The object of a field, opened for reading. */
  object(name: string, what: string): FieldReader | null {
    const node = this.take(name)
    return node && new FieldReader(this.report, node, what)
  }

  open(node: Node, what: string): FieldReader {
    return new FieldReader(this.report, node, what)
  }

  list(name: string): readonly Node[] | null {
    const node = this.take(name)
    return node && this.asList(node)
  }

  asList(node: Node): readonly Node[] | null {
    if (Array.isArray(node.value)) {
      return (node.value as readonly Json[]).map((value, i) => ({ value, pointer: childPointer(node.pointer, i) }))
    }
    this.wrongType(
      node,
      `\`${nameOf(node)}\` is a list`,
      "array",
      isJsonObject(node.value) ? "Begin each entry with `- `." : `Write it as a list: [${short(node.value)}].`,
    )
    return null
  }

  /** The entries of an object whose keys the author chooses. */
  entries(name: string): readonly (readonly [name: string, node: Node])[] {
    const node = this.take(name)
    if (!node) return []
    if (!isJsonObject(node.value)) {
      this.wrongType(node, `\`${name}\` is an object`, "object")
      return []
    }
    return Object.entries(node.value).map(([key, value]) => [key, { value, pointer: childPointer(node.pointer, key) }])
  }

  strings(name: string): readonly string[] | null {
    const items = this.list(name)
    return items?.map((item) => this.asString(item)).filter((item) => item !== null) ?? null
  }

  wrongType(node: Node, message: string, expected: string, hint?: string): void {
    const found = typeOf(node.value)
    const empty = node.value === null ? "Give it a value, or remove the line." : undefined
    this.report.error("wrong_type", { pointer: node.pointer }, `${message}, not ${found.said}`, {
      expected,
      actual: node.value,
      hint: hint ?? empty,
    })
  }

  /** Fields of the language that a later release carries out: refused, never ignored (settled 17). */
  later(names: readonly string[]): void {
    for (const name of names) {
      if (!this.has(name)) continue
      this.settled.add(name)
      const hint = "Remove it; this release would not carry it out."
      this.report.error("not_supported_yet", { ...this.place(name), part: "key" }, `\`${name}\` is not supported yet`, {
        hint,
      })
    }
  }

  /** Reports what nobody asked for. `elsewhere` says where a field belongs that is known in another place. */
  close(elsewhere: (name: string) => string | undefined = () => undefined): void {
    this.closeMissing()
    for (const name of this.unknownNames()) {
      if (this.report.isFull) return
      if (name.startsWith("x-")) continue
      const hint =
        elsewhere(name) ??
        didYouMean(name, this.known) ??
        `Known here: ${[...this.known].join(", ")}. Your own fields go under \`metadata\` or begin with \`x-\`.`
      this.report.error(
        "unknown_field",
        { ...this.place(name), part: "key" },
        `${this.what} has no field \`${name}\``,
        { actual: name, hint },
      )
    }
  }

  /** Only what is missing: for an object whose kind is not known, so that nothing can be said about its other fields. */
  closeMissing(): void {
    for (const { name, hint } of this.absent) this.reportMissing(name, hint)
    this.absent.length = 0
  }

  private reportMissing(name: string, otherwise: string | undefined): void {
    const slip = [...this.unknownNames()]
      .slice(0, SLIPS_MAX)
      .find((unknown) => didYouMean(unknown, [name]) !== undefined)
    if (slip === undefined) {
      this.report.error("missing_field", { pointer: this.pointer }, `${this.what} needs \`${name}\``, {
        expected: name,
        hint: otherwise,
      })
      return
    }
    this.settled.add(slip)
    const hint = `Did you mean \`${name}\`?`
    this.report.error(
      "unknown_field",
      { ...this.place(slip), part: "key" },
      `${this.what} has no field \`${slip}\` and needs \`${name}\``,
      { expected: name, actual: slip, hint },
    )
  }

  /** The names asked for so far. */
  get knownNames(): ReadonlySet<string> {
    return this.known
  }

  private *unknownNames(): Generator<string> {
    for (const name of Object.keys(this.fields)) if (!this.settled.has(name)) yield name
  }
}

export function nameOf(node: Node): string {
  const last = node.pointer.slice(node.pointer.lastIndexOf("/") + 1)
  return last.replaceAll("~1", "/").replaceAll("~0", "~")
}

function typeOf(value: Json): { said: string } {
  if (value === null) return { said: "empty" }
  if (Array.isArray(value)) return { said: "a list" }
  if (typeof value === "object") return { said: "an object" }
  if (typeof value === "string") return { said: `the text ${JSON.stringify(short(value))}` }
  return { said: `${value}` }
}

function short(value: Json): string {
  const text = typeof value === "string" ? value : JSON.stringify(value)
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}

function numberHint(value: Json): string | undefined {
  return typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))
    ? `Write ${Number(value)} without quotes.`
    : undefined
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, min: 60, h: 3600, d: 86400 }

function durationHint(value: Json): string | undefined {
  if (typeof value !== "string") return undefined
  const plain = numberHint(value)
  const [, amount, unit] = /^\s*([0-9.]+)\s*(ms|s|m|min|h|d)\s*$/.exec(value) ?? []
  const iso = /^PT(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9.]+)S)?$/.exec(value)
  if (amount !== undefined && unit !== undefined)
    return `Write ${Number(amount) * (UNIT_SECONDS[unit] ?? 1)}: durations are in seconds.`
  if (iso)
    return `Write ${Number(iso[1] ?? 0) * 3600 + Number(iso[2] ?? 0) * 60 + Number(iso[3] ?? 0)}: durations are in seconds.`
  return plain
}
