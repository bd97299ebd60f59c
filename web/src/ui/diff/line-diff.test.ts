import fc from "fast-check"
import { expect, test } from "vitest"
import { hunksOf } from "./hunks.ts"
import { type DiffLine, diffLines } from "./line-diff.ts"

const text = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 14 }).map((lines) => lines.join("\n"))
const side = (lines: readonly DiffLine[], other: "added" | "removed") =>
  lines.filter((line) => line.kind !== other).map((line) => line.text)
const edits = (lines: readonly DiffLine[]) => lines.filter((line) => line.kind !== "same").length
const split = (all: string) => (all === "" ? [] : all.split("\n"))

/** The longest list of lines both have, by the plain table: what Myers must agree with. */
function shared(a: readonly string[], b: readonly string[]): number {
  const rows = a.reduce<number[]>(
    (above, line) => {
      const row = [0]
      b.forEach((other, at) => {
        row.push(line === other ? above[at]! + 1 : Math.max(above[at + 1]!, row[at]!))
      })
      return row
    },
    Array.from({ length: b.length + 1 }, () => 0),
  )
  return rows.at(-1)!
}

test("a difference holds both texts whole and is never longer than it must be", () => {
  fc.assert(
    fc.property(text, text, (from, to) => {
      const [a, b] = [split(from), split(to)]
      const lines = diffLines(from, to)
      expect(side(lines, "added")).toEqual(a)
      expect(side(lines, "removed")).toEqual(b)
      expect(edits(lines)).toBe(a.length + b.length - 2 * shared(a, b))
    }),
  )
})

test("beyond its bound a difference is one replaced block, and still holds both texts whole", () => {
  fc.assert(
    fc.property(text, text, (from, to) => {
      const lines = diffLines(from, to, 2)
      expect(side(lines, "added")).toEqual(split(from))
      expect(side(lines, "removed")).toEqual(split(to))
    }),
  )
})

test("each line says its number in the text it is from", () => {
  expect(diffLines("one\ntwo\nthree\n", "one\n2\nthree")).toEqual([
    { kind: "same", text: "one", before: 1, after: 1 },
    { kind: "removed", text: "two", before: 2 },
    { kind: "added", text: "2", after: 2 },
    { kind: "same", text: "three", before: 3, after: 3 },
  ])
})

test("what is the same far from every change is folded, a little of it is not", () => {
  const long = Array.from({ length: 30 }, (_, at) => `line ${at}`)
  const hunks = hunksOf(diffLines(long.join("\n"), [...long.slice(0, 10), "new", ...long.slice(10)].join("\n")))
  expect(hunks.map((hunk) => [hunk.kind, hunk.lines.length])).toEqual([
    ["folded", 7],
    ["shown", 7],
    ["folded", 17],
  ])
  expect(hunksOf(diffLines("same", "same"))).toEqual([{ kind: "shown", lines: [expect.anything()] }])
})
