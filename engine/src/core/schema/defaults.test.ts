import { describe, expect, test } from "vitest"
import type { Json, JsonObject } from "../json.ts"
import { applyDefaults, unappliedDefaults } from "./defaults.ts"

describe("filling in defaults", () => {
  test.each<[title: string, schema: JsonObject, value: Json, expected: Json]>([
    ["an absent property gets its default", { properties: { a: { default: 1 } } }, {}, { a: 1 }],
    ["a present one stays, even null", { properties: { a: { default: 1 } } }, { a: null }, { a: null }],
    [
      "nested properties are filled",
      { properties: { a: { properties: { b: { default: 2 } } } } },
      { a: {} },
      { a: { b: 2 } },
    ],
    ["an absent parent stays absent", { properties: { a: { properties: { b: { default: 2 } } } } }, {}, {}],
    [
      "a default is filled in itself",
      { properties: { a: { default: {}, properties: { b: { default: 2 } } } } },
      {},
      { a: { b: 2 } },
    ],
    [
      "items are filled one by one",
      { items: { properties: { a: { default: 1 } } } },
      [{}, { a: 2 }, 3],
      [{ a: 1 }, { a: 2 }, 3],
    ],
    [
      "prefixItems are left alone",
      { prefixItems: [{ properties: { a: { default: 1 } } }], items: { properties: { a: { default: 2 } } } },
      [{}, {}],
      [{}, { a: 2 }],
    ],
    [
      "a local reference is followed",
      { $defs: { x: { default: "d" } }, properties: { a: { $ref: "#/$defs/x" } } },
      {},
      { a: "d" },
    ],
    [
      "allOf holds too, the first default counts",
      { allOf: [{ properties: { a: { default: 1 } } }, { properties: { a: { default: 2 }, b: { default: 3 } } }] },
      {},
      { a: 1, b: 3 },
    ],
    ["anyOf does not", { anyOf: [{ properties: { a: { default: 1 } } }] }, {}, {}],
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    ["if and then do not", { if: true, then: { properties: { a: { default: 1 } } } }, {}, {}],
    ["a remote reference is not followed", { properties: { a: { $ref: "https://example.com/x" } } }, {}, {}],
    [
      "a name of the machinery is an ordinary property",
      { properties: { toString: { default: 1 } } },
      {},
      { toString: 1 },
    ],
    ["other kinds of values pass through", { properties: { a: { default: 1 } } }, "text", "text"],
  ])("%s", (_title, schema, value, expected) => {
    const before = JSON.stringify(value)
    expect(applyDefaults(schema, value)).toEqual(expected)
    expect(JSON.stringify(value)).toBe(before)
  })

  test("a value that needs nothing is not copied", () => {
    const value = { a: [{ b: 1 }] }
    expect(applyDefaults({ properties: { a: { items: { properties: { b: { default: 2 } } } } } }, value)).toBe(value)
  })

  test("a default that would contain itself for ever is filled in once", () => {
    const schema: JsonObject = { properties: { child: { $ref: "#", default: {} } } }
    expect(applyDefaults(schema, {})).toEqual({ child: {} })
  })

  test("a schema that refers to itself in a circle ends", () => {
    expect(applyDefaults({ $ref: "#", allOf: [{ $ref: "#" }], properties: { a: { default: 1 } } }, {})).toEqual({
      a: 1,
    })
  })
})

describe("defaults that are never filled in", () => {
  test("are found wherever they stand", () => {
    const schema: JsonObject = {
      default: {},
      properties: { a: { default: 1, anyOf: [{ default: 2 }] }, b: { $ref: "#/$defs/used" } },
      items: { default: 3 },
      oneOf: [{ properties: { c: { default: 4 } } }],
      $defs: { used: { default: 5 }, unused: { default: 6 } },
    }
    expect(unappliedDefaults(schema)).toEqual([
      "/default",
      "/properties/a/anyOf/0/default",
      "/items/default",
      "/oneOf/0/properties/c/default",
      "/$defs/unused/default",
    ])
  })

  test("a property that is called default is no default", () => {
    expect(unappliedDefaults({ anyOf: [{ properties: { default: { type: "string" } } }] })).toEqual([])
  })
})
