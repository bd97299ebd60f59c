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

const runOf = { retryCount: 0, hitl: null, rerunOf: null, tokens: 0, computeMs: 0, costUsd: 0, effectiveness: null }

test("thirty runs on each side are enough, of what a measure is about, and twenty-nine on either are not", () => {
  const group = (finished: number, cancelled = 0) => {
    const made = emptyRunTally()
    for (let i = 0; i < finished + cancelled; i++)
      countRun(made, { ...runOf, status: i < finished ? "COMPLETED" : "CANCELLED", durationMs: 100, tokens: 5 })
    return made
  }
  const few = (before: RunTally, after: RunTally) =>
    compareTallies(before, after).flatMap(({ measure, why }) => (why === "too_few" ? [measure] : []))
  expect(few(group(30), group(30))).toEqual(["accuracy"])
  const all = ["successRate", "firstPassSuccessRate", "duration", "tokensPerRun", "costUsdPerRun", "accuracy"]
  expect(few(group(29), group(300))).toEqual(all)
  expect(few(group(300), group(29))).toEqual(all)
  // Cancelled runs used tokens, and say nothing of success.
  expect(few(group(29, 1), group(30))).toEqual(["successRate", "firstPassSuccessRate", "duration", "accuracy"])
})

test("fewer tokens and less money are better, more accuracy and more first passes are, and the effect says by how much", () => {
  const group = (tokens: number, accuracy: number, retries: number) => {
    const made = emptyRunTally()
    for (let i = 0; i < 100; i++) {
      const effectiveness = JSON.stringify({ accuracy: accuracy + (i % 2) / 100 })
      const own = { tokens: tokens + (i % 3), costUsd: (tokens + (i % 3)) / 10, retryCount: i < retries ? 1 : 0 }
      countRun(made, { ...runOf, ...own, status: "COMPLETED", durationMs: 100, effectiveness })
    }
    return made
  }
  const told = compareTallies(group(20, 0.5, 60), group(10, 0.75, 5))
  expect(Object.fromEntries(told.map(({ measure, verdict }) => [measure, verdict]))).toEqual({
    successRate: "inconclusive",
    firstPassSuccessRate: "better",
    duration: "inconclusive",
    tokensPerRun: "better",
    costUsdPerRun: "better",
    accuracy: "better",
  })
  const effect = (measure: string) => told.find((one) => one.measure === measure)!.effect!.value
  expect(effect("firstPassSuccessRate")).toBeCloseTo(0.55, 12)
  expect(effect("tokensPerRun")).toBeCloseTo(-10, 12)
  expect(effect("costUsdPerRun")).toBeCloseTo(-1, 12)
  expect(effect("accuracy")).toBeCloseTo(0.25, 12)
  const back = compareTallies(group(10, 0.75, 5), group(20, 0.5, 60))
  expect(back.filter(({ verdict }) => verdict === "worse").map(({ measure }) => measure)).toEqual([
    "firstPassSuccessRate",
    "tokensPerRun",
    "costUsdPerRun",
    "accuracy",
  ])
})

test("an interval that only touches no difference says nothing", () => {
  const all = (status: "COMPLETED" | "FAILED") => {
    const made = emptyRunTally()
    for (let i = 0; i < 40; i++) countRun(made, { ...runOf, status, durationMs: 0 })
    return made
  }
  // Without any spread both ends are the difference itself: 0.
  const tokens = compareTallies(all("COMPLETED"), all("COMPLETED")).find(({ measure }) => measure === "tokensPerRun")!
  expect(tokens).toMatchObject({ verdict: "inconclusive", effect: { value: 0, low: 0, high: 0 } })
})

test("the ratio of medians is the one after over the one before", () => {
  const slow = sketchOf(Array.from({ length: 99 }, (_, index) => 60 + (index % 11)))
  const quick = sketchOf(Array.from({ length: 99 }, (_, index) => 30 + (index % 11)))
  expect(medianRatio(slow, quick)!.value).toBeCloseTo(35 / 65, 12)
  expect(medianRatio(slow, quick)!.low).toBeLessThan(35 / 65)
  expect(medianRatio(slow, quick)!.high).toBeGreaterThan(35 / 65)
})
