import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { formatCsv, parseCsv, records } from "./csv.ts"

describe("CSV", () => {
  test("whatever is written is read back, with quotes, commas and line breaks in the fields", () => {
    const table = fc.integer({ min: 1, max: 5 }).chain((width) => {
      const row = fc.array(fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", " ", "é") }), {
        minLength: width,
        maxLength: width,
      })
      return fc.record({ columns: row, rows: fc.array(row, { maxLength: 5 }) })
    })
    fc.assert(
      fc.property(table, (given) => {
        expect(parseCsv(formatCsv(given))).toEqual(given)
      }),
    )
  })

  test("both line endings and a missing last line break are read alike", () => {
    const expected = { columns: ["a", "b"], rows: [["1", "x, y"]] }
    for (const text of ['a,b\n1,"x, y"\n', 'a,b\r\n1,"x, y"\r\n', 'a,b\n1,"x, y"'])
      expect(parseCsv(text)).toEqual(expected)
    expect(records(expected)).toEqual([{ a: "1", b: "x, y" }])
    expect(parseCsv("a,b\n1,").rows).toEqual([["1", ""]])
  })

  test.each([
    ["", "csv_empty"],
    ["a,b\n1\n", "csv_ragged"],
    ['a\n"1', "csv_open_quote"],
    ['a\n"1"2\n', "csv_after_quote"],
  ])("%j is refused as %s", (text, code) => {
    expect(() => parseCsv(text)).toThrow(expect.objectContaining({ class: "validation_failed", code }))
  })
})
