import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { createJsonSchemas } from "../../../adapters/schemas/index.ts"
import { isJsonObject, type Json, type JsonObject } from "../../json.ts"
import { followLocalRef } from "../../schema/local-ref.ts"
import { BAD_DEFINITIONS, withoutMark } from "../bad-definitions.fixture.ts"
import { parseDefinition, parseDefinitionDocument } from "../index.ts"
import { EVERYTHING } from "./everything.fixture.ts"
import { LANGUAGE_SCHEMA } from "./index.ts"

const { compile } = createJsonSchemas()
const compilation = compile(LANGUAGE_SCHEMA)
const schemaErrors = (document: Json) => (compilation.ok ? (compilation.validate(document) ?? []) : [])

/** What a JSON Schema cannot say, or says in another way. */
const BEYOND_A_SCHEMA = new Set([
  "unknown_target",
  "duplicate_name",
  "unreachable_state",
  "dead_end",
  "invalid_expression",
  "invalid_template",
  "invalid_path",
  "unknown_schema",
  "unknown_retry",
  "quorum_impossible",
  "unknown_name",
  "conflicting_fields",
])

describe("the published JSON Schema of the language", () => {
  test("is itself a valid schema", () => {
    expect(compilation).toMatchObject({ ok: true })
  })

  test("is published as it is (npx tsx scripts/write-language-schema.mts writes it)", () => {
    const published = readFileSync(
      new URL("../../../../../docs/reference/waybill.schema.json", import.meta.url),
      "utf8",
    )
    expect(published).toBe(`${JSON.stringify(LANGUAGE_SCHEMA, null, 2)}\n`)
  })

  const examples = new URL("../../../../../examples/environments/default/workflows/", import.meta.url)
  test.each(readdirSync(examples))("accepts the example %s", (file) => {
    const { document } = parseDefinition(readFileSync(new URL(file, examples), "utf8"), { file })
    expect(schemaErrors(document)).toEqual([])
  })

  test("accepts a definition that uses every field", () => {
    const { document, definition, problems } = parseDefinition(EVERYTHING)
    expect(problems.filter((problem) => problem.severity === "error")).toEqual([])
    expect(definition).not.toBeNull()
    expect(schemaErrors(document)).toEqual([])
  })

  test.each(BAD_DEFINITIONS.map((bad) => [bad.title, bad] as const))(
    "agrees with the parser about %s",
    (_title, bad) => {
      const { document, problems } = parseDefinition(withoutMark(bad.text).text)
      if (document === null) return expect(problems.some((problem) => problem.severity === "error")).toBe(true)
      const codes = problems.filter((problem) => problem.severity === "error").map((problem) => problem.code)
      const refused = schemaErrors(document).length > 0
      if (refused)
        expect([...codes, ...problems.filter((problem) => problem.code === "alias_used")].length).toBeGreaterThan(0)
      else expect(codes.filter((code) => !BEYOND_A_SCHEMA.has(code) && !isReadAway(bad.title))).toEqual([])
    },
  )
})

/** Mistakes of the text that its JSON no longer shows, and a calendar. */
function isReadAway(title: string): boolean {
  return /surrogate|NUL|twice|tag|alias|double|infinity|not a number|__proto__|a day|an offset|expressions cannot|something else|A2A|white space|for two things|for nothing|replace everything|merged into the context/.test(
    title,
  )
}

describe("its objects", () => {
  const { document } = parseDefinition(EVERYTHING)

  test.each(objectsOf(document).map((pointer) => [pointer || "the workflow", pointer] as const))(
    "%s has the same fields in the schema and in the parser",
    (_title, pointer) => {
      const inSchema = fieldsInSchema(pointer)
      if (inSchema === null) return expect(isFree(pointer), pointer).toBe(true)
      expect(fieldsInParser(pointer)).toEqual(inSchema)
    },
  )

  /** The parser lists the fields it knows when it meets one that it does not. */
  function fieldsInParser(pointer: string): readonly string[] {
    const copy = structuredClone(document) as JsonObject
    Object.assign(at(copy, pointer) as object, { qqqqqqqqqqqqqqqq: 1 })
    const { problems } = parseDefinitionDocument(copy)
    const hint = problems.find((problem) => problem.pointer === `${pointer}/qqqqqqqqqqqqqqqq`)?.hint ?? ""
    return (/^Known here: (.*?)\./.exec(hint)?.[1] ?? "").split(", ").sort()
  }

  function fieldsInSchema(pointer: string): readonly string[] | null {
    const schema = schemaAt(LANGUAGE_SCHEMA, document, pointer.split("/").slice(1))
    return schema && isJsonObject(schema.properties) ? Object.keys(schema.properties).sort() : null
  }

  /** Objects whose keys the author chooses. */
  function isFree(pointer: string): boolean {
    return /(metadata|variables|data|inputSchema|outputSchema|schema|schemas|retries|correlate|x-own|as|input\/order|workflow\/input)(\/|$)/.test(
      pointer,
    )
  }
})

function objectsOf(value: Json, pointer = ""): string[] {
  if (typeof value !== "object" || value === null) return []
  const inside = Object.entries(value).flatMap(([key, item]) => objectsOf(item as Json, `${pointer}/${key}`))
  return isJsonObject(value) ? [pointer, ...inside] : inside
}

function at(value: Json, pointer: string): Json {
  return pointer
    .split("/")
    .slice(1)
    .reduce<Json>((inside, step) => (inside as JsonObject)[step] ?? null, value)
}

/** The schema of the value at some steps: follows references, and takes the alternative whose constants fit. */
function schemaAt(schema: JsonObject, value: Json, steps: readonly string[]): JsonObject | null {
  const here = settled(schema, value)
  const [step, ...rest] = steps
  if (step === undefined || !here) return here
  const next = Array.isArray(value)
    ? here.items
    : (isJsonObject(here.properties) && here.properties[step]) || here.additionalProperties
  if (!isJsonObject(next)) return null
  return schemaAt(next, (value as JsonObject)[step] ?? null, rest)
}

function settled(schema: JsonObject, value: Json): JsonObject | null {
  if (typeof schema.$ref === "string") return settled(followLocalRef(LANGUAGE_SCHEMA, schema.$ref)?.schema ?? {}, value)
  if (!Array.isArray(schema.anyOf)) return schema
  const fitting = (schema.anyOf as readonly JsonObject[])
    .map((option) => settled(option, value))
    .filter((option) => option && fits(option, value))
  return fitting[0] ?? null
}

function fits(schema: JsonObject, value: Json): boolean {
  if (schema.type === "object" && !isJsonObject(value)) return false
  if (schema.type === "string" && typeof value !== "string") return false
  const properties = isJsonObject(schema.properties) ? schema.properties : {}
  return ["type", "action"].every((name) => {
    const property = properties[name]
    return !isJsonObject(property) || property.const === undefined || property.const === (value as JsonObject)[name]
  })
}
