import { expect, test } from "vitest"
import { countRun, emptyRunTally, type RunTally } from "./rollup.ts"
import { burnRate, sloState } from "./slo.ts"

function tally(completed: number, failed: number, cancelled: number, ms = (_index: number) => 100): RunTally {
  const made = emptyRunTally()
  const run = { retryCount: 0, hitl: null, rerunOf: null, tokens: 0, computeMs: 0, costUsd: 0, effectiveness: null }
  const statuses = ["COMPLETED", "FAILED", "CANCELLED"] as const
  ;[completed, failed, cancelled].forEach((count, kind) => {
    for (let i = 0; i < count; i++) countRun(made, { ...run, status: statuses[kind]!, durationMs: ms(i) })
  })
  return made
}

const rate = { objective: "success_rate", target: 0.99, limitMs: null } as const

test("five failures in a thousand leave half the budget of a 99 % target, and cancelled runs are not judged", () => {
  const state = sloState(rate, tally(995, 5, 400))
  expect(state).toMatchObject({ state: "met", level: { runs: 1_000, bad: 5, share: 0.995 } })
  expect(state.allowed).toBeCloseTo(10, 9)
  expect(state.budgetLeft).toBeCloseTo(0.5, 9)
  expect(burnRate(rate, tally(995, 5, 0))).toBeCloseTo(0.5, 9)
})

test("exactly what is allowed still meets the target; one more overdraws it", () => {
  expect(sloState(rate, tally(99, 1, 0))).toMatchObject({ state: "met", budgetLeft: expect.closeTo(0, 9) })
  expect(sloState(rate, tally(98, 2, 0))).toMatchObject({ state: "missed", budgetLeft: expect.closeTo(-1, 9) })
  expect(burnRate(rate, tally(80, 20, 0))).toBeCloseTo(20, 9)
})

test("of a duration the runs above the limit are bad", () => {
  const quick = { objective: "duration", target: 0.95, limitMs: 2_000 } as const
  const runs = tally(100, 0, 0, (index) => (index < 4 ? 9_000 : 500))
  expect(sloState(quick, runs)).toMatchObject({ state: "met", level: { runs: 100, bad: 4, actualMs: 501.5 } })
})

test("a run that fails at once, or is cancelled, is no quick one: only what completed or ran out of time is judged", () => {
  const quick = { objective: "duration", target: 0.9, limitMs: 2_000 } as const
  const runs = tally(9, 50, 30, (index) => (index === 0 ? 2_500 : 100))
  expect(sloState(quick, runs)).toMatchObject({ state: "missed", level: { runs: 9, bad: 1 } })
  const one = { retryCount: 0, hitl: null, rerunOf: null, tokens: 0, computeMs: 0, costUsd: 0, effectiveness: null }
  countRun(runs, { ...one, status: "TIMED_OUT", durationMs: 60_000 })
  expect(sloState(quick, runs)).toMatchObject({ state: "missed", level: { runs: 10, bad: 2 } })
  expect(burnRate(quick, runs)).toBeCloseTo(2, 9)
  expect(sloState(quick, tally(0, 50, 5))).toMatchObject({ state: "no_data" })
})

test("without runs there is nothing to judge", () => {
  expect(sloState(rate, emptyRunTally())).toMatchObject({ state: "no_data", budgetLeft: null })
  expect(burnRate(rate, emptyRunTally())).toBeNull()
})

test("what ran out of time is as bad as what failed, and exactly the limit is quick enough", () => {
  const made = tally(8, 1, 0)
  const one = { retryCount: 0, hitl: null, rerunOf: null, tokens: 0, computeMs: 0, costUsd: 0, effectiveness: null }
  countRun(made, { ...one, status: "TIMED_OUT", durationMs: 100 })
  expect(sloState({ ...rate, target: 0.9 }, made)).toMatchObject({
    state: "missed",
    level: { runs: 10, bad: 2, share: 0.8 },
  })
  const exact = { objective: "duration", target: 0.9, limitMs: 100 } as const
  expect(sloState(exact, tally(10, 0, 0))).toMatchObject({ state: "met", level: { runs: 10, bad: 0, actualMs: 100 } })
  expect(sloState({ ...exact, limitMs: 99 }, tally(10, 0, 0))).toMatchObject({ level: { bad: 10 } })
})
