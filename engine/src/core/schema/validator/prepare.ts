/**
 * Makes of a schema what values are held against, once, when it is loaded: a walk through its parts that is linear in
 * their number. Nothing is generated and nothing evaluated, so that a schema costs microseconds a part where compiling
 * one takes tens of milliseconds of the engine's thread (docs/decisions/0020). It says everything that is wrong.
 */
import { isJsonObject, type Json, type JsonObject } from "../../json.ts"
import { childPointer } from "../../json-pointer.ts"
import { type LinearRegExp, linearRegExp, UnsupportedPattern } from "../../linear-regexp.ts"
import type { SchemaError } from "../types.ts"
import { explain } from "./explain.ts"
import { holds } from "./holds.ts"
import * as nested from "./nested-checks.ts"
import * as plain from "./plain-checks.ts"
import type { Check, Prepared, Subschema } from "./prepared.ts"
import { References } from "./references.ts"
import type { Resource } from "./resource.ts"
import { type BrokenShape, brokenShape, type Family, familyOf, isSchema, type Shape, shapeOf } from "./shapes.ts"

/** A part is a schema inside the schema; making one costs some microseconds. */
export const PARTS_MAX = 10_000
/** Characters of patterns and instructions of their programs, of all patterns of a schema together. */
export const PATTERNS_SIZE_MAX = 20_000
const ERRORS_MAX = 20
const NONE: readonly never[] = []
const DIALECT = "https://json-schema.org/draft/2020-12/schema"

/** Formats by name; one that is not known is a note for readers. */
export interface Formats {
  readonly text: ReadonlyMap<string, (text: string) => boolean>
  readonly number: ReadonlyMap<string, (value: number) => boolean>
}

export type Preparation =
  | { readonly ok: true; readonly prepared: Subschema }
  | { readonly ok: false; readonly errors: readonly SchemaError[] }

export function prepare(schema: JsonObject, formats: Formats): Preparation {
  const foreign = foreignDialect(schema)
  if (foreign !== null) return { ok: false, errors: [foreign] }
  const preparing = new Preparing(formats)
  const prepared = preparing.root(schema)
  return preparing.errors.length > 0 ? { ok: false, errors: preparing.errors } : { ok: true, prepared }
}

