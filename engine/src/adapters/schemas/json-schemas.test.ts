import { describe, expect, test } from "vitest"
import type { Json, JsonObject } from "../../core/json.ts"
import { createJsonSchemas } from "./json-schemas.ts"

const { compile, validator } = createJsonSchemas()
const messages = (schema: JsonObject, value: Json) =>
  (validator(schema)(value) ?? []).map(({ pointer, message }) => `${pointer}: ${message}`)
const schemaProblems = (schema: JsonObject) => {
  const compilation = compile(schema)
  return compilation.ok ? [] : compilation.errors.map(({ pointer, message }) => `${pointer}: ${message}`)
}

describe("validating values against a schema", () => {
  const service: JsonObject = {
    type: "object",
    properties: {
      name: { type: "string", minLength: 1, pattern: "^[a-z-]+$" },
      port: { type: "integer", minimum: 1, maximum: 65535 },
      mode: { enum: ["fast", "safe"] },
      since: { type: "string", format: "date" },
      tags: { type: "array", items: { type: "string" }, uniqueItems: true, maxItems: 2 },
    },
    required: ["name"],
    additionalProperties: false,
  }

  test.each<[title: string, value: Json, expected: readonly string[]]>([
    ["nothing is said of what is right", { name: "api", port: 80, mode: "safe", since: "2026-11-20", tags: ["a"] }, []],
    ["a missing field is named", {}, [": `name` is missing"]],
    ["a wrong type says what it is instead", { name: 7 }, ["/name: must be text, is 7"]],
    ["a fraction is not a whole number", { name: "a", port: 1.5 }, ["/port: must be a whole number, is 1.5"]],
    ["a bound is shown with the value", { name: "a", port: 70000 }, ["/port: must be at most 65535, is 70000"]],
    ["choices are listed", { name: "a", mode: "slow" }, ['/mode: must be one of "fast", "safe", is the text "slow"']],
    [
      "an unknown field is shown with the known ones",
      { name: "a", prot: 1 },
      ["/prot: `prot` is not one of `name`, `port`, `mode`, `since`, `tags`"],
    ],
    ["a pattern is shown", { name: "A B" }, ['/name: must match the pattern ^[a-z-]+$, is the text "A B"']],
    ["a format is named", { name: "a", since: "soon" }, ['/since: must be written as date, is the text "soon"']],
    ["equal items are named", { name: "a", tags: ["x", "x"] }, ["/tags: items 0 and 1 are equal, but must differ"]],
  ])("%s", (_title, value, expected) => {
    expect(messages(service, value)).toEqual(expected)
  })

  test("all errors are told at once, but never more than twenty", () => {
    expect(messages(service, { port: 0, mode: 1 })).toHaveLength(3)
    const many = Array.from({ length: 500 }, (_, i) => i)
    expect(messages({ type: "array", items: { type: "string" } }, many)).toHaveLength(20)
  })

  test("of a huge value the first errors are told, and no more of it is looked at", () => {
    let looks = 0
    const list = Array.from({ length: 20_000 }, (_, i) => i)
    const huge = new Proxy(list, {
      get: (items, key, self) => {
        if (typeof key === "string" && /^[0-9]+$/.test(key)) looks += 1
        return Reflect.get(items, key, self)
      },
    })
    expect(messages({ type: "array", items: { type: "string" } }, huge)).toHaveLength(20)
    expect(looks).toBeLessThan(2_000)
  })

  test("what went wrong inside alternatives stands before the summary", () => {
    const schema: JsonObject = { anyOf: [{ type: "string" }, { type: "object", required: ["id"] }] }
    expect(messages(schema, {})).toEqual([
      ": must be text, is an object",
      ": `id` is missing",
      ": matches none of the allowed forms",
    ])
  })

  test("inherited names do not count as present", () => {
    expect(messages({ type: "object", required: ["toString", "constructor"] }, {})).toHaveLength(2)
  })

  test("the value is not touched: no defaults, no coercion", () => {
    const value = { n: "1" }
    const found = messages({ type: "object", properties: { n: { type: "number" }, m: { default: 1 } } }, value)
    expect(found).toEqual(['/n: must be a number, is the text "1"'])
    expect(value).toEqual({ n: "1" })
  })

  test("a pattern that would stall a backtracking engine answers at once", () => {
    const schema = { type: "string", pattern: "^(a+)+$" }
    expect(messages(schema, `${"a".repeat(50_000)}!`)).toHaveLength(1)
    expect(messages(schema, "aaaa")).toEqual([])
  })

  test("patterns know scripts, categories and named groups", () => {
    expect(messages({ pattern: "^\\p{Script=Greek}+$" }, "αβγ")).toEqual([])
    expect(messages({ pattern: "^(?<year>[0-9]{4})-\\p{L}+$" }, "2026-größe")).toEqual([])
  })

  test("a text far beyond a format is refused without being looked at", () => {
    expect(messages({ type: "string", format: "email" }, `${"a.".repeat(100_000)}@x.org`)).toHaveLength(1)
  })

  test("a schema that refers to itself follows the value", () => {
    const tree: JsonObject = { type: "object", properties: { left: { $ref: "#" } }, required: ["v"] }
    expect(messages(tree, { v: 1, left: { v: 2, left: {} } })).toEqual(["/left/left: `v` is missing"])
  })

  test("a schema that refers to itself without end says so instead of falling over", () => {
    expect(messages({ allOf: [{ $ref: "#" }] }, 1)).toEqual([
      ": the schema refers to itself without end for this value",
    ])
    const circle: JsonObject = { $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } }, $ref: "#/$defs/a" }
    expect(schemaProblems(circle)).toEqual(["/$defs/a/$ref: the schema refers to itself in a circle"])
  })
})

