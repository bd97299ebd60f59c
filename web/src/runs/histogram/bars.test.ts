import { expect, test } from "vitest"
import { barsOf, barWords, STACK_MIN, spanOf } from "./bars.ts"

const at = (minute: number) => `2026-11-21T10:${String(minute).padStart(2, "0")}:00.000Z`
const bars = barsOf({
  from: at(0),
  to: at(25),
  bucketMs: 600_000,
  exact: true,
  buckets: [
    { at: at(0), byStatus: { COMPLETED: 1_000, FAILED: 1 } },
    { at: at(10), byStatus: {} },
    { at: at(20), byStatus: { TIMED_OUT: 2, WAITING_APPROVAL: 3 } },
  ],
})

test("the highest bar fills the height, and one failure among a thousand runs is seen", () => {
  const [first] = bars
  expect(first!.stacks.map(({ label }) => label)).toEqual(["Failed", "Completed"])
  expect(first!.stacks[0]!.to).toBeGreaterThan(STACK_MIN * 0.9)
  expect(first!.stacks[1]!.to).toBeCloseTo(1)
  for (const { stacks } of bars) {
    for (const [index, { from }] of stacks.entries()) expect(from).toBe(stacks[index - 1]?.to ?? 0)
  }
})

test("each bar says how many of what there are", () => {
  expect(bars.map(barWords)).toEqual(["1 failed, 1,000 completed", "no runs", "2 failed, 3 waiting"])
})

test("what is drawn over becomes a time range, from either side; the last bar ends with the window", () => {
  expect(spanOf(bars, 2, 1)).toEqual({ from: at(10), to: at(25) })
  expect(spanOf(bars, 0, 0)).toEqual({ from: at(0), to: at(10) })
  expect(spanOf(bars, -4, 99)).toEqual({ from: at(0), to: at(25) })
})
