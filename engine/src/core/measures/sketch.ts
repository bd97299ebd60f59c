/**
 * How often which duration was seen: counts in buckets whose width grows with the value, so that any number of runs is a
 * few hundred counts and two sketches are added bucket by bucket. Whole numbers only and no logarithm: every machine
 * puts a value in the same bucket. A value told from it is off by at most `sketchError` of itself; below 128 by nothing.
 */

/** Bucket → how many. A negative count takes away what was counted before. */
export type Sketch = Map<number, number>

/** Of a value, as a fraction of it. */
export const sketchError = 1 / 128

/** Below it every whole number has its own bucket; above, each doubling has 64. */
const exactBelow = 128
const perDoubling = 64

export function bucketOf(value: number): number {
  let rest = Math.max(0, Math.round(value))
  let doublings = 0
  while (rest >= exactBelow) {
    rest = Math.floor(rest / 2)
    doublings += 1
  }
  return doublings * perDoubling + rest
}

/** The lowest value of a bucket, and how many whole numbers are in it. */
export function rangeOf(bucket: number): { readonly low: number; readonly width: number } {
  if (bucket < exactBelow) return { low: bucket, width: 1 }
  const doublings = Math.floor(bucket / perDoubling) - 1
  const width = 2 ** doublings
  return { low: (bucket - doublings * perDoubling) * width, width }
}

/** What stands for a bucket: its middle. */
export function middleOf(bucket: number): number {
  const { low, width } = rangeOf(bucket)
  return low + (width - 1) / 2
}

export function addValue(sketch: Sketch, value: number, times = 1): void {
  addCount(sketch, bucketOf(value), times)
}

export function addSketch(into: Sketch, other: Sketch, times = 1): void {
  for (const [bucket, count] of other) addCount(into, bucket, count * times)
}

function addCount(sketch: Sketch, bucket: number, count: number): void {
  const sum = (sketch.get(bucket) ?? 0) + count
  if (sum === 0) sketch.delete(bucket)
  else sketch.set(bucket, sum)
}

export function countOf(sketch: Sketch): number {
  let sum = 0
  for (const count of sketch.values()) sum += count
  return sum
}

/** Off by at most `sketchError` of itself; of nothing it is not a number. */
export function meanOf(sketch: Sketch): number {
  let sum = 0
  for (const [bucket, count] of sketch) sum += middleOf(bucket) * count
  return sum / countOf(sketch)
}

/** Buckets from the shortest on. */
export function inOrder(sketch: Sketch): readonly (readonly [bucket: number, count: number])[] {
  return [...sketch].sort(([a], [b]) => a - b)
}

/** @param rank from 1: the value that many are not above; null: there are fewer */
export function valueAtRank(sketch: Sketch, rank: number): number | null {
  let seen = 0
  for (const [bucket, count] of inOrder(sketch)) {
    seen += count
    if (seen >= rank) return middleOf(bucket)
  }
  return null
}

/** @param share 0–1: 0.95 is the p95, by nearest rank; null: nothing was counted */
export function quantile(sketch: Sketch, share: number): number | null {
  return valueAtRank(sketch, Math.max(1, Math.ceil(share * countOf(sketch))))
}

/** How many took longer; a value within `sketchError` of the limit may be on the other side. */
export function countAbove(sketch: Sketch, limit: number): number {
  let sum = 0
  for (const [bucket, count] of sketch) if (middleOf(bucket) > limit) sum += count
  return sum
}

/** `12:3 140:1`: short, the same for the same counts, and readable in the database; one behind another is their sum. */
export function encodeSketch(sketch: Sketch): string {
  return inOrder(sketch)
    .map(([bucket, count]) => `${bucket}:${count}`)
    .join(" ")
}

/** Sign by sign: a quarter's numbers are hundreds of thousands of buckets, and to cut each out of the text cost most of them. */
export function decodeSketch(text: string): Sketch {
  const sketch: Sketch = new Map()
  let bucket = 0
  let number = 0
  let isNegative = false
  const end = () => (isNegative ? -number : number)
  for (let at = 0; at <= text.length; at++) {
    const sign = at < text.length ? text.charCodeAt(at) : space
    if (sign === colon) {
      bucket = number
      number = 0
    } else if (sign === space) {
      if (number !== 0) addCount(sketch, bucket, end())
      number = 0
      isNegative = false
    } else if (sign === minus) isNegative = true
    else number = number * 10 + sign - zero
  }
  return sketch
}

const [space, minus, zero, colon] = [0x20, 0x2d, 0x30, 0x3a]
