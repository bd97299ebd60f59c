/** The formulas of settled 30, by numbers that were counted by hand. */
import { expect, test } from "vitest"
import { runMetrics, stepMetrics } from "./metrics.ts"
import {
  addRunTally,
  type CountedRun,
  type CountedStep,
  countRun,
  countStep,
  emptyRunTally,
  emptyStepTally,
  judgedDurations,
} from "./rollup.ts"
import { encodeSketch } from "./sketch.ts"

const plain: CountedRun = {
  status: "COMPLETED",
  retryCount: 0,
  hitl: null,
  rerunOf: null,
  tokens: 0,
  computeMs: 0,
  costUsd: 0,
  effectiveness: null,
  durationMs: null,
}

function tallyOf(runs: readonly Partial<CountedRun>[]) {
  const tally = emptyRunTally()
  for (const run of runs) countRun(tally, { ...plain, ...run })
  return tally
}

const ended = [
  { durationMs: 10, tokens: 3, computeMs: 70, costUsd: 0.5, effectiveness: '{"accuracy":0.25}' },
  { durationMs: 20, tokens: 4, computeMs: 30, costUsd: 1.5, effectiveness: '{"accuracy":0.5,"throughputDelta":3}' },
  { durationMs: 30, retryCount: 3, effectiveness: '{"accuracy":0.75}' },
  { durationMs: 40, hitl: "rejected" },
  { durationMs: 45, hitl: "approved" },
  { durationMs: 50, rerunOf: "run_0" },
  { durationMs: 60, status: "FAILED", retryCount: 2 },
  { durationMs: 100, status: "TIMED_OUT", effectiveness: '{"throughputDelta":1}' },
  { durationMs: 5, status: "CANCELLED", tokens: 5, retryCount: 2 },
  { durationMs: null, status: "CANCELLED" },
] as const satisfies readonly Partial<CountedRun>[]

test("rates are of what is judged: completed, failed and timed out; what was cancelled is only in the counts", () => {
  expect(runMetrics(tallyOf(ended))).toMatchObject({
    runs: 10,
    completed: 6,
    failed: 1,
    timedOut: 1,
    cancelled: 2,
    successRate: 6 / 8,
  })
})

test("the first pass is of those that completed with no retry, no rejection and as no re-run", () => {
  // The first two and the approved one, of eight that are judged.
  expect(runMetrics(tallyOf(ended)).firstPassSuccessRate).toBe(3 / 8)
  for (const not of [
    { retryCount: 1 },
    { hitl: "rejected" as const },
    { rerunOf: "run_0" },
    { status: "FAILED" as const },
  ])
    expect(runMetrics(tallyOf([{}, not])).firstPassSuccessRate).toBe(1 / 2)
})

test("retries are told of a hundred runs that ended, tokens, time and money of one", () => {
  expect(runMetrics(tallyOf(ended))).toMatchObject({
    retriesPer100: 70,
    tokens: 12,
    tokensPerRun: 1.2,
    computeMs: 100,
    computeMsPerRun: 10,
    costUsd: 2,
    costUsdPerRun: 0.2,
    accuracy: { count: 3, mean: 0.5 },
    throughputDelta: { count: 2, mean: 2 },
  })
})

test("p50, p95 and p99 are by nearest rank, of those that have a duration", () => {
  expect(runMetrics(tallyOf(ended)).duration).toEqual({ count: 9, meanMs: 40, p50Ms: 40, p95Ms: 100, p99Ms: 100 })
  const hundred = Array.from({ length: 100 }, (_, index) => ({ durationMs: index + 1 }))
  expect(runMetrics(tallyOf(hundred)).duration).toEqual({ count: 100, meanMs: 50.5, p50Ms: 50, p95Ms: 95, p99Ms: 99 })
  const odd = Array.from({ length: 21 }, (_, index) => ({ durationMs: index + 1 }))
  expect(runMetrics(tallyOf(odd)).duration).toMatchObject({ p50Ms: 11, p95Ms: 20, p99Ms: 21 })
})

test("a duration is judged of what completed or ran out of time, and of nothing else", () => {
  expect(encodeSketch(judgedDurations(tallyOf(ended)))).toBe("10:1 20:1 30:1 40:1 45:1 50:1 100:1")
})

test("a run that failed, counted without it, is none that completed once it is taken out", () => {
  const failed = tallyOf([{ status: "FAILED", durationMs: 30 }])
  const before = { ...tallyOf([{ status: "FAILED", durationMs: 30 }, { durationMs: 50 }]), cutShort: new Map() }
  addRunTally(before, failed, -1)
  expect(encodeSketch(judgedDurations(before))).toBe("50:1")
})

test("a share or a mean of nothing is not there, and never 0 or 1", () => {
  const none = runMetrics(emptyRunTally())
  expect([none.successRate, none.firstPassSuccessRate, none.retriesPer100, none.tokensPerRun]).toEqual(
    Array(4).fill(null),
  )
  expect([none.accuracy.mean, none.duration.meanMs, none.duration.p95Ms]).toEqual([null, null, null])
  // Only cancelled ones: counted, and not judged.
  expect(runMetrics(tallyOf([{ status: "CANCELLED" }]))).toMatchObject({ runs: 1, successRate: null, retriesPer100: 0 })
})

test("what is taken away leaves what would have been counted without it", () => {
  const tally = tallyOf(ended)
  addRunTally(tally, tallyOf(ended.slice(4)), -1)
  expect(runMetrics(tally)).toEqual(runMetrics(tallyOf(ended.slice(0, 4))))
  expect(tally).toEqual(tallyOf(ended.slice(0, 4)))
})

test("squares are kept for intervals, each of its own value", () => {
  expect(tallyOf(ended).sums).toMatchObject({ tokenSquares: 50, costSquares: 2.5, accuracySquares: 0.875 })
})

const step: CountedStep = {
  name: "charge",
  status: "SUCCEEDED",
  attempt: 1,
  retries: 0,
  enteredAt: 1_000,
  scheduledAt: 1_005,
  startedAt: 1_025,
  completedAt: 1_055,
  tokens: 0,
  computeMs: 0,
  costUsd: 0,
}

test("a step takes from its start to its end, and waited for an agent from when it was scheduled", () => {
  const tally = emptyStepTally()
  const steps: readonly Partial<CountedStep>[] = [
    { tokens: 1, computeMs: 2, costUsd: 3 },
    { attempt: 3, retries: 2, startedAt: 1_015, tokens: 10 },
    // Without an agent it never starts, and takes from when it was entered.
    { status: "FAILED", scheduledAt: null, startedAt: null },
    { status: "TIMED_OUT", completedAt: 1_125 },
    { status: "CANCELLED", attempt: 0, completedAt: null, startedAt: null },
  ]
  for (const one of steps) countStep(tally, { ...step, ...one })
  expect(stepMetrics(tally)).toEqual({
    steps: 5,
    attempts: 6,
    succeeded: 2,
    failed: 1,
    timedOut: 1,
    cancelled: 1,
    successRate: 2 / 4,
    retries: 2,
    retriesPer100: 40,
    duration: { count: 4, meanMs: (30 + 40 + 55 + 100) / 4, p50Ms: 40, p95Ms: 100, p99Ms: 100 },
    queue: { count: 3, meanMs: (20 + 10 + 20) / 3, p50Ms: 20, p95Ms: 20, p99Ms: 20 },
    tokens: 11,
    computeMs: 2,
    costUsd: 3,
  })
})
