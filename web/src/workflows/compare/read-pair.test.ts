import { expect, test } from "vitest"
import { readPair } from "./read-pair.ts"

test("two versions stand in the address, older or newer first", () => {
  expect(readPair("3...5")).toEqual({ from: 3, to: 5 })
  expect(readPair("5...3")).toEqual({ from: 5, to: 3 })
  for (const text of ["3", "3..5", "a...b", "-1...2", ""]) expect(readPair(text)).toBe(null)
})
