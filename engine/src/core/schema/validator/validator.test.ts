import { describe, expect, test } from "vitest"
import type { Json, JsonObject } from "../../json.ts"
import { holds } from "./holds.ts"
import { type Formats, PARTS_MAX, prepare, validatorOf } from "./index.ts"
import { Pass, STEPS_MAX } from "./pass.ts"

const noFormats: Formats = { text: new Map(), number: new Map() }

function prepared(schema: JsonObject) {
  const preparation = prepare(schema, noFormats)
  if (!preparation.ok) throw new Error(preparation.errors[0]?.message)
  return preparation.prepared
}

const isValid = (schema: JsonObject, value: Json) => validatorOf(prepared(schema))(value) === null
const messages = (schema: JsonObject, value: Json) =>
  (validatorOf(prepared(schema))(value) ?? []).map(({ pointer, message }) => `${pointer}: ${message}`)
const refusals = (schema: JsonObject) => {
  const preparation = prepare(schema, noFormats)
  return preparation.ok ? [] : preparation.errors.map(({ pointer, message }) => `${pointer}: ${message}`)
}

describe("what a schema means", () => {
  test.each<[title: string, schema: JsonObject, good: readonly Json[], bad: readonly Json[]]>([
    ["1.0 is a whole number", { type: "integer" }, [1, -3], [1.5, "1", null]],
    ["null beside a type", { type: "string", nullable: true }, ["", null], [0]],
    ["decimal multiples, as people count", { multipleOf: 0.01 }, [19.99, 0, 4.35, 1e300], [0.005, 19.999]],
    ["length in characters, not halves of them", { minLength: 2, maxLength: 2 }, ["ab", "😀😀"], ["😀", "abc"]],
    [
      "equality by value, whatever the order of fields",
      { const: { a: [1], b: {} } },
      [{ b: {}, a: [1] }],
      [{ a: [1] }],
    ],
    [
      "texts are never equal to what they look like",
      { uniqueItems: true },
      [["1", 1, "[1]", [1]]],
      [[{ a: 1 }, { a: 1 }]],
    ],
    ["prefixItems, and the rest", { prefixItems: [{ const: 1 }], items: false }, [[], [1]], [[2], [1, 1]]],
    [
      "contains, at least and at most",
      { contains: { const: 1 }, minContains: 2, maxContains: 3 },
      [[1, 1, 2]],
      [[1], [1, 1, 1, 1]],
    ],
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    ["if, then, else", { if: { type: "string" }, then: { minLength: 1 }, else: { const: 0 } }, ["a", 0], ["", 1]],
    ["exactly one form", { oneOf: [{ type: "number" }, { multipleOf: 2 }] }, [1, "a"], [2]],
    ["names", { propertyNames: { pattern: "^x-" }, minProperties: 1 }, [{ "x-a": 1 }], [{ a: 1 }, {}]],
    ["one field needs another", { dependentRequired: { a: ["b"] } }, [{}, { a: 1, b: 1 }], [{ a: 1 }]],
    ["the older way to say so", { dependencies: { a: ["b"], c: { minProperties: 2 } } }, [{ a: 1, b: 1 }], [{ c: 1 }]],
    ["an anchor", { $defs: { x: { $anchor: "here", type: "number" } }, $ref: "#here" }, [1], ["a"]],
    [
      "a part with an address",
      { $id: "https://x.org/a/", $defs: { x: { $id: "b/../c", type: "number" } }, $ref: "c" },
      [1],
      ["a"],
    ],
    ["a pointer with escapes", { $defs: { "a/b%": { type: "number" } }, $ref: "#/$defs/a~1b%25" }, [1], ["a"]],
    [
      "what no keyword leads to can be referred to",
      { "x-own": { deep: { type: "number" } }, $ref: "#/x-own/deep" },
      [1],
      [""],
    ],
  ])("%s", (_title, schema, good, bad) => {
    for (const value of good) expect(messages(schema, value), JSON.stringify(value)).toEqual([])
    for (const value of bad) expect(isValid(schema, value), JSON.stringify(value)).toBe(false)
  })

  test("fields that nobody described are seen through references and alternatives, but not through `not`", () => {
    const schema: JsonObject = {
      $defs: { named: { properties: { name: {} } } },
      allOf: [{ $ref: "#/$defs/named" }],
      anyOf: [
        { properties: { a: { const: 1 } }, required: ["a"] },
        { properties: { b: {} }, required: ["b"] },
      ],
      not: { properties: { never: {} }, required: ["never"] },
      unevaluatedProperties: false,
    }
    expect(isValid(schema, { name: "n", a: 1, b: 2 })).toBe(true)
    // Described by a form that does not hold.
    expect(messages(schema, { a: 2, b: 2 })).toEqual(["/a: `a` is not allowed here"])
    expect(isValid(schema, { b: 1, other: 1 })).toBe(false)
  })

  test("items that nobody described are counted from behind the first ones, and without those that were looked for", () => {
    const schema: JsonObject = { prefixItems: [{}], contains: { const: "x" }, unevaluatedItems: { type: "number" } }
    expect(isValid(schema, ["first", "x", 3])).toBe(true)
    expect(isValid(schema, ["first", "x", "y"])).toBe(false)
  })

  test("a schema that another one extends is found on the way down", () => {
    const tree: JsonObject = {
      $id: "https://x.org/strict",
      $dynamicAnchor: "node",
      $ref: "tree",
      unevaluatedProperties: false,
      $defs: {
        tree: {
          $id: "https://x.org/tree",
          $dynamicAnchor: "node",
          properties: { value: {}, children: { items: { $dynamicRef: "#node" } } },
        },
      },
    }
    expect(isValid(tree, { children: [{ value: 1 }] })).toBe(true)
    expect(isValid(tree, { children: [{ valu: 1 }] })).toBe(false)
  })
})

