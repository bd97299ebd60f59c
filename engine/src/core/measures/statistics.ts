/**
 * Whether two groups of runs differ, and by how much: intervals of 95 % for a difference of shares, of means, and for
 * durations, of which only sketches are kept. No test that wants a bell curve is asked of durations, which have none.
 */
import { countOf, inOrder, quantile, type Sketch, valueAtRank } from "./sketch.ts"

/** Two-sided 95 %. */
export const z95 = 1.959963984540054

export interface Interval {
  readonly low: number
  readonly high: number
}

/** Of a share, by Wilson's score (1927): holds for few runs and for shares near 0 and 1. */
export function wilson(hits: number, of: number, z = z95): Interval {
  const share = hits / of
  const middle = share + z ** 2 / (2 * of)
  const reach = z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2))
  const whole = 1 + z ** 2 / of
  return { low: Math.max(0, (middle - reach) / whole), high: Math.min(1, (middle + reach) / whole) }
}

export interface Share {
  readonly hits: number
  readonly of: number
}

export interface Estimate extends Interval {
  readonly value: number
}

/** `after` − `before` as shares, by Newcombe's method 10 (1998), from the two Wilson intervals. */
export function shareDifference(before: Share, after: Share): Estimate {
  const [p1, p2] = [after.hits / after.of, before.hits / before.of]
  const [a, b] = [wilson(after.hits, after.of), wilson(before.hits, before.of)]
  const value = p1 - p2
  return {
    value,
    low: value - Math.sqrt((p1 - a.low) ** 2 + (b.high - p2) ** 2),
    high: value + Math.sqrt((a.high - p1) ** 2 + (p2 - b.low) ** 2),
  }
}

export interface Moments {
  readonly count: number
  readonly sum: number
  readonly squares: number
}

/** Of what sums of doubles keep: a difference below it is how numbers are rounded, not what was measured. */
const rounding = 1e-9

/** `after` − `before` as means, variances not taken to be equal; for groups large enough that means are nearly normal. */
export function meanDifference(before: Moments, after: Moments): Estimate {
  const [old, now] = [before.sum / before.count, after.sum / after.count]
  const value = now - old
  const sampling = z95 * Math.sqrt(errorOf(before) + errorOf(after))
  const reach = sampling + rounding * Math.max(Math.abs(old), Math.abs(now))
  return { value, low: value - reach, high: value + reach }
}

/** The squared standard error of a mean. */
function errorOf({ count, sum, squares }: Moments): number {
  if (count < 2) return Number.POSITIVE_INFINITY
  return Math.max(0, (squares - sum ** 2 / count) / (count - 1)) / count
}

/**
 * How likely a run of `after` is quicker than one of `before`, ties counting half: 0.5 is no difference. The interval is
 * DeLong's (1988), from the variance of each run's placement among the others, on the logit scale so that it stays
 * within 0 and 1. Values that share a bucket are ties.
 */
export function quickerShare(before: Sketch, after: Sketch): Estimate {
  const [n, m] = [countOf(before), countOf(after)]
  const ofAfter = placements(after, before, (lower, tied) => 1 - (lower + tied / 2) / n)
  const ofBefore = placements(before, after, (lower, tied) => (lower + tied / 2) / m)
  const value = ofAfter.mean
  const error = Math.sqrt(ofAfter.variance / m + ofBefore.variance / n)
  return withinLogit(value, error, n * m)
}

/** Mean and variance of a value of each element of `of`, told from how many of `among` are lower and equal. */
function placements(of: Sketch, among: Sketch, value: (lower: number, tied: number) => number) {
  const others = inOrder(among)
  let next = 0
  let lower = 0
  let count = 0
  let sum = 0
  let squares = 0
  for (const [bucket, times] of inOrder(of)) {
    while (next < others.length && others[next]![0] < bucket) lower += others[next++]![1]
    const one = value(lower, next < others.length && others[next]![0] === bucket ? others[next]![1] : 0)
    count += times
    sum += one * times
    squares += one ** 2 * times
  }
  const mean = sum / count
  return {
    mean,
    variance: count < 2 ? Number.POSITIVE_INFINITY : Math.max(0, squares - count * mean ** 2) / (count - 1),
  }
}

/** At the very edge, where no pair disagrees, half a pair is lent to the other side. */
function withinLogit(value: number, error: number, pairs: number): Estimate {
  const inside = Math.min(1 - 0.5 / pairs, Math.max(0.5 / pairs, value))
  const spread = Math.max(error, Math.sqrt((inside * (1 - inside)) / pairs))
  const reach = (z95 * spread) / (inside * (1 - inside))
  const logit = Math.log(inside / (1 - inside))
  const back = (x: number) => 1 / (1 + Math.exp(-x))
  return { value, low: back(logit - reach), high: back(logit + reach) }
}

/** Of both medians at once at least 95 %: 97.5 % for each. */
const z975 = 2.2414027276049473

/**
 * The median of `after` over that of `before`. The interval takes the far ends of two intervals from order statistics, so
 * that it needs no shape of the distribution; it is wider than it would have to be, never narrower.
 */
export function medianRatio(before: Sketch, after: Sketch): Estimate | null {
  const [old, now] = [quantile(before, 0.5), quantile(after, 0.5)]
  const [a, b] = [medianInterval(before), medianInterval(after)]
  if (old === null || now === null || a === null || b === null || a.low === 0) return null
  return { value: now / old, low: b.low / a.high, high: b.high / a.low }
}

function medianInterval(sketch: Sketch): Interval | null {
  const count = countOf(sketch)
  const reach = (z975 * Math.sqrt(count)) / 2
  const low = valueAtRank(sketch, Math.max(1, Math.floor(count / 2 - reach)))
  const high = valueAtRank(sketch, Math.min(count, Math.ceil(count / 2 + 1 + reach)))
  return low === null || high === null ? null : { low, high }
}