function foreignDialect(schema: JsonObject): SchemaError | null {
  if (schema.$schema === undefined || String(schema.$schema).replace(/#$/, "") === DIALECT) return null
  const message = "only JSON Schema 2020-12 is read; remove `$schema` or name that version"
  return { pointer: "/$schema", keyword: "$schema", message, expected: DIALECT, actual: schema.$schema }
}

/** A reference that is followed when everything that can be referred to is known. */
interface OpenReference {
  readonly owner: Prepared
  readonly keyword: "$ref" | "$dynamicRef"
  readonly reference: string
  readonly pointer: string
  target: Subschema
  /** The name that `$dynamicRef` looks for on the way down; null: it always leads to the same place. */
  dynamic: string | null
}

class Preparing {
  readonly errors: SchemaError[] = []
  readonly #formats: Formats
  readonly #references = new References()
  readonly #prepared = new Map<JsonObject, Prepared>()
  readonly #patterns = new Map<string, LinearRegExp | null>()
  readonly #open: OpenReference[] = []
  #patternsSize = 0
  #parts = 0

  constructor(formats: Formats) {
    this.#formats = formats
  }

  root(schema: JsonObject): Subschema {
    const prepared = this.#subschema(schema, "", null)
    // What is referred to may lie where no keyword leads, and refer on.
    for (let next = 0; next < this.#open.length && this.errors.length < ERRORS_MAX; next++)
      this.#follow(this.#open[next]!)
    if (this.errors.length === 0) this.#refuseCircles()
    return prepared
  }

  #subschema(schema: Json, pointer: string, parent: Resource | null): Subschema {
    if (!isJsonObject(schema)) return schema !== false
    const known = this.#prepared.get(schema)
    if (known !== undefined) return known
    const resource = this.#references.add(schema, parent)
    const prepared: Prepared = {
      schema,
      resource,
      text: NONE,
      number: NONE,
      list: NONE,
      object: NONE,
      other: NONE,
      isTracking: schema.unevaluatedItems !== undefined || schema.unevaluatedProperties !== undefined,
    }
    this.#prepared.set(schema, prepared)
    this.#parts += 1
    if (this.#parts > PARTS_MAX) this.#tooMany(pointer)
    else if (this.#isWellFormed(schema, pointer)) this.#fill(prepared, pointer)
    return prepared
  }

  #tooMany(pointer: string): void {
    if (this.#parts === PARTS_MAX + 1)
      this.#error({ pointer, keyword: "", message: `the schema has more than ${PARTS_MAX} parts` })
  }

  #error(error: SchemaError): void {
    if (this.errors.length < ERRORS_MAX) this.errors.push(error)
  }

  #isWellFormed(schema: JsonObject, pointer: string): boolean {
    const before = this.errors.length
    for (const keyword of Object.keys(schema)) {
      const shape = shapeOf(keyword)
      const value = schema[keyword]!
      const broken = brokenShape(shape, value)
      if (broken !== null) this.#misshapen(broken, childPointer(pointer, keyword), value)
      else if (shape.startsWith("schemas") || shape === "names by name")
        this.#checkInside(shape, value, pointer, keyword)
    }
    return this.errors.length === before
  }

  #misshapen(broken: BrokenShape, pointer: string, value: Json): void {
    this.#error(explain({ ...broken, pointer, value, schema: null }))
  }

  #checkInside(shape: Shape, value: Json, pointer: string, keyword: string): void {
    const inside = value as Readonly<Record<string, Json>>
    for (const step of Object.keys(inside)) {
      const item = inside[step]!
      const isNames = shape === "names by name" || (shape === "schemas or names by name" && Array.isArray(item))
      const broken = brokenShape(isNames ? "names" : "schema", item)
      if (broken !== null) this.#misshapen(broken, childPointer(childPointer(pointer, keyword), step), item)
    }
  }

  #fill(prepared: Prepared, pointer: string): void {
    const { schema } = prepared
    const families = new Set<Family>()
    for (const keyword of Object.keys(schema)) {
      const family = familyOf(keyword)
      if (family !== undefined) families.add(family)
    }
    const type = all(plain.typeCheck(schema))
    const always = families.has("always") ? this.#always(prepared, pointer) : NONE
    const common = joined(type, always)
    const plainly = <Value extends Json>(checks: readonly Check<Value>[]) =>
      checks.length === 0 ? common : joined(type, checks, always)
    prepared.other = common
    prepared.number = plainly(
      joined(families.has("number") ? plain.numberChecks(schema) : NONE, this.#numberFormat(schema)),
    )
    prepared.text = plainly(joined(families.has("text") ? this.#text(schema, pointer) : NONE, this.#textFormat(schema)))
    prepared.list = !families.has("list")
      ? common
      : joined(type, plain.listChecks(schema), always, this.#list(prepared, pointer))
    prepared.object = !families.has("object")
      ? common
      : joined(type, plain.objectChecks(schema), always, this.#object(prepared, pointer))
    // Only walked: what stands here is referred to.
    if (families.has("kept")) for (const keyword of ["$defs", "definitions"]) this.#byName(prepared, pointer, keyword)
  }

  #text(schema: JsonObject, pointer: string): readonly Check<string>[] {
    const pattern = typeof schema.pattern === "string" ? this.#pattern(schema.pattern, `${pointer}/pattern`) : null
    return plain.textChecks(schema, pattern)
  }

  /** What is asked of values of every kind. */
  #always(prepared: Prepared, pointer: string): Check[] {
    const { schema } = prepared
    const not = this.#one(prepared, pointer, "not")
    const anyOf = this.#several(prepared, pointer, "anyOf")
    const oneOf = this.#several(prepared, pointer, "oneOf")
    const allOf = this.#several(prepared, pointer, "allOf")
    const condition = this.#one(prepared, pointer, "if")
    const then = this.#one(prepared, pointer, "then") ?? true
    const otherwise = this.#one(prepared, pointer, "else") ?? true
    return [
      ...all(plain.enumCheck(schema)),
      ...all(plain.constCheck(schema)),
      ...this.#reference(prepared, pointer, "$ref"),
      ...this.#reference(prepared, pointer, "$dynamicRef"),
      ...(not === null ? [] : [nested.notCheck(schema, not)]),
      ...(anyOf.length === 0 ? [] : [nested.anyOfCheck(schema, anyOf)]),
      ...(oneOf.length === 0 ? [] : [nested.oneOfCheck(schema, oneOf)]),
      ...(allOf.length === 0 ? [] : [nested.allOfCheck(allOf)]),
      ...(condition === null ? [] : [nested.ifCheck(condition, then, otherwise)]),
    ]
  }

  #list(prepared: Prepared, pointer: string): Check<readonly Json[]>[] {
    const { schema } = prepared
    const first = this.#several(prepared, pointer, "prefixItems")
    const rest = this.#one(prepared, pointer, "items")
    const contains = this.#one(prepared, pointer, "contains")
    const unevaluated = this.#one(prepared, pointer, "unevaluatedItems")
    const bounds = { min: number(schema.minContains) ?? 1, max: number(schema.maxContains) }
    return [
      ...(first.length === 0 && rest === null ? [] : [nested.itemsCheck(first, rest)]),
      ...(contains === null ? [] : [nested.containsCheck(schema, contains, bounds)]),
      ...(unevaluated === null ? [] : [nested.unevaluatedItemsCheck(schema, unevaluated)]),
    ]
  }

  #object(prepared: Prepared, pointer: string): Check<JsonObject>[] {
    const { schema } = prepared
    const names = this.#one(prepared, pointer, "propertyNames")
    const unevaluated = this.#one(prepared, pointer, "unevaluatedProperties")
    const dependent = [
      ...this.#byName(prepared, pointer, "dependentSchemas"),
      ...this.#byName(prepared, pointer, "dependencies"),
    ]
    return [
      ...(names === null ? [] : [nested.namesCheck(schema, names)]),
      ...this.#fields(prepared, pointer),
      ...[...dependent].map(([field, needed]) => nested.dependentCheck(field, needed)),
      ...(unevaluated === null ? [] : [nested.unevaluatedFieldsCheck(schema, unevaluated)]),
    ]
  }

  #fields(prepared: Prepared, pointer: string): Check<JsonObject>[] {
    const properties = this.#byName(prepared, pointer, "properties")
    const patterns: [LinearRegExp, Subschema][] = []
    for (const [source, described] of this.#byName(prepared, pointer, "patternProperties")) {
      const pattern = this.#pattern(source, childPointer(`${pointer}/patternProperties`, source))
      if (pattern !== null) patterns.push([pattern, described])
    }
    const additional = this.#one(prepared, pointer, "additionalProperties")
    if (properties.size + patterns.length === 0 && additional === null) return []
    return [nested.fieldsCheck(prepared.schema, { properties, patterns, additional })]
  }

  #textFormat({ format }: JsonObject): readonly Check<string>[] {
    const isWritten = typeof format === "string" ? this.#formats.text.get(format) : undefined
    if (isWritten === undefined) return NONE
    return [(text, pass) => isWritten(text) || pass.tell("format", { format: format ?? "" }, text, null)]
  }

  #numberFormat({ format }: JsonObject): readonly Check<number>[] {
    const isWritten = typeof format === "string" ? this.#formats.number.get(format) : undefined
    if (isWritten === undefined) return NONE
    return [(value, pass) => isWritten(value) || pass.tell("format", { format: format ?? "" }, value, null)]
  }

  #one({ schema, resource }: Prepared, pointer: string, keyword: string): Subschema | null {
    const value = schema[keyword]
    return value === undefined ? null : this.#subschema(value, childPointer(pointer, keyword), resource)
  }

  #several({ schema, resource }: Prepared, pointer: string, keyword: string): Subschema[] {
    const value = schema[keyword]
    if (!Array.isArray(value)) return []
    return (value as readonly Json[]).map((item, i) => this.#subschema(item, `${pointer}/${keyword}/${i}`, resource))
  }

  /** Lists of names, which `dependencies` may hold, are left out. */
  #byName({ schema, resource }: Prepared, pointer: string, keyword: string): Map<string, Subschema> {
    const value = schema[keyword]
    const made = new Map<string, Subschema>()
    for (const [name, item] of isJsonObject(value) ? Object.entries(value) : [])
      if (isSchema(item))
        made.set(name, this.#subschema(item, childPointer(childPointer(pointer, keyword), name), resource))
    return made
  }

  #pattern(source: string, pointer: string): LinearRegExp | null {
    const known = this.#patterns.get(source)
    if (known !== undefined) return known
    const made = this.#makePattern(source, pointer)
    this.#patterns.set(source, made)
    return made
  }

  #makePattern(source: string, pointer: string): LinearRegExp | null {
    this.#patternsSize += source.length
    try {
      if (this.#patternsSize <= PATTERNS_SIZE_MAX) {
        const pattern = linearRegExp(source)
        this.#patternsSize += pattern.size
        if (this.#patternsSize <= PATTERNS_SIZE_MAX) return pattern
      }
    } catch (error) {
      if (!(error instanceof UnsupportedPattern)) throw error
      this.#error({ pointer, keyword: "pattern", message: error.message })
      return null
    }
    this.#error({ pointer, keyword: "pattern", message: "the patterns of the schema are too large together" })
    return null
  }

  #reference(owner: Prepared, pointer: string, keyword: "$ref" | "$dynamicRef"): Check[] {
    const reference = owner.schema[keyword]
    if (typeof reference !== "string") return []
    const at = `${pointer}/${keyword}`
    const open: OpenReference = { owner, keyword, reference, pointer: at, target: true, dynamic: null }
    this.#open.push(open)
    return [(value, pass, seen) => holds(this.#targetOf(open, pass.scope), value, pass, seen)]
  }

  #follow(open: OpenReference): void {
    const found = this.#references.follow(open.reference, open.owner.resource)
    if (found === null) {
      const message = `the reference ${open.reference} leads nowhere: only references inside the schema are followed`
      this.#error({ pointer: open.pointer, keyword: open.keyword, message, actual: open.reference })
      return
    }
    open.target = this.#subschema(found.schema, open.pointer, found.resource)
    const isDynamic =
      open.keyword === "$dynamicRef" && found.anchor !== null && found.resource.dynamic.has(found.anchor)
    open.dynamic = isDynamic ? found.anchor : null
  }

  /** `$dynamicRef`: the outermost schema on the way here that bears the name. */
  #targetOf(open: OpenReference, scope: readonly Resource[]): Subschema {
    if (open.dynamic === null) return open.target
    for (const resource of scope) {
      const schema = resource.dynamic.get(open.dynamic)
      if (schema !== undefined) return this.#prepared.get(schema) ?? open.target
    }
    return open.target
  }

  /** References that lead to each other and to nothing else; other ways back to the same place depend on the value. */
  #refuseCircles(): void {
    const leadsTo = new Map(this.#open.filter((open) => open.keyword === "$ref").map((open) => [open.owner, open]))
    const passed = new Map<Prepared, OpenReference>()
    for (const start of leadsTo.values()) {
      let at: OpenReference | undefined = start
      while (at !== undefined && !passed.has(at.owner)) {
        passed.set(at.owner, start)
        at = typeof at.target === "boolean" ? undefined : leadsTo.get(at.target)
      }
      if (at === undefined || passed.get(at.owner) !== start) continue
      const message = "the schema refers to itself in a circle"
      this.#error({ pointer: at.pointer, keyword: "$ref", message, actual: at.reference })
    }
  }
}

function all<Value extends Json>(check: Check<Value> | null): readonly Check<Value>[] {
  return check === null ? NONE : [check]
}

/** In this order; most schemas have one kind of checks alone, which is shared then. */
function joined<Value extends Json>(...lists: readonly (readonly Check<Value>[])[]): readonly Check<Value>[] {
  const filled = lists.filter((list) => list.length > 0)
  return filled.length <= 1 ? (filled[0] ?? NONE) : filled.flat()
}

function number(value: Json | undefined): number | null {
  return typeof value === "number" ? value : null
}