describe("compiling schemas", () => {
  test.each<[title: string, schema: JsonObject, expected: string]>([
    [
      "a keyword with the wrong value",
      { type: "object", properties: { a: { type: "text" } } },
      "/properties/a/type: must be one of",
    ],
    [
      "required as a boolean",
      { properties: { a: { required: true } } },
      "/properties/a/required: must be a list, is true",
    ],
    [
      "a remote reference",
      { properties: { a: { $ref: "https://example.com/schema.json" } } },
      "/properties/a/$ref: the reference https://example.com/schema.json leads nowhere",
    ],
    ["a reference to nothing", { $ref: "#/$defs/nope" }, "/$ref: the reference #/$defs/nope leads nowhere"],
    ["a look-ahead", { pattern: "^(?=a)b$" }, "/pattern: the pattern ^(?=a)b$ looks ahead or behind"],
    ["a back-reference", { pattern: "(a)\\1" }, ": the pattern (a)\\1 refers back to a group"],
    ["a broken pattern", { pattern: "(" }, ": the pattern ( cannot be used"],
    [
      "another dialect",
      { $schema: "http://json-schema.org/draft-07/schema#" },
      "/$schema: only JSON Schema 2020-12 is read",
    ],
  ])("refuses %s", (_title, schema, expected) => {
    expect(schemaProblems(schema).join("\n")).toContain(expected)
  })

  test("two schemas may carry the same $id", () => {
    expect(schemaProblems({ $id: "https://example.com/a", type: "string" })).toEqual([])
    expect(messages({ $id: "https://example.com/a", type: "number" }, "x")).toEqual(
      ['must be a number, is the text "x"'].map((text) => `: ${text}`),
    )
  })

  test("equal schemas share one validator, and the cache is bounded", () => {
    const small = createJsonSchemas({ cacheMax: 2 })
    const first = small.validator({ type: "string", minLength: 1 })
    expect(small.validator({ minLength: 1, type: "string" })).toBe(first)
    small.validator({ type: "number" })
    small.validator({ type: "boolean" })
    expect(small.validator({ type: "string", minLength: 1 })).not.toBe(first)
  })

  test("a schema nested beyond measure is refused", () => {
    let schema: JsonObject = {}
    for (let i = 0; i < 20_000; i++) schema = { not: schema }
    expect(() => createJsonSchemas().compile(schema)).not.toThrow()
    expect(createJsonSchemas().compile(schema).ok).toBe(false)
  })
})
