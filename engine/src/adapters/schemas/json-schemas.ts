/**
 * The schemas of users, prepared once each and shared by content (rule 31). The work is the core's; here are the cache
 * and the formats, which are a library's.
 */
import { createHash } from "node:crypto"
import { canonicalJson } from "../../core/canonical-json.ts"
import type { JsonObject } from "../../core/json.ts"
import { checkJson } from "../../core/json-reader.ts"
import type { SchemaCompilation, SchemaCompiler } from "../../core/schema/types.ts"
import { prepare, validatorOf } from "../../core/schema/validator/index.ts"
import type { Schemas } from "../../ports/schemas.ts"
import { FORMATS } from "./formats.ts"

export interface JsonSchemas extends Schemas {
  readonly compile: SchemaCompiler
}

/** `cacheMax`: how many prepared schemas are kept; the least recently used goes first, and is soon made again. */
export function createJsonSchemas({ cacheMax = 1_000 }: { readonly cacheMax?: number } = {}): JsonSchemas {
  const byHash = new Map<string, SchemaCompilation>()
  const known = new WeakMap<JsonObject, string>()

  const compile: SchemaCompiler = (schema) => {
    if (!known.has(schema) && !isShallow(schema))
      return { ok: false, errors: [{ pointer: "", keyword: "", message: "the schema is nested too deeply" }] }
    const hash = known.get(schema) ?? createHash("sha256").update(canonicalJson(schema)).digest("base64")
    known.set(schema, hash)
    const compilation = byHash.get(hash) ?? compiled(schema)
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

function compiled(schema: JsonObject): SchemaCompilation {
  const preparation = prepare(schema, FORMATS)
  return preparation.ok ? { ok: true, validate: validatorOf(preparation.prepared) } : preparation
}
