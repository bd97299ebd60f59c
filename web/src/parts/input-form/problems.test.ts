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
const gone = (pointer: string) =>
  finding(pointer, `\`${pointer.split("/").at(-1)}\` is missing`, { code: "missing_field" })

test.each<[title: string, finding: Finding, pointer: string, words: string]>([
  ["at its own field", finding("/order/id", "must be text, is 3"), "/order/id", "Must be text, is 3."],
  ["what is missing, told of its own place", gone("/order/id"), "/order/id", "It is missing."],
  ["what nobody can fill in, at what is above it", gone("/order/x"), "/order", "x: `x` is missing."],
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
  const troubles = troublesIn(control, [gone("/order/id"), finding("/free", "must be text")])
  const touched = new Set<string>()
  expect([...seenTroubles(troubles, { all: false, touched }).keys()]).toEqual(["/free"])
  expect([...seenTroubles(troubles, { all: true, touched }).keys()]).toEqual(["/order/id", "/free"])
  expect(seenTroubles(troubles, { all: false, touched: new Set(["/order/id"]) }).get("/order/id")).toBe(
    "It is missing.",
  )
})

test("what was filled in since the server looked is not called missing", () => {
  const filled = controlOf(readField(schema, { schema, shared: {} }), { order: { id: "S" } })
  expect(troublesIn(filled, [gone("/order/id"), gone("/free")])).toMatchObject([{ pointer: "/free", missing: true }])
})

test("two findings at one place are both said", () => {
  const two = troublesIn(control, [finding("/order/id", "must be text"), finding("/order/id", "is too long")])
  expect(seenTroubles(two, { all: false, touched: new Set() }).get("/order/id")).toBe("Must be text. Is too long.")
})

test("they come in the order of the form, whatever the order of the server", () => {
  const troubles = troublesIn(control, [finding("/free", "b"), finding("/order/id", "a")])
  expect(troubles.map(({ pointer }) => pointer)).toEqual(["/order/id", "/free"])
})

test("once a form is chosen, what keeps the value from the others is not said", () => {
  const pay: JsonObject = {
    oneOf: [
      { title: "Card", properties: { by: { const: "card" }, last4: {} }, required: ["by", "last4"] },
      { title: "Invoice", properties: { by: { const: "invoice" }, days: {} }, required: ["by", "days"] },
    ],
  }
  const chosen = controlOf(readField({ properties: { pay } }, { schema: {}, shared: {} }), { pay: { by: "card" } })
  const said = [
    gone("/pay/last4"),
    gone("/pay/days"),
    finding("/pay/by", 'must be "invoice"'),
    finding("/pay", "matches none of the allowed forms"),
  ]
  expect(troublesIn(chosen, said).map(({ pointer }) => pointer)).toEqual(["/pay/last4"])
  // What is all there is to say is said.
  expect(troublesIn(chosen, said.slice(3))).toMatchObject([{ pointer: "/pay" }])
  expect(troublesIn(chosen, said.slice(2, 3))).toMatchObject([{ pointer: "/pay/by" }])
})
