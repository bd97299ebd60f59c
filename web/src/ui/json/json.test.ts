import { expect, test } from "vitest"
import { changesBetween } from "./json-changes.ts"
import { keysOf, pathOf, pointerOf } from "./json-path.ts"
import { jsonRows } from "./json-rows.ts"
import { searchJson } from "./json-search.ts"

const order = {
  id: "o-1",
  items: [
    { sku: "tea", price: 4 },
    { sku: "cup", price: 9 },
  ],
  note: null,
}
const all = () => true

test("a place in a value is written for people and for programs, whatever its name contains", () => {
  const keys = ["order", "items", 0, "a/b ~c"]
  expect(pathOf(keys)).toBe('order.items[0]["a/b ~c"]')
  expect(pointerOf(keys)).toBe("/order/items/0/a~1b ~0c")
  expect(keysOf(pointerOf(keys))).toEqual(["order", "items", "0", "a/b ~c"])
  expect(pathOf(["id"], "context")).toBe("context.id")
})

test("what is folded hides what is in it, and says how much that is", () => {
  const { rows } = jsonRows(order, (pointer) => pointer !== "/items")
  expect(rows.map((row) => [row.pointer, row.open, row.count])).toEqual([
    ["", true, 3],
    ["/id", false, 0],
    ["/items", false, 2],
    ["/note", false, 0],
  ])
})

test("a long text opens into lines that together are the text", () => {
  const text = `first\n${"x".repeat(250)}`
  const { rows } = jsonRows({ text }, all)
  const lines = rows.filter((row) => row.line !== undefined)
  expect(lines.map((row) => row.line!.length)).toEqual([5, 100, 100, 50])
  expect(new Set(lines.map((row) => row.pointer))).toEqual(new Set(["/text"]))
})

test("a value is shown however deep it is nested, and one that is too long as far as the bound, which is said", () => {
  let deep: unknown = 1
  for (let depth = 0; depth < 500; depth++) deep = [deep]
  const counted = (value: unknown) => [jsonRows(value, all).rows.length, jsonRows(value, all).cut]
  expect(counted(deep)).toEqual([501, false])
  expect(counted(Array.from({ length: 100_001 }, () => 0))).toEqual([100_000, true])
})

test("a search finds names and values in any case, and tells what must be opened to see them", () => {
  expect(searchJson(order, "TEA")).toEqual({
    hits: ["/items/0/sku"],
    above: new Set(["", "/items", "/items/0"]),
    more: false,
  })
  expect(searchJson(order, "price").hits).toEqual(["/items/0/price", "/items/1/price"])
  expect(searchJson(order, " ").hits).toEqual([])
})

test("a difference names each value that came, went or became another, and nothing that stayed", () => {
  const later = { id: "o-1", items: [{ sku: "tea", price: 5 }], note: null, paid: true }
  expect(changesBetween(order, later).changes).toEqual([
    { pointer: "/items/0/price", op: "changed", from: 4, to: 5 },
    { pointer: "/items/1", op: "removed", from: { sku: "cup", price: 9 } },
    { pointer: "/paid", op: "added", to: true },
  ])
  expect(changesBetween({ a: null }, { a: {} }).changes).toEqual([{ pointer: "/a", op: "changed", from: null, to: {} }])
})

test("a difference stops at its bound and says that there is more", () => {
  const many = Array.from({ length: 30 }, (_, at) => at)
  expect(changesBetween([], many, 20)).toMatchObject({ changes: { length: 20 }, truncated: true })
})
