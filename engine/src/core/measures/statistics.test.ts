/** Known values: from the papers that gave the methods, or counted by hand. */
import { expect, test } from "vitest"
import { Random } from "../random.ts"
import { compareTallies } from "./compare.ts"
import { countRun, emptyRunTally, type RunTally } from "./rollup.ts"
import { addValue, type Sketch } from "./sketch.ts"
import { meanDifference, medianRatio, quickerShare, shareDifference, wilson } from "./statistics.ts"

function sketchOf(values: readonly number[]): Sketch {
  const sketch: Sketch = new Map()
  for (const value of values) addValue(sketch, value)
  return sketch
}

test.each([
  // Newcombe 1998, table I, method 3.
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])("Wilson's interval of %i in %i is the published one", (hits, of, low, high) => {
  const interval = wilson(hits, of)
  expect(interval.low).toBeCloseTo(low, 4)
  expect(interval.high).toBeCloseTo(high, 4)
})

test.each([
  // Newcombe 1998 (differences), table II, method 10.
  [56, 70, 48, 80, 0.0524, 0.3339],
  [9, 10, 3, 10, 0.1705, 0.809],
  [10, 10, 0, 10, 0.6075, 1],
])("Newcombe's interval of %i/%i − %i/%i is the published one", (a, n, b, m, low, high) => {
  const difference = shareDifference({ hits: b, of: m }, { hits: a, of: n })
  expect(difference.low).toBeCloseTo(low, 4)
  expect(difference.high).toBeCloseTo(high, 4)
})

test("how likely the one is quicker is counted over all pairs, ties half", () => {
  // 3×3 pairs: after quicker in (1,2)(1,3)(1,4)(2,3)(2,4)(3,4) = 6, ties (2,2)(3,3) = 2, slower 1.
  expect(quickerShare(sketchOf([2, 3, 4]), sketchOf([1, 2, 3])).value).toBeCloseTo(7 / 9, 12)
  expect(quickerShare(sketchOf([5, 5, 5]), sketchOf([5, 5, 5])).value).toBe(0.5)
})

test("of groups from one source the interval of the quicker share misses one half in about one of twenty", () => {
  const random = new Random(5)
  const draw = () => sketchOf(Array.from({ length: 60 }, () => Math.floor(100 * Math.exp(3 * random.fraction()))))
  let missed = 0
  for (let i = 0; i < 1_000; i++) {
    const { low, high } = quickerShare(draw(), draw())
    if (low > 0.5 || high < 0.5) missed++
  }
  expect(missed).toBeGreaterThan(25)
  expect(missed).toBeLessThan(75)
})

test("an interval of a ratio of medians that needs no shape covers the truth at least as often as it says", () => {
  const random = new Random(6)
  const draw = (scale: number) =>
    sketchOf(Array.from({ length: 80 }, () => Math.floor(scale * Math.exp(2 * random.fraction()))))
  let missed = 0
  for (let i = 0; i < 1_000; i++) {
    const { low, high } = medianRatio(draw(200), draw(300))!
    if (low > 1.5 * 1.016 || high < 1.5 / 1.016) missed++
  }
  expect(missed).toBeLessThan(50)
})

test("a difference of means has the interval of Welch's two samples for large groups", () => {
  // 100 × {0, 2} and 100 × {1, 3}: variances 100/99 each, so the error is √(2·(100/99)/100).
  const half = (a: number, b: number) => ({ count: 100, sum: 50 * (a + b), squares: 50 * (a ** 2 + b ** 2) })
  const difference = meanDifference(half(0, 2), half(1, 3))
  expect(difference.value).toBe(1)
  expect(difference.high - 1).toBeCloseTo(1.959964 * Math.sqrt((2 * (100 / 99)) / 100), 6)
})

test("the same constant in both groups is no difference, however its sums were rounded", () => {
  const constant = (count: number) => {
    const moments = { count, sum: 0, squares: 0 }
    for (let i = 0; i < count; i++) {
      moments.sum += 0.1
      moments.squares += 0.1 ** 2
    }
    return moments
  }
  for (const [before, after] of [
    [30, 39],
    [30, 41],
    [100, 1_000],
  ] as const) {
    const { low, high } = meanDifference(constant(before), constant(after))
    expect([low <= 0, high >= 0]).toEqual([true, true])
  }
})

function tally(completed: number, failed: number, ms: (index: number) => number): RunTally {
  const made = emptyRunTally()
  const run = { retryCount: 0, hitl: null, rerunOf: null, tokens: 10, computeMs: 0, costUsd: 0, effectiveness: null }
  for (let i = 0; i < completed + failed; i++)
    countRun(made, { ...run, status: i < completed ? "COMPLETED" : "FAILED", durationMs: ms(i) })
  return made
}

const verdicts = (before: RunTally, after: RunTally) =>
  Object.fromEntries(compareTallies(before, after).map(({ measure, verdict, why }) => [measure, `${verdict} ${why}`]))

test("a version that fails less often and takes half the time is better in both, and says so", () => {
  const ms = (index: number) => 1_000 + (index % 10) * 50
  expect(
    verdicts(
      tally(150, 50, ms),
      tally(190, 10, (index) => ms(index) / 2),
    ),
  ).toMatchObject({
    successRate: "better interval",
    duration: "better interval",
    tokensPerRun: "inconclusive interval",
  })
})

test("a version that fails at once is not the quicker one: only what completed or ran out of time is compared", () => {
  const before = tally(100, 0, () => 1_000)
  const after = tally(100, 300, (index) => (index < 100 ? 1_000 : 5))
  const duration = compareTallies(before, after).find(({ measure }) => measure === "duration")
  expect(duration).toMatchObject({
    verdict: "inconclusive",
    why: "interval",
    before: { count: 100, value: expect.closeTo(1_000, -1) },
    after: { count: 100, value: expect.closeTo(1_000, -1) },
    effect: { value: 0.5 },
  })
  expect(
    verdicts(
      before,
      tally(0, 300, () => 5),
    ),
  ).toMatchObject({ duration: "inconclusive too_few" })
})

test("a small difference between small groups is inconclusive, and too few runs say nothing at all", () => {
  const ms = (index: number) => 1_000 + (index % 10) * 50
  expect(verdicts(tally(36, 4, ms), tally(38, 2, ms))).toMatchObject({
    successRate: "inconclusive interval",
    duration: "inconclusive interval",
  })
  expect(verdicts(tally(29, 0, ms), tally(200, 0, ms))).toMatchObject({
    successRate: "inconclusive too_few",
    duration: "inconclusive too_few",
    accuracy: "inconclusive too_few",
  })
})
