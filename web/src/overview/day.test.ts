import { describe, expect, test } from "vitest"
import { dayOf, percent } from "./day.ts"

const counts = (byStatus: object) => ({ total: { value: 12, exact: true }, byStatus })

describe("a day in one line", () => {
  test("the rate is of the runs that ended by themselves", () => {
    const day = dayOf(counts({ COMPLETED: 6, FAILED: 1, TIMED_OUT: 1, CANCELLED: 2, RUNNING: 2 }))
    expect(day).toEqual({ total: "12", completed: 6, failed: 2, successRate: 0.75 })
  })

  test("before anything has ended there is no rate", () => {
    expect(dayOf(counts({ RUNNING: 2, CANCELLED: 1 })).successRate).toBeNull()
  })

  test("what was not counted to its end says so", () => {
    expect(dayOf({ total: { value: 10_000, exact: false }, byStatus: {} }).total).toBe("10,000+")
  })

  test("a hundred percent is said only when nothing failed", () => {
    expect([1, 0.9996, 0.999, 0.95, 0, null].map(percent)).toEqual(["100 %", "99.9 %", "99.9 %", "95 %", "0 %", "–"])
  })
})
