import type { Json, JsonObject } from "@waybill/contract"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { readField } from "../schema/read-field.ts"
import { freeName, moved, ordered, renamed, valueAt, withAt } from "./at.ts"
import { numberText, readNumber } from "./scalar-text.ts"
import { completed, exampleValue, newValue, startValue } from "./start-value.ts"

const fieldOf = (schema: JsonObject) => readField(schema, { schema, shared: {} })

describe("changing one place", () => {
  const order: Json = { id: "o-1", lines: [{ sku: "a" }, { sku: "b" }], note: null }

  test("leaves the rest the very same", () => {
    const next = withAt(order, ["lines", 1, "sku"], "c")
    expect(next).toEqual({ id: "o-1", lines: [{ sku: "a" }, { sku: "c" }], note: null })
    expect(valueAt(next, ["lines", 0])).toBe(valueAt(order, ["lines", 0]))
    expect(Object.keys(next as JsonObject)).toEqual(["id", "lines", "note"])
  })

  test("makes what is missing above it, and takes away what is given as nothing", () => {
    expect(withAt(undefined, ["a", 0, "b"], 1)).toEqual({ a: [{ b: 1 }] })
    expect(withAt(order, ["note"], undefined)).toEqual({ id: "o-1", lines: [{ sku: "a" }, { sku: "b" }] })
    expect(withAt(order, ["lines", 0], undefined)).toEqual({ id: "o-1", lines: [{ sku: "b" }], note: null })
    expect(withAt(order, ["gone", "too"], undefined)).toBe(order)
  })

  test("a name of the machinery is a name like any other", () => {
    const next = withAt({}, ["__proto__"], "x") as JsonObject
    expect(JSON.stringify(next)).toBe('{"__proto__":"x"}')
    expect(valueAt({}, ["toString"])).toBe(undefined)
  })

  test("what was written is what is read there, anywhere", () => {
    const keys = fc.array(fc.oneof(fc.string(), fc.constant(0)), { maxLength: 4 })
    fc.assert(
      fc.property(fc.jsonValue(), keys, fc.string(), (value, at, next) => {
        expect(valueAt(withAt(value as Json, at, next), at)).toBe(next)
      }),
    )
  })

  test("items change places, entries their names", () => {
    expect(moved(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"])
    expect(moved(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"])
    expect(Object.entries(renamed({ a: 1, b: 2 }, "a", "z") as JsonObject)).toEqual([
      ["z", 1],
      ["b", 2],
    ])
    expect(freeName({ name: 1, "name 2": 2 }, "name")).toBe("name 3")
  })
})

test("a value stands in the order of its schema, and is the same value", () => {
  const field = fieldOf({
    properties: { a: {}, list: { items: { properties: { x: {}, y: {} } } }, b: {} },
  })
  const value = { other: 1, b: 2, list: [{ y: 1, x: 2 }], a: 3 }
  expect(JSON.stringify(ordered(field, value))).toBe('{"a":3,"list":[{"x":2,"y":1}],"b":2,"other":1}')
  expect(ordered(field, value)).toEqual(value)
})

describe("numbers as text", () => {
  test("are read as they are shown", () => {
    const shown = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.string())
    fc.assert(
      fc.property(shown, (value) => {
        const json = JSON.parse(JSON.stringify(value)) as Json
        const text = numberText(json)
        if (text !== null) expect(readNumber(text)).toEqual(json)
      }),
    )
  })

  test.each<[string, Json]>([
    ["12", 12],
    [" 12 ", 12],
    ["1.50", 1.5],
    ["-0", 0],
    ["1e3", 1000],
    ["1e999", "1e999"],
    ["12,5", "12,5"],
    ["", ""],
    ["true", "true"],
    ['"12"', "12"],
  ])("%s is %j", (text, value) => expect(readNumber(text)).toEqual(value))
})

describe("what a form begins with", () => {
  const order = fieldOf({
    type: "object",
    properties: {
      kind: { const: "order" },
      warehouse: { type: "string", default: "main" },
      customer: {
        type: "object",
        properties: { name: { type: "string" }, tier: { default: "basic" } },
        required: ["name"],
      },
      gift: { type: "object", properties: { wrap: { default: true } } },
      lines: { type: "array", items: { type: "object", properties: { count: { type: "integer", default: 1 } } } },
    },
    required: ["kind", "customer", "lines"],
  })

  test("defaults, constants, and the objects that must be there", () => {
    expect(startValue(order, true)).toEqual({ kind: "order", warehouse: "main", customer: { tier: "basic" } })
  })

  test("what is there is kept, and completed", () => {
    expect(completed(order, { customer: { name: "Ada" }, lines: [{}, { count: 3 }], extra: 1 })).toEqual({
      kind: "order",
      warehouse: "main",
      customer: { name: "Ada", tier: "basic" },
      lines: [{ count: 1 }, { count: 3 }],
      extra: 1,
    })
  })

  test("an object that asks for itself for ever ends", () => {
    expect(startValue(fieldOf({ properties: { again: { $ref: "#" } }, required: ["again"] }), true)).toBeDefined()
  })

  test("a new item is something, and as little as possible", () => {
    expect(newValue(fieldOf({ type: "string" }))).toBe("")
    expect(newValue(fieldOf({ type: "boolean" }))).toBe(false)
    expect(newValue(fieldOf({ type: "array" }))).toEqual([])
    expect(newValue(fieldOf({ properties: { a: { default: 1 }, b: {} } }))).toEqual({ a: 1 })
    expect(newValue(fieldOf({ oneOf: [{ type: "integer", default: 3 }, { type: "string" }] }))).toBe(3)
  })

  test("examples fill in what nobody has", () => {
    const field = fieldOf({
      properties: { a: { examples: ["x", "y"] }, b: { type: "string" }, c: { properties: { d: { examples: [1] } } } },
    })
    expect(exampleValue(field, { a: "mine" })).toEqual({ a: "mine", c: { d: 1 } })
    expect(exampleValue(fieldOf({ properties: { b: {} }, examples: [{ b: 2 }] }), undefined)).toEqual({ b: 2 })
  })
})
