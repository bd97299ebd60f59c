/**
 * JSON Schema 2020-12 by ajv: compiles users' schemas to pure validators, once each. It fills in no defaults, coerces
 * nothing, follows no reference out of the schema, and lists a bounded number of errors. A schema that it accepted
 * never throws when it is used.
 */
import { createHash } from "node:crypto"
import type { ErrorObject, ValidateFunction } from "ajv"
import { Ajv2020 } from "ajv/dist/2020.js"
import { canonicalJson } from "../../core/canonical-json.ts"
import type { Json, JsonObject } from "../../core/json.ts"
import { checkJson } from "../../core/json-reader.ts"
import { linearRegExp, UnsupportedPattern } from "../../core/linear-regexp.ts"
import type { SchemaCompilation, SchemaCompiler, SchemaError, Validator } from "../../core/schema/types.ts"
import type { Schemas } from "../../ports/schemas.ts"
import { explain } from "./explain.ts"
import { FORMATS } from "./formats.ts"

const ERRORS_MAX = 20
/** Values with more parts than this are checked up to their first error: all errors of a huge list would fill memory. */
const ALL_ERRORS_PARTS_MAX = 10_000
const DIALECT = "https://json-schema.org/draft/2020-12/schema"

export interface AjvSchemas extends Schemas {
  readonly compile: SchemaCompiler
}

/** `cacheMax`: how many compiled schemas are kept; the least recently used goes first. */
export function createAjvSchemas({ cacheMax = 1_000 }: { readonly cacheMax?: number } = {}): AjvSchemas {
  const byHash = new Map<string, SchemaCompilation>()
  const known = new WeakMap<JsonObject, string>()

  const compile: SchemaCompiler = (schema) => {
    if (!known.has(schema) && !isShallow(schema))
      return { ok: false, errors: [{ pointer: "", keyword: "", message: "the schema is nested too deeply" }] }
    const hash = known.get(schema) ?? createHash("sha256").update(canonicalJson(schema)).digest("base64")
    known.set(schema, hash)
    const compilation = byHash.get(hash) ?? compileSchema(schema)
    byHash.delete(hash)
    byHash.set(hash, compilation)
    if (byHash.size > cacheMax) byHash.delete(byHash.keys().next().value ?? "")
    return compilation
  }

  return {
    compile,
    validator(schema) {
      const compilation = compile(schema)
      if (compilation.ok) return compilation.validate
      throw new Error(`a schema that was not checked at load: ${compilation.errors[0]?.message}`)
    },
  }
}

/** Schemas come through the one reader, which bounds their depth; whatever comes past it must not take the stack. */
function isShallow(schema: JsonObject): boolean {
  return checkJson(schema)?.code !== "too_deep"
}

function newAjv(allErrors: boolean): Ajv2020 {
  const ajv = new Ajv2020({
    strict: false,
    allErrors,
    verbose: true,
    ownProperties: true,
    meta: false,
    validateSchema: false,
    // Inlining would multiply the code of schemas that refer to each other.
    inlineRefs: false,
    logger: false,
    code: { regExp: Object.assign(linearRegExp, { code: "linearRegExp" }) },
  })
  for (const [name, format] of FORMATS) ajv.addFormat(name, format)
  return ajv
}

let metaAjv: Ajv2020 | null = null

/** What is wrong with the schema as a schema. */
function schemaErrors(schema: JsonObject): readonly SchemaError[] {
  if (schema.$schema !== undefined && String(schema.$schema).replace(/#$/, "") !== DIALECT) {
    const message = "only JSON Schema 2020-12 is read; remove `$schema` or name that version"
    return [{ pointer: "/$schema", keyword: "$schema", message, expected: DIALECT, actual: schema.$schema }]
  }
  metaAjv ??= new Ajv2020({ strict: false, allErrors: true, verbose: true, logger: false })
  if (metaAjv.validateSchema(schema) === true) return []
  return findings(metaAjv.errors ?? [])
}

function compileSchema(schema: JsonObject): SchemaCompilation {
  try {
    const errors = schemaErrors(schema)
    if (errors.length > 0) return { ok: false, errors }
    return { ok: true, validate: validatorOf(newAjv(false).compile(schema), () => newAjv(true).compile(schema)) }
  } catch (error) {
    return { ok: false, errors: [compileError(schema, error)] }
  }
}

function compileError(schema: JsonObject, error: unknown): SchemaError {
  if (error instanceof UnsupportedPattern) return { pointer: "", keyword: "pattern", message: error.message }
  if (error instanceof RangeError)
    return { pointer: "", keyword: "$ref", message: "the schema is nested too deeply, or refers to itself in a circle" }
  const missing = /can't resolve reference (\S+)/.exec(error instanceof Error ? error.message : "")?.[1]
  if (missing !== undefined) {
    const message = `the reference ${missing} leads nowhere: only references inside the schema are followed`
    return { pointer: pointerOfRef(schema, missing), keyword: "$ref", message, actual: missing }
  }
  return { pointer: "", keyword: "", message: error instanceof Error ? error.message : String(error) }
}

function pointerOfRef(value: Json, ref: string, pointer = ""): string {
  if (typeof value !== "object" || value === null) return ""
  for (const [key, item] of Object.entries(value)) {
    const at = `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`
    const found = /^\$(dynamicR|r)ef$/.test(key) && item === ref ? at : pointerOfRef(item as Json, ref, at)
    if (found !== "") return found
  }
  return ""
}

/** `first` stops at the first error and answers nearly always; `compileAll` is compiled when somebody has to be told. */
function validatorOf(first: ValidateFunction, compileAll: () => ValidateFunction): Validator {
  let all: ValidateFunction | null = null
  return (value) => {
    try {
      if (first(value)) return null
      const errors = first.errors ?? []
      if (!hasAtMost(value, ALL_ERRORS_PARTS_MAX)) return findings(errors)
      all ??= compileAll()
      return findings(all(value) ? errors : (all.errors ?? errors))
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      return [{ pointer: "", keyword: "$ref", message: "the schema refers to itself without end for this value" }]
    }
  }
}

function hasAtMost(value: Json, partsMax: number): boolean {
  let parts = 0
  const open: Json[] = [value]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (++parts > partsMax) return false
    if (typeof next !== "object" || next === null) continue
    const inside: readonly Json[] = Array.isArray(next) ? next : Object.values(next)
    if (parts + open.length + inside.length > partsMax) return false
    open.push(...inside)
  }
  return true
}

const FORMS = new Set(["anyOf", "oneOf"])

/** What is wrong in particular first, "matches none of the allowed forms" after it. */
function findings(errors: readonly ErrorObject[]): readonly SchemaError[] {
  const seen = new Set<string>()
  return errors
    .filter((error) => error.keyword !== "if")
    .map(explain)
    .filter((error) => {
      const key = `${error.pointer} ${error.message}`
      return !seen.has(key) && seen.add(key)
    })
    .sort((a, b) => Number(FORMS.has(a.keyword)) - Number(FORMS.has(b.keyword)))
    .slice(0, ERRORS_MAX)
}
