import type { JsonObject } from "@waybill/contract"
import { expect, test } from "vitest"
import { describeFields } from "./describe.ts"
import { readField } from "./read-field.ts"

const rowsOf = (schema: JsonObject) =>
  describeFields(readField(schema, { schema, shared: {} })).map(({ path, type, required }) => [path, type, required])

test("every field of a schema is a row, with its place and its type in words", () => {
  expect(
    rowsOf({
      type: "object",
      properties: {
        customer: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
        lines: { type: "array", items: { properties: { sku: { type: "string" }, count: { type: "integer" } } } },
        tags: { type: "array", items: { type: "string" } },
        labels: { type: "object", additionalProperties: { type: "number" } },
        due: { type: ["string", "null"], format: "date" },
        size: { enum: ["S", "M"] },
        free: {},
        limits: { properties: { day: { type: "integer" } }, additionalProperties: { type: "number" } },
      },
      required: ["customer"],
    }),
  ).toEqual([
    ["customer", "object", true],
    ["customer.name", "text", true],
    ["lines", "list of object", false],
    ["lines[].sku", "text", false],
    ["lines[].count", "whole number", false],
    ["tags", "list of text", false],
    ["labels", "map of number", false],
    ["due", "date or null", false],
    ["size", "one of", false],
    ["free", "anything", false],
    ["limits", "object", false],
    ["limits.day", "whole number", false],
    ["limits.*", "number", false],
  ])
})

test("the forms of a choice are named, and their fields stand below it", () => {
  expect(
    rowsOf({
      properties: {
        pay: {
          oneOf: [
            { title: "Card", properties: { number: { type: "string" } } },
            { title: "Invoice", properties: { days: { type: "integer" } } },
          ],
        },
      },
    }),
  ).toEqual([
    ["pay", "Card or Invoice", false],
    ["pay.number", "text", false],
    ["pay.days", "whole number", false],
  ])
})

test("a schema that refers to itself ends", () => {
  expect(rowsOf({ properties: { child: { $ref: "#" } } }).length).toBeLessThan(20)
})
