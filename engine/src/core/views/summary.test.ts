import { describe, expect, it } from "vitest"
import type { Json } from "../json.ts"
import { summaryOf } from "./summary.ts"

const bytes = (value: Json) => Buffer.byteLength(JSON.stringify(value))

describe("a summary of a value", () => {
  it("is the value itself where that is small", () => {
    const value = { file: "invoice_98421.pdf", pages: 2, ok: true, none: null, lines: [1, { sku: "A" }] }
    expect(summaryOf(value)).toEqual(value)
  })

  it("cuts strings at 200 characters, arrays at 10, and what lies deeper than four levels, each with a mark", () => {
    const cut = summaryOf({
      text: "x".repeat(201),
      just: "y".repeat(200),
      list: Array.from({ length: 11 }, (_, index) => index),
      deep: { second: { third: { fourth: 1, fifth: {} } } },
    })
    expect(cut).toEqual({
      text: `${"x".repeat(200)}…`,
      just: "y".repeat(200),
      list: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, "…"],
      deep: { second: { third: { fourth: 1, fifth: "…" } } },
    })
  })

  it("has at most 4 KiB in all, however the value is built", () => {
    const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`key ${index}`, "ä".repeat(150)]))
    const nested = { a: { b: Array.from({ length: 10 }, () => wide) } }
    const keys = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`${index}${"k".repeat(5_000)}`, {}]))
    for (const value of [wide, nested, keys, { list: [wide, wide, "😀".repeat(400)] }]) {
      const cut = summaryOf(value)
      expect(bytes(cut)).toBeLessThanOrEqual(4_096)
      expect(bytes(cut)).toBeGreaterThan(2_000)
      expect(JSON.stringify(cut)).toContain("…")
    }
  })

  it("never cuts a character in half, and takes a key for what it is", () => {
    const cut = summaryOf({ text: `${"x".repeat(199)}😀`, ...(JSON.parse('{"__proto__": {"a": 1}}') as object) })
    expect(cut.text).toBe(`${"x".repeat(199)}…`)
    expect(JSON.stringify(cut)).toContain('"__proto__":{"a":1}')
  })

  it("is an object, also of a value that is none", () => {
    expect(summaryOf("done")).toEqual({ value: "done" })
    expect(summaryOf([1, 2])).toEqual({ value: [1, 2] })
    expect(summaryOf(null)).toEqual({ value: null })
  })
})
