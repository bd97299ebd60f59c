import { expect, test } from "vitest"
import { usd } from "./usd.ts"

test("a sum of costs is told without the noise of its fractions, and a small one keeps its worth", () => {
  expect(0.1 + 0.2).not.toBe(0.3)
  expect(usd(0.1 + 0.2)).toBe(0.3)
  expect(usd(0.015276000000000001)).toBe(0.015276)
  expect([usd(0), usd(0.000_000_15)]).toEqual([0, 0.000_000_15])
})
