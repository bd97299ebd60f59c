import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Json } from "../json.ts"
import { jsonChanges } from "./json-changes.ts"

const changes = (from: Json, to: Json) => jsonChanges(from, to, 100).changes

describe("what changed between two values", () => {
  test("added, removed and changed fields are named by their pointer", () => {
    expect(changes({ a: 1, b: { c: 2, gone: true } }, { a: 1, b: { c: 3 }, "x/y": null })).toEqual([
      { pointer: "/b/c", op: "changed", from: 2, to: 3 },
      { pointer: "/b/gone", op: "removed", from: true },
      { pointer: "/x~1y", op: "added", to: null },
    ])
  })

  test("a state that is put between others is one change, not a change of all behind it", () => {
    const a = { name: "a", next: "b" }
    const b = { name: "b", end: true }
    expect(changes([a, b], [{ ...a, next: "new" }, { name: "new" }, b])).toEqual([
      { pointer: "/0/next", op: "changed", from: "b", to: "new" },
      { pointer: "/1", op: "added", to: { name: "new" } },
    ])
  })

  test("states in another order are a change, for the first of them is where a run starts", () => {
    expect(changes([{ name: "a" }, { name: "b" }], [{ name: "b" }, { name: "a" }])).toHaveLength(2)
  })

  test("items without names of their own are compared by place", () => {
    expect(changes([1, 2], [1, 3, 4])).toEqual([
      { pointer: "/1", op: "changed", from: 2, to: 3 },
      { pointer: "/2", op: "added", to: 4 },
    ])
    expect(changes([{ name: "x" }, { name: "x" }], [{ name: "x" }])).toEqual([
      { pointer: "/1", op: "removed", from: { name: "x" } },
    ])
  })

  test("the number of changes is bounded, and the bound shows", () => {
    const from = Array.from({ length: 50 }, () => 0)
    const to = Array.from({ length: 50 }, () => 1)
    expect(jsonChanges(from, to, 10)).toMatchObject({ truncated: true, changes: { length: 10 } })
    expect(jsonChanges(from, to, 50).truncated).toBe(false)
  })

  test("there are no changes exactly when both values are equal", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const from = JSON.parse(JSON.stringify(a)) as Json
        const to = JSON.parse(JSON.stringify(b)) as Json
        expect(changes(from, from)).toEqual([])
        const same = changes(from, to).length === 0
        expect(same).toBe(sorted(from) === sorted(to))
      }),
    )
  })
})

function sorted(value: Json): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
