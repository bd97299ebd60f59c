/** R7's numbers from what was counted, by the formulas of settled 30. A share of nothing is null, never 0 or 1. */
import type { RunTally, StepTally } from "./rollup.ts"
import { countOf, quantile, type Sketch } from "./sketch.ts"
import { usd } from "./usd.ts"

export interface Durations {
  readonly count: number
  readonly meanMs: number | null
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
}

export interface RunMetrics {
  readonly runs: number
  readonly completed: number
  readonly failed: number
  readonly timedOut: number
  readonly cancelled: number
  /** completed / (completed + failed + timed out) */
  readonly successRate: number | null
  /** Completed with no retry, rejection or re-run, of the same runs. */
  readonly firstPassSuccessRate: number | null
  /** Per 100 finished runs. */
  readonly retriesPer100: number | null
  readonly duration: Durations
  readonly tokens: number
  readonly computeMs: number
  readonly costUsd: number
  readonly tokensPerRun: number | null
  readonly computeMsPerRun: number | null
  readonly costUsdPerRun: number | null
  readonly accuracy: { readonly count: number; readonly mean: number | null }
  readonly throughputDelta: { readonly count: number; readonly mean: number | null }
}

export interface StepMetrics {
  readonly steps: number
  readonly attempts: number
  readonly succeeded: number
  readonly failed: number
  readonly timedOut: number
  readonly cancelled: number
  readonly successRate: number | null
  readonly retries: number
  readonly retriesPer100: number | null
  readonly duration: Durations
  readonly queue: Durations
  readonly tokens: number
  readonly computeMs: number
  readonly costUsd: number
}

export function runMetrics({ sums, durations }: RunTally): RunMetrics {
  const { completed, failed, timedOut, cancelled, tokens, computeMs, costUsd } = sums
  const judged = completed + failed + timedOut
  const runs = judged + cancelled
  return {
    runs,
    completed,
    failed,
    timedOut,
    cancelled,
    successRate: share(completed, judged),
    firstPassSuccessRate: share(sums.firstPass, judged),
    retriesPer100: share(sums.retries * 100, runs),
    duration: durationsOf(durations, sums.durationSum),
    tokens,
    computeMs,
    costUsd: usd(costUsd),
    tokensPerRun: share(tokens, runs),
    computeMsPerRun: share(computeMs, runs),
    costUsdPerRun: share(costUsd, runs),
    accuracy: { count: sums.accuracyCount, mean: share(sums.accuracySum, sums.accuracyCount) },
    throughputDelta: { count: sums.throughputCount, mean: share(sums.throughputSum, sums.throughputCount) },
  }
}

export function stepMetrics({ sums, durations, queues }: StepTally): StepMetrics {
  const { steps, attempts, succeeded, failed, timedOut, cancelled, retries, tokens, computeMs, costUsd } = sums
  return {
    steps,
    attempts,
    succeeded,
    failed,
    timedOut,
    cancelled,
    successRate: share(succeeded, succeeded + failed + timedOut),
    retries,
    retriesPer100: share(retries * 100, steps),
    duration: durationsOf(durations, sums.durationSum),
    queue: durationsOf(queues, sums.queueSum),
    tokens,
    computeMs,
    costUsd: usd(costUsd),
  }
}

function durationsOf(sketch: Sketch, sum: number): Durations {
  const count = countOf(sketch)
  return {
    count,
    meanMs: share(sum, count),
    p50Ms: quantile(sketch, 0.5),
    p95Ms: quantile(sketch, 0.95),
    p99Ms: quantile(sketch, 0.99),
  }
}

function share(part: number, of: number): number | null {
  return of === 0 ? null : part / of
}
