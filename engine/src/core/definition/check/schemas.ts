/** Schemas of a definition: valid, without slips of the pen in keywords, and with defaults only where they are filled in. */
import type { JsonObject } from "../../json.ts"
import { stepsOf } from "../../json-pointer.ts"
import { subschemas, unappliedDefaults } from "../../schema/defaults.ts"
import type { SchemaCompiler } from "../../schema/types.ts"
import { nearest } from "../read/did-you-mean.ts"
import type { Reading } from "../read/reading.ts"

export function checkSchemas(reading: Reading, compile: SchemaCompiler | undefined): void {
  const told = new Set<string>()
  const once = (pointer: string, what: string): boolean => {
    const key = `${pointer} ${what}`
    return !told.has(key) && told.add(key) !== undefined
  }
  for (const { pointer, schema } of reading.schemaUses) {
    const at = (inside: string) => placeOf(pointer, inside)
    for (const { pointer: inside, written, meant } of misspelt(schema, "")) {
      if (!once(at(inside), "keyword")) continue
      const message = `JSON Schema has no keyword \`${written}\`; it would be ignored`
      reading.report.warning("unknown_keyword", { pointer: at(inside), part: "key" }, message, {
        actual: written,
        hint: `Did you mean \`${meant}\`?`,
      })
    }
    if (!pointer.startsWith("/use/schemas/")) warnOfDefaults(reading, schema, at, once)
    const compilation = compile?.(schema)
    if (compilation === undefined || compilation.ok) continue
    for (const { pointer: inside, message, expected, actual } of compilation.errors) {
      if (once(at(inside), message))
        reading.report.error("invalid_schema", { pointer: at(inside) }, `not a valid JSON Schema: ${message}`, {
          expected,
          actual,
        })
    }
  }
}

/** Shared schemas that were carried along are shown where they stand. */
function placeOf(pointer: string, inside: string): string {
  const [defs, key] = stepsOf(inside)
  if (defs !== "$defs" || !key?.startsWith("use:")) return pointer + inside
  const rest = inside.split("/").slice(3)
  return ["/use/schemas", inside.split("/")[2]?.slice("use:".length) ?? "", ...rest].join("/")
}

function warnOfDefaults(
  reading: Reading,
  schema: JsonObject,
  at: (inside: string) => string,
  once: (pointer: string, what: string) => boolean,
): void {
  for (const inside of unappliedDefaults(schema)) {
    if (!once(at(inside), "default")) continue
    const hint = "Defaults are filled in under `properties`, also through `items`, `allOf` and local references."
    reading.report.warning(
      "default_not_applied",
      { pointer: at(inside), part: "key" },
      "this `default` is never filled in",
      { hint },
    )
  }
}

const KEYWORDS =
  "$schema $id $ref $anchor $dynamicRef $dynamicAnchor $vocabulary $comment $defs definitions type enum const multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems maxContains minContains maxProperties minProperties required dependentRequired dependentSchemas allOf anyOf oneOf not if then else items prefixItems contains properties patternProperties additionalProperties propertyNames unevaluatedItems unevaluatedProperties format contentEncoding contentMediaType contentSchema title description default deprecated readOnly writeOnly examples".split(
    " ",
  )
const KNOWN = new Set(KEYWORDS)
/** Common annotations of other tools that happen to be near a keyword. */
const ANNOTATIONS = new Set(["example", "id", "order", "dependencies"])

function* misspelt(
  schema: JsonObject,
  pointer: string,
): Generator<{ pointer: string; written: string; meant: string }> {
  for (const key of Object.keys(schema)) {
    if (KNOWN.has(key) || ANNOTATIONS.has(key) || key.startsWith("x-")) continue
    const meant = nearest(key, KEYWORDS)
    if (meant !== null)
      yield { pointer: `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, written: key, meant }
  }
  for (const inside of subschemas(schema, pointer)) yield* misspelt(inside.schema, inside.pointer)
}
