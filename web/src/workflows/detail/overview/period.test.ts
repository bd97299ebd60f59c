import { expect, test } from "vitest"
import { daysOf, periodOf } from "./period.ts"

test("a period that nobody can choose is the last month", () => {
  expect([daysOf(7), daysOf(undefined), daysOf(12)]).toEqual([7, 30, 30])
})

test("it begins on the minute, so that the same question is asked in the same words for a while", () => {
  const now = Date.parse("2026-11-21T10:00:59.123Z")
  expect(periodOf(1, now)).toBe("2026-11-20T10:00:00.000Z")
  expect(periodOf(1, now - 30_000)).toBe(periodOf(1, now))
})
