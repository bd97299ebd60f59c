import type { Finding, JsonObject } from "@waybill/contract"
import { expect, test } from "vitest"
import { seenTroubles, troublesIn } from "./problems.ts"
import { readField } from "./schema/read-field.ts"
import { controlOf } from "./value/control.ts"

const schema: JsonObject = {
  properties: {
    order: { type: "object", properties: { id: { type: "string" }, lines: { items: { properties: { sku: {} } } } } },
    free: {},
  },
}
const control = controlOf(readField(schema, { schema, shared: {} }), {
  order: { lines: [{ sku: "a" }] },
  free: { a: 1 },
})
const finding = (pointer: string, message: string, more: Partial<Finding> = {}): Finding => ({
  code: "type",
  pointer,
  message,
  ...more,
})

test.each<[title: string, finding: Finding, pointer: string, words: string]>([
  ["at its own field", finding("/order/id", "must be text, is 3"), "/order/id", "Must be text, is 3."],
  ["what is missing, where it would stand", finding("/order", "`id` is missing"), "/order/id", "It is missing."],
  ["what nobody can fill in, at what is above it", finding("/order", "`x` is missing"), "/order", "x: `x` is missing."],
  ["inside of JSON, at the JSON", finding("/free/a/b", "must be text"), "/free", "a.b: must be text."],
  [
    "in a list, at the item",
    finding("/order/lines/0/sku", "is not allowed here"),
    "/order/lines/0/sku",
    "Is not allowed here.",
  ],
  [
    "of everything, at the top",
    finding("", "matches none of the allowed forms"),
    "",
    "Matches none of the allowed forms.",
  ],
])("the server's words stand %s", (_title, one, pointer, words) => {
  expect(troublesIn(control, [one])).toMatchObject([{ pointer, words }])
})

test("a field nobody has been to is not called empty, until it was tried to start", () => {
  const troubles = troublesIn(control, [finding("/order", "`id` is missing"), finding("/free", "must be text")])
  const touched = new Set<string>()
  expect([...seenTroubles(troubles, { all: false, touched }).keys()]).toEqual(["/free"])
  expect([...seenTroubles(troubles, { all: true, touched }).keys()]).toEqual(["/order/id", "/free"])
  expect(seenTroubles(troubles, { all: false, touched: new Set(["/order/id"]) }).get("/order/id")).toBe(
    "It is missing.",
  )
})

test("two findings at one place are both said", () => {
  const two = troublesIn(control, [finding("/order/id", "must be text"), finding("/order/id", "is too long")])
  expect(seenTroubles(two, { all: false, touched: new Set() }).get("/order/id")).toBe("Must be text. Is too long.")
})
