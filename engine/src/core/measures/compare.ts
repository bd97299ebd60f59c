/**
 * Before and after: two groups of finished runs, by what they are judged by. A measure says `better`, `worse` or
 * `inconclusive`: that the interval of 95 % lies on one side of "no difference", or that it does not, or that there are
 * too few runs to say. It never says "the same".
 */
import { judgedDurations, type RunTally } from "./rollup.ts"
import { countOf, meanOf } from "./sketch.ts"
import { type Estimate, meanDifference, medianRatio, quickerShare, type Share, shareDifference } from "./statistics.ts"

export type Verdict = "better" | "worse" | "inconclusive"

export interface Compared {
  readonly measure: "successRate" | "firstPassSuccessRate" | "duration" | "tokensPerRun" | "costUsdPerRun" | "accuracy"
  readonly verdict: Verdict
  readonly why: "interval" | "too_few" | "cut_off"
  readonly before: { readonly count: number; readonly value: number | null }
  readonly after: { readonly count: number; readonly value: number | null }
  /** What `effect` is: a difference of shares or means, or how likely a run after is quicker than one before. */
  readonly effectKind: "difference" | "quicker_share"
  readonly effect: Estimate | null
  /** Of durations also: the median after over the median before. */
  readonly ratio: Estimate | null
}

/** Fewer finished runs on a side say nothing. */
export const leastRuns = 30

export function compareTallies(before: RunTally, after: RunTally, least = leastRuns): readonly Compared[] {
  const [a, b] = [before.sums, after.sums]
  const judged = (sums: RunTally["sums"]) => sums.completed + sums.failed + sums.timedOut
  const runs = (sums: RunTally["sums"]) => judged(sums) + sums.cancelled
  const shares = (hits: "completed" | "firstPass"): [Share, Share] => [
    { hits: a[hits], of: judged(a) },
    { hits: b[hits], of: judged(b) },
  ]
  const moments = (sum: "tokens" | "costUsd" | "accuracySum", squares: keyof RunTally["sums"], count = runs) =>
    [
      { count: count(a), sum: a[sum], squares: a[squares] },
      { count: count(b), sum: b[sum], squares: b[squares] },
    ] as const
  return [
    compareShares("successRate", ...shares("completed"), least),
    compareShares("firstPassSuccessRate", ...shares("firstPass"), least),
    compareDurations(before, after, least),
    compareMeans("tokensPerRun", ...moments("tokens", "tokenSquares"), -1, least),
    compareMeans("costUsdPerRun", ...moments("costUsd", "costSquares"), -1, least),
    compareMeans("accuracy", ...moments("accuracySum", "accuracySquares", (sums) => sums.accuracyCount), 1, least),
  ]
}

function compareShares(measure: Compared["measure"], before: Share, after: Share, least: number): Compared {
  const told = sides(before.of, before.hits / before.of, after.of, after.hits / after.of)
  if (before.of < least || after.of < least) return tooFew(measure, "difference", told)
  const effect = shareDifference(before, after)
  return { measure, ...told, ...judge(effect, 0, 1), effectKind: "difference", effect, ratio: null }
}

interface Moments {
  readonly count: number
  readonly sum: number
  readonly squares: number
}

/** @param good 1: more is better, −1: less is */
function compareMeans(
  measure: Compared["measure"],
  before: Moments,
  after: Moments,
  good: 1 | -1,
  least: number,
): Compared {
  const told = sides(before.count, before.sum / before.count, after.count, after.sum / after.count)
  if (before.count < least || after.count < least) return tooFew(measure, "difference", told)
  const effect = meanDifference(before, after)
  return { measure, ...told, ...judge(effect, 0, good), effectKind: "difference", effect, ratio: null }
}

/** Of runs that completed or ran out of time: a version that fails at once is not the quicker one. */
function compareDurations(before: RunTally, after: RunTally, least: number): Compared {
  const [old, now] = [judgedDurations(before), judgedDurations(after)]
  const [n, m] = [countOf(old), countOf(now)]
  const told = sides(n, meanOf(old), m, meanOf(now))
  if (n < least || m < least) return tooFew("duration", "quicker_share", told)
  const effect = quickerShare(old, now)
  const ratio = medianRatio(old, now)
  return { measure: "duration", ...told, ...judge(effect, 0.5, 1), effectKind: "quicker_share", effect, ratio }
}

function judge({ low, high }: Estimate, none: number, good: 1 | -1): { verdict: Verdict; why: "interval" } {
  const direction = low > none ? 1 : high < none ? -1 : 0
  return { verdict: direction === 0 ? "inconclusive" : direction === good ? "better" : "worse", why: "interval" }
}

function sides(n: number, old: number, m: number, now: number) {
  return { before: { count: n, value: n === 0 ? null : old }, after: { count: m, value: m === 0 ? null : now } }
}

function tooFew(
  measure: Compared["measure"],
  effectKind: Compared["effectKind"],
  told: Pick<Compared, "before" | "after">,
): Compared {
  return { measure, ...told, verdict: "inconclusive", why: "too_few", effectKind, effect: null, ratio: null }
}