describe("what a schema may cost (rule 30)", () => {
  /** Each level asks twice for the next. */
  function doubling(levels: number): JsonObject {
    const twice = (next: number): Json => ({ allOf: [{ $ref: `#/$defs/d${next}` }, { $ref: `#/$defs/d${next}` }] })
    const $defs = Object.fromEntries(Array.from({ length: levels }, (_, i) => [`d${i}`, twice(i + 1)]))
    return { $defs: { ...$defs, [`d${levels}`]: { type: "string" } }, $ref: "#/$defs/d0" }
  }

  test("thirty lines of references that double at each line end in a refusal, not in a standstill", () => {
    expect(messages(doubling(60), "text")).toEqual([": takes too many steps to be held against its schema"])
    const pass = new Pass(false)
    expect(() => holds(prepared(doubling(60)), "text", pass, null)).toThrow()
    expect(pass.steps).toBeLessThan(STEPS_MAX + 100)
    expect(messages(doubling(8), "text")).toEqual([])
  })

  test("a pattern is paid for before it is tried", () => {
    const schema = { pattern: "^([a-z]{1,500}b)+$" }
    expect(messages(schema, "a".repeat(1_000_000))).toEqual([": takes too many steps to be held against its schema"])
    expect(isValid(schema, "ab")).toBe(true)
  })

  test("the largest value that the engine takes is still held against a plain schema", () => {
    const rows = Array.from({ length: 230_000 }, (_, id) => ({ id, name: "a name of a row" }))
    const row = { type: "object", properties: { id: { type: "integer" }, name: { type: "string" } }, required: ["id"] }
    expect(JSON.stringify(rows).length).toBeGreaterThan(8 * 1024 * 1024)
    expect(isValid({ type: "array", items: row }, rows)).toBe(true)
  })

  test("no more is looked at than the schema has parts, once each", () => {
    const reads = (parts: number): number => {
      let count = 0
      const counted = (value: Json): Json =>
        typeof value !== "object" || value === null
          ? value
          : new Proxy(value as Record<string, Json>, {
              get: (target, key, self) => {
                count += 1
                return Reflect.get(target, key, self)
              },
            })
      const wrapped = (value: Json): Json => {
        if (typeof value !== "object" || value === null) return value
        const inside = Array.isArray(value)
          ? value.map(wrapped)
          : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, wrapped(item)]))
        return counted(inside)
      }
      const chain: JsonObject = Object.fromEntries(
        Array.from({ length: parts }, (_, i): [string, Json] => [
          `d${i}`,
          { anyOf: [{ $ref: `#/$defs/d${(i + 1) % parts}` }, { type: ["string", "null"], enum: ["a", null] }] },
        ]),
      )
      expect(refusals(wrapped({ $defs: chain, properties: { a: { $ref: "#/$defs/d0" } } }) as JsonObject)).toEqual([])
      return count
    }
    // Without a constant in front of it: four times the parts are less than five times the looks.
    expect(reads(2_000)).toBeLessThan(5 * reads(500))
    expect(reads(500)).toBeLessThan(500 * 200)
  })

  test("no code is generated", () => {
    const { Function: generate } = globalThis
    try {
      globalThis.Function = (() => {
        throw new Error("code was generated")
      }) as unknown as FunctionConstructor
      expect(isValid({ type: "object", properties: { a: { pattern: "^a+$" } } }, { a: "aa" })).toBe(true)
    } finally {
      globalThis.Function = generate
    }
  })

  test.each<[title: string, schema: JsonObject, expected: string]>([
    [
      "more parts than anybody writes",
      { properties: Object.fromEntries(Array.from({ length: PARTS_MAX + 1 }, (_, i) => [`p${i}`, {}])) },
      `the schema has more than ${PARTS_MAX} parts`,
    ],
    [
      "a thousand large patterns",
      { allOf: Array.from({ length: 1_000 }, (_, i) => ({ pattern: `^[a-z]{1,900}${i}$` })) },
      "/allOf/11/pattern: the patterns of the schema are too large together",
    ],
    ["a reference to no schema", { enum: [1], $ref: "#/enum/0" }, "/$ref: the reference #/enum/0 leads nowhere"],
    ["a list where schemas by name belong", { properties: [] }, "/properties: must be an object, is a list"],
    ["text where a schema belongs", { anyOf: ["a"] }, '/anyOf/0: must be an object or true or false, is the text "a"'],
    ["no form at all", { oneOf: [] }, "/oneOf: must have at least 1 item"],
    ["a negative length", { maxLength: -1 }, "/maxLength: must be at least 0, is -1"],
    ["a name twice", { required: ["a", "a"] }, "/required: items 0 and 1 are equal, but must differ"],
    ["an anchor with a blank", { $anchor: "a b" }, "/$anchor: must match the pattern"],
  ])("refused is %s", (_title, schema, expected) => {
    expect(refusals(schema).join("\n")).toContain(expected)
  })
})
