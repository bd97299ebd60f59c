import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { hexSha256 } from "../../testing/builders/run-history.ts"
import { readCursor, writeCursor } from "./page-cursor.ts"

const mac = (text: string) => hexSha256(`key${text}`)
const place = fc.record({
  key: fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.integer()), { maxLength: 4 }),
  asOf: fc.nat(),
  now: fc.nat(),
  total: fc.option(fc.record({ value: fc.nat(), exact: fc.boolean() }), { nil: null }),
})

describe("a cursor", () => {
  it("brings back the place it was made of, in letters that need no escape in a URL", () => {
    fc.assert(
      fc.property(fc.string(), place, (question, value) => {
        const cursor = writeCursor(mac, question, value)
        expect(cursor).toMatch(/^[A-Za-z0-9_-]+\.[0-9a-f]+$/)
        expect(readCursor(mac, question, cursor)).toEqual(value)
      }),
    )
  })

  it("is refused for another question, with another key, and after any change of a letter", () => {
    fc.assert(
      fc.property(place, fc.nat(), fc.constantFrom("A", "z", "0", ".", "é"), (value, at, letter) => {
        const cursor = writeCursor(mac, "q", value)
        expect(readCursor(mac, "r", cursor)).toBeNull()
        expect(readCursor((text) => hexSha256(`other${text}`), "q", cursor)).toBeNull()
        const index = at % cursor.length
        if (cursor[index] === letter) return
        expect(readCursor(mac, "q", cursor.slice(0, index) + letter + cursor.slice(index + 1))).toBeNull()
      }),
    )
  })

  it("is refused when it is no cursor at all", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readCursor(mac, "q", text)).toBeNull()
      }),
    )
  })
})
