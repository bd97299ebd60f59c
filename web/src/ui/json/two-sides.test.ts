import { expect, test } from "vitest"
import { twoSides } from "./two-sides.ts"

test("short values are shown whole", () => {
  expect(twoSides("INV-1", "INV-2")).toEqual({ from: '"INV-1"', to: '"INV-2"' })
  const [from, to] = ["archive/cold/north/reports/last", "archive/cold/north/reports/first"]
  expect(twoSides(from, to)).toEqual({ from: `"${from}"`, to: `"${to}"` })
  expect(twoSides(false, 3)).toEqual({ from: "false", to: "3" })
})

test("of long texts that differ somewhere, the place where they differ is shown", () => {
  const address = (host: string) => `https://${"archive.".repeat(40)}${host}/${"reports/".repeat(40)}last`
  const { from, to } = twoSides(address("north"), address("south"))
  expect([from, to]).toEqual([expect.stringContaining("north"), expect.stringContaining("south")])
  expect(from.length).toBeLessThan(60)
  expect(from).toMatch(/^….*…$/)
})

test("what was added at the end of a long text is seen, and what is endless is cut", () => {
  const begin = "a ".repeat(200)
  expect(twoSides(begin, `${begin}and one more`).to).toContain("and one more")
  expect(twoSides("x".repeat(5_000), "y".repeat(5_000)).to.length).toBeLessThan(200)
})

test("what is alike before and behind is not counted twice", () => {
  const { from, to } = twoSides("x".repeat(70), "x".repeat(73))
  expect([from, to.length - from.length]).toEqual([`…${"x".repeat(12)}"`, 3])
})
