import type { Json, JsonObject } from "@waybill/contract"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Field } from "../schema/field.ts"
import { readField } from "../schema/read-field.ts"
import { allControls, type Control, controlOf, controlValue } from "./control.ts"

const fieldOf = (schema: JsonObject): Field => readField(schema, { schema, shared: {} })
const shown = (schema: JsonObject, value?: Json) => controlOf(fieldOf(schema), value)
/** Kinds by key, for objects that were filled in. */
const kinds = (control: Control) =>
  control.kind === "object"
    ? Object.fromEntries(control.entries.map((one) => [one.key, one.control.kind]))
    : control.kind

/** As a run would get it: JSON knows no -0, and an own `__proto__` is a key like any other. */
const anyJson = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as Json)

const { schema: anySchema } = fc.letrec<{ schema: JsonObject; leaf: JsonObject }>((tie) => ({
  leaf: fc.oneof(
    fc.record({ type: fc.constantFrom("string", "number", "integer", "boolean", "null", "array", "object") }),
    fc.record({ type: fc.constant("string"), format: fc.constantFrom("date", "date-time", "email") }),
    fc.record({ enum: fc.array(anyJson, { minLength: 1, maxLength: 4 }) }),
    fc.record({ const: anyJson }),
    fc.constant({ type: ["string", "null"] }),
    fc.constant({ type: ["integer", "boolean"] }),
    fc.constant({ $ref: "#" }),
    fc.constant({}),
  ) as fc.Arbitrary<JsonObject>,
  schema: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    tie("leaf"),
    fc.record({
      type: fc.constant("object"),
      properties: fc.dictionary(fc.constantFrom("a", "b", "c", "__proto__"), tie("schema"), { maxKeys: 3 }),
      required: fc.subarray(["a", "b", "z"]),
    }),
    fc.record({ additionalProperties: tie("schema") }),
    fc.record({ items: tie("schema"), prefixItems: fc.array(tie("schema"), { maxLength: 2 }) }),
    fc.record({ oneOf: fc.array(tie("schema"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ anyOf: fc.array(tie("schema"), { minLength: 1, maxLength: 3 }), title: fc.string() }),
    fc.record({ allOf: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }) }),
  ) as fc.Arbitrary<JsonObject>,
}))

test("what the form shows is the value, whatever the schema says of it", () => {
  fc.assert(
    fc.property(anySchema, anyJson, (schema, value) => {
      expect(JSON.stringify(controlValue(shown(schema, value)))).toBe(JSON.stringify(sorted(schema, value)))
    }),
    { numRuns: 1_500 },
  )
})

/** The form shows an object in the schema's order; nothing else about a value may change. */
function sorted(schema: JsonObject, value: Json): Json {
  const again = controlValue(shown(schema, value))
  expect(again).toEqual(value)
  return again!
}

test("a schema that holds itself is laid out a few levels deep, however often it does", () => {
  const relatives = ["mother", "father", "friend", "child"].map((name) => [name, { $ref: "#" }])
  const person: JsonObject = { type: "object", properties: Object.fromEntries(relatives) }
  expect([...allControls(shown(person))].length).toBeLessThan(1_000)
  const grandmother = { mother: { mother: { mother: {} } } }
  expect(controlValue(shown(person, grandmother))).toEqual(grandmother)
  // What is there is laid out however deep it lies.
  const line = { mother: { mother: { mother: { mother: { mother: {} } } } } }
  const given = [...allControls(shown(person, line))].filter((control) => control.given)
  expect(given.map(({ kind }) => kind)).toEqual(Array(6).fill("object"))
})

test("an empty form stands for nothing at all", () => {
  fc.assert(fc.property(anySchema, (schema) => void expect(controlValue(shown(schema))).toBe(undefined)))
})

describe("each value has the control of its field", () => {
  const order: JsonObject = {
    type: "object",
    properties: {
      customer: { type: "string" },
      count: { type: "integer" },
      express: { type: "boolean" },
      size: { enum: ["S", "M", "L"] },
      due: { type: "string", format: "date" },
      lines: { type: "array", items: { type: "object", properties: { sku: { type: "string" } } } },
      address: { type: "object", properties: { city: { type: "string" } } },
    },
  }

  test("filled in or not", () => {
    const empty = {
      customer: "text",
      count: "number",
      express: "boolean",
      size: "enum",
      due: "text",
      lines: "list",
      address: "object",
    }
    expect(kinds(shown(order))).toEqual(empty)
    expect(kinds(shown(order, { customer: "Ada", count: 3, express: true, size: "M", due: "2026-11-21" }))).toEqual(
      empty,
    )
  })

  test("a value of another kind is shown as what it is, in JSON", () => {
    expect(kinds(shown(order, { customer: 3, express: "yes", size: "XXL", lines: "none", address: [] }))).toMatchObject(
      {
        customer: "json",
        express: "json",
        size: "json",
        lines: "json",
        address: "json",
      },
    )
  })

  test("what is not a number stays what was typed, and a text that looks like one says that it is a text", () => {
    expect(shown({ type: "number" }, "twelve")).toMatchObject({ kind: "number", text: "twelve" })
    expect(shown({ type: "number" }, "12")).toMatchObject({ kind: "number", text: '"12"' })
    expect(shown({ type: "number" }, 1e21)).toMatchObject({ kind: "number", text: "1e+21" })
  })

  test("a text with lines gets a field with lines, and one with signs that no field shows is JSON", () => {
    expect(shown({ type: "string" }, "a\nb")).toMatchObject({ kind: "text", input: "lines" })
    expect(shown({ type: "string" }, "a\r\nb")).toMatchObject({ kind: "json" })
    expect(shown({ type: "string", format: "date" }, "tomorrow")).toMatchObject({ kind: "text", input: "line" })
    expect(shown({ type: "string", format: "date" }, "2026-02-30")).toMatchObject({ kind: "text", input: "line" })
  })

  test("properties that the schema does not name are there too", () => {
    expect(kinds(shown(order, { colour: "red" }))).toMatchObject({ colour: "json" })
    expect(kinds(shown({ additionalProperties: { type: "integer" } }, { a: 1 }))).toEqual({ a: "number" })
  })
})

describe("a choice shows the form that the value has", () => {
  const payment: JsonObject = {
    oneOf: [
      { title: "Card", properties: { by: { const: "card" }, number: { type: "string" } }, required: ["by"] },
      { title: "Invoice", properties: { by: { const: "invoice" }, days: { type: "integer" } }, required: ["by"] },
    ],
  }

  test("told apart by its constant", () => {
    expect(shown(payment, { by: "invoice", days: 30 })).toMatchObject({ kind: "choice", at: 1 })
    expect(shown(payment, { by: "cash" })).toMatchObject({ kind: "json" })
    expect(shown(payment)).toMatchObject({ kind: "choice", at: -1, inner: null })
  })

  test("and stays with it while a part of it is wrong", () => {
    expect(shown(payment, { by: "invoice", days: "soon" })).toMatchObject({ kind: "choice", at: 1 })
  })

  test("what was picked counts where more than one form would do", () => {
    const either: JsonObject = {
      anyOf: [{ properties: { a: { type: "string" } } }, { properties: { b: { type: "string" } } }],
    }
    const field = fieldOf(either)
    expect(controlOf(field, {})).toMatchObject({ at: 0 })
    expect(controlOf(field, {}, new Map([["", 1]]))).toMatchObject({ at: 1 })
  })
})
