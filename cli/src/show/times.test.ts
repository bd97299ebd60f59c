import { expect, test } from "vitest"
import { duration, elapsed, relative } from "./times.ts"

test("durations read in two units at most, and never as 60 of the smaller one", () => {
  const seconds = (count: number) => count * 1_000
  expect([0, 48.4, 999, 1_000, 3_240, 59_949].map(duration)).toEqual([
    "0 ms",
    "48 ms",
    "999 ms",
    "1.0 s",
    "3.2 s",
    "59.9 s",
  ])
  expect(
    [59_990, seconds(247), seconds(3_599.9), seconds(7_500), seconds(90_000), seconds(273_600)].map(duration),
  ).toEqual(["1 min 00 s", "4 min 07 s", "1 h 00 min", "2 h 05 min", "1 d 1 h", "3 d 4 h"])
})

test("a moment is told from now, and beyond a week by its date", () => {
  const now = Date.parse("2026-11-20T12:00:00Z")
  const told = (at: string) => relative(at, now)
  expect(told("2026-11-20T11:59:48Z")).toBe("12 s ago")
  expect(told("2026-11-20T12:00:00.300Z")).toBe("now")
  expect(told("2026-11-20T12:59:30Z")).toBe("in 59 min")
  expect(told("2026-11-18T11:00:00Z")).toBe("2 d ago")
  expect(told("2026-01-01T00:00:00Z")).toBe("2026-01-01")
})

test("the time of a run's news stands in one column", () => {
  const times = [0, 48, 12_300, 62_300, 600_000, 3_600_000 * 3 + 300_000].map(elapsed)
  expect(times.map((text) => text.trim())).toEqual(["0.000", "0.048", "12.300", "1:02.300", "10:00.000", "3 h 05 m"])
  expect(new Set(times.map((text) => text.length))).toEqual(new Set([9]))
})
