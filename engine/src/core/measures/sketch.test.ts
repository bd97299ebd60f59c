import { expect, test } from "vitest"
import { Random } from "../random.ts"
import {
  addSketch,
  addValue,
  bucketOf,
  countAbove,
  decodeSketch,
  encodeSketch,
  middleOf,
  quantile,
  rangeOf,
  type Sketch,
  sketchError,
} from "./sketch.ts"

function sketchOf(values: readonly number[]): Sketch {
  const sketch: Sketch = new Map()
  for (const value of values) addValue(sketch, value)
  return sketch
}

/** From a millisecond to some weeks, as durations are: few long ones. */
function durations(random: Random, count: number): readonly number[] {
  return Array.from({ length: count }, () => Math.floor(2 ** (random.fraction() * 31)))
}

test("every whole number lies in the range of its bucket, and ranges follow each other without a gap", () => {
  for (let bucket = 0; bucket < 3_000; bucket++) {
    const { low, width } = rangeOf(bucket)
    expect([bucketOf(low), bucketOf(low + width - 1)]).toEqual([bucket, bucket])
    expect(rangeOf(bucket + 1).low).toBe(low + width)
  }
})

test("what a bucket tells is within the stated error of every value in it, and exact below 128 ms", () => {
  for (const value of durations(new Random(7), 20_000)) {
    const told = middleOf(bucketOf(value))
    if (value < 128) expect(told).toBe(value)
    else expect(Math.abs(told - value) / value).toBeLessThanOrEqual(sketchError)
  }
})

test("the p50, p95 and p99 of ten thousand durations are within the stated error of the sorted list's", () => {
  const values = durations(new Random(11), 10_000)
  const sorted = [...values].sort((a, b) => a - b)
  const sketch = sketchOf(values)
  for (const share of [0.5, 0.95, 0.99]) {
    const exact = sorted[Math.ceil(share * sorted.length) - 1]!
    expect(Math.abs(quantile(sketch, share)! - exact) / Math.max(1, exact)).toBeLessThanOrEqual(sketchError)
  }
})

test("sketches made apart and added are the sketch of all, and adding can be taken back", () => {
  const random = new Random(13)
  const [left, right] = [durations(random, 500), durations(random, 700)]
  const both = sketchOf(left)
  addSketch(both, sketchOf(right))
  expect(encodeSketch(both)).toBe(encodeSketch(sketchOf([...left, ...right])))
  addSketch(both, sketchOf(right), -1)
  expect(encodeSketch(both)).toBe(encodeSketch(sketchOf(left)))
  expect(decodeSketch(encodeSketch(both))).toEqual(both)
})

test("of nothing there is no percentile; a limit that nothing reaches has nothing above it", () => {
  expect(quantile(new Map(), 0.95)).toBeNull()
  expect(decodeSketch("3:1 9:2 3:4")).toEqual(
    new Map([
      [3, 5],
      [9, 2],
    ]),
  )
  expect(decodeSketch("")).toEqual(new Map())
  expect(countAbove(sketchOf([10, 20, 30]), 30)).toBe(0)
  expect(countAbove(sketchOf([10, 20, 30]), 15)).toBe(2)
})
