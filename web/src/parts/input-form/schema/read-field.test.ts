import type { JsonObject } from "@waybill/contract"
import { describe, expect, test } from "vitest"
import type { Field } from "./field.ts"
import { inputField, inputSchemaOf } from "./input-schema.ts"
import { readField } from "./read-field.ts"

const fieldOf = (schema: JsonObject): Field => readField(schema, { schema, shared: {} })
const keysOf = (field: Field) => (field.kind === "object" ? field.properties.map((one) => one.key) : [])
const inner = (field: Field, key: string): Field => {
  const found = field.kind === "object" ? field.properties.find((one) => one.key === key) : undefined
  if (found === undefined) throw new Error(`there is no ${key}`)
  return found.field()
}

test.each<[title: string, schema: JsonObject, field: object]>([
  ["a text", { type: "string" }, { kind: "text", input: "line" }],
  ["a long text has lines", { type: "string", maxLength: 5000 }, { kind: "text", input: "lines" }],
  ["a date", { type: "string", format: "date" }, { kind: "text", input: "date" }],
  [
    "a number with bounds",
    { type: "number", minimum: 0.5, maximum: 120 },
    { kind: "number", min: 0.5, max: 120, whole: false, bounds: ["0.5 to 120"] },
  ],
  ["a whole number", { type: "integer", exclusiveMinimum: 0 }, { kind: "number", whole: true, bounds: ["above 0"] }],
  ["a text that may be null", { type: ["string", "null"] }, { kind: "text", nullable: true }],
  ["null beside one form", { anyOf: [{ type: "integer" }, { type: "null" }] }, { kind: "number", nullable: true }],
  [
    "a choice of values",
    { enum: ["a", 1, ""] },
    {
      kind: "enum",
      options: [
        { value: "a", label: "a" },
        { value: 1, label: "1" },
        { value: "", label: '""' },
      ],
    },
  ],
  [
    "constants with titles",
    { oneOf: [{ const: "eu", title: "Europe" }, { const: "us" }] },
    {
      kind: "enum",
      options: [
        { value: "eu", label: "Europe" },
        { value: "us", label: "us" },
      ],
    },
  ],
  ["two types", { type: ["string", "integer"] }, { kind: "choice" }],
  ["no type, but properties", { properties: { a: {} } }, { kind: "object" }],
  ["no type, but items", { items: {} }, { kind: "list" }],
  ["nothing said", {}, { kind: "json" }],
  ["a reference that leads nowhere", { $ref: "#/$defs/gone" }, { kind: "json" }],
])("%s", (_title, schema, field) => {
  expect(fieldOf(schema)).toMatchObject(field)
})

describe("words around a value", () => {
  test("bounds are said in words", () => {
    expect(fieldOf({ type: "string", minLength: 1 }).bounds).toEqual(["at least 1 character"])
    expect(fieldOf({ type: "array", minItems: 2, maxItems: 2, uniqueItems: true }).bounds).toEqual([
      "2 items",
      "no two alike",
    ])
    expect(fieldOf({ minimum: 1, exclusiveMaximum: 2, multipleOf: 0.1 }).bounds).toEqual([
      "at least 1, below 2",
      "in steps of 0.1",
    ])
  })

  test("title, description, default and examples come along, also of the one form beside null", () => {
    const schema: JsonObject = {
      title: "Region",
      description: "Where",
      default: null,
      oneOf: [{ type: "string", examples: ["eu"] }, { type: "null" }],
    }
    expect(fieldOf(schema)).toMatchObject({
      title: "Region",
      description: "Where",
      default: null,
      examples: ["eu"],
      kind: "text",
    })
  })
})

describe("objects", () => {
  test("required properties are marked, named ones that have no schema too", () => {
    const field = fieldOf({ properties: { a: {}, b: {} }, required: ["b", "c"] })
    expect(field.kind === "object" && field.properties.map(({ key, required }) => [key, required])).toEqual([
      ["a", false],
      ["b", true],
      ["c", true],
    ])
  })

  test("further ones are asked for only where the schema speaks of them, or of nothing else", () => {
    const takesMore = (schema: JsonObject) => {
      const field = fieldOf(schema)
      return field.kind === "object" && field.extra !== null
    }
    expect(takesMore({ type: "object" })).toBe(true)
    expect(takesMore({ properties: { a: {} } })).toBe(false)
    expect(takesMore({ properties: { a: {} }, additionalProperties: true })).toBe(true)
    expect(takesMore({ properties: { a: {} }, additionalProperties: { type: "string" } })).toBe(true)
    expect(takesMore({ type: "object", additionalProperties: false })).toBe(false)
  })

  test("allOf is one object, and its properties keep their order", () => {
    const field = fieldOf({
      properties: { a: { type: "string" } },
      allOf: [{ properties: { a: {}, b: {} }, required: ["b"] }],
    })
    expect(keysOf(field)).toEqual(["a", "b"])
    expect(inner(field, "a").kind).toBe("text")
  })

  test("anyOf that only names what is required narrows, and is no choice", () => {
    expect(
      keysOf(fieldOf({ properties: { a: {}, b: {} }, anyOf: [{ required: ["a"] }, { required: ["b"] }] })),
    ).toEqual(["a", "b"])
  })

  test("what stands beside the forms of a choice belongs to each of them", () => {
    const field = fieldOf({
      properties: { id: { type: "string" } },
      oneOf: [{ properties: { a: {} } }, { title: "Second", properties: { b: {} } }],
    })
    const options = field.kind === "choice" ? field.options : []
    expect(options.map(({ label, field: read }) => [label, keysOf(read())])).toEqual([
      ["object", ["a", "id"]],
      ["Second", ["b", "id"]],
    ])
  })
})

describe("references", () => {
  test("a schema may refer to itself", () => {
    const tree: JsonObject = { type: "object", properties: { name: { type: "string" }, child: { $ref: "#" } } }
    expect(keysOf(inner(inner(fieldOf(tree), "child"), "child"))).toEqual(["name", "child"])
  })

  test("references in a circle end", () => {
    expect(fieldOf({ $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } } }).kind).toBe(
      "json",
    )
  })

  const definition = {
    use: {
      schemas: {
        order: {
          type: "object",
          properties: { id: { type: "string" }, lines: { items: { $ref: "#/$defs/line" } } },
          $defs: { line: { type: "integer" } },
        },
      },
    },
    inputSchema: { type: "object", properties: { order: { $ref: "#/use/schemas/order" } } },
  }

  test("what a definition shares is found, and its own references stay its own", () => {
    const order = inner(inputField(inputSchemaOf(definition)), "order")
    expect(keysOf(order)).toEqual(["id", "lines"])
    const lines = inner(order, "lines")
    expect(lines.kind === "list" && lines.item().kind).toBe("number")
  })

  test("the whole input may be a shared schema by its name", () => {
    expect(keysOf(inputField(inputSchemaOf({ ...definition, inputSchema: "order" })))).toEqual(["id", "lines"])
  })
})

test("a workflow without an input schema takes any object", () => {
  expect(inputSchemaOf({ id: "x" })).toBe(null)
  expect(inputField(null)).toMatchObject({ kind: "object", properties: [] })
})
