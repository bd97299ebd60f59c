import { expect, test } from "vitest"
import { countRun, emptyRunTally, runRollup } from "../../core/measures/rollup.ts"
import type { MeasureQuestion, RunCell, SloRow } from "../../ports/measure-store.ts"
import { answerSlo } from "./answer-slo.ts"

const hour = 3_600_000
const now = Date.parse("2026-03-10T09:20:00Z")
const key = {
  workspaceId: "default",
  environment: "prod",
  workflowId: "pay",
  version: "1",
  versionNumber: 1,
  origin: "api",
}
const plain = { retryCount: 0, hitl: null, rerunOf: null, tokens: 0, computeMs: 0, costUsd: 0, effectiveness: null }

const slo: SloRow = {
  workspaceId: "default",
  sloId: "pays",
  workflowId: "pay",
  environment: "prod",
  objective: "success_rate",
  target: 0.9,
  limitMs: null,
  windowDays: 2,
  description: "",
  changedAt: 0,
  changedBy: "user:ann",
}

/** So many hours ago, whether it went well, and whether a later run stands for it. */
type Ended = readonly [hoursAgo: number, completed: boolean, folded?: boolean]

function storeOf(runs: readonly Ended[]) {
  const asked: MeasureQuestion[] = []
  const cells = (question: MeasureQuestion, only: boolean): RunCell[] => {
    const tally = emptyRunTally()
    for (const [hoursAgo, completed, folded = false] of runs) {
      const at = now - hoursAgo * hour
      if (at >= question.from && at < question.to && (!only || folded))
        countRun(tally, { ...plain, status: completed ? "COMPLETED" : "FAILED", durationMs: 10 })
    }
    return [{ ...runRollup({ ...key, hour: 0, folded: 0 }, tally), bucket: 0 } as RunCell]
  }
  const runsOf = async (question: MeasureQuestion) => {
    asked.push(question)
    return { cells: cells(question, false), folded: cells(question, true) }
  }
  return { store: { runs: runsOf }, asked }
}

test("the window ends with the hour under way, and is asked of this workflow in this environment alone", async () => {
  const { store, asked } = storeOf([])
  const answer = await answerSlo(store, slo, now)
  expect([answer.from, answer.to]).toEqual([Date.parse("2026-03-08T10:00:00Z"), Date.parse("2026-03-10T10:00:00Z")])
  expect(answer).toMatchObject({ state: "no_data", burn: [{ rate: null }, { rate: null }, { rate: null }] })
  for (const question of asked) {
    expect(question).toMatchObject({ workspaceId: "default", workflowId: "pay", environment: "prod" })
    expect(question.origins).not.toContain("backfill")
  }
})

test("how fast the budget goes is told of the last hour, six hours and day, each with the hour before it", async () => {
  const good = (hoursAgo: number, count: number): Ended[] =>
    Array.from({ length: count }, () => [hoursAgo, true] as const)
  const { store } = storeOf([
    ...[...good(0.1, 3), [0.1, false] as const],
    ...[...good(5, 15), [5, false] as const],
    ...good(20, 20),
    ...[...good(40, 59), [40, false] as const],
  ])
  const { state, level, burn } = await answerSlo(store, slo, now)
  expect([state, level.runs, level.bad]).toEqual(["met", 100, 3])
  // 1 of 4, 2 of 20 and 2 of 40 failed, where one of ten may.
  expect(burn.map(({ hours }) => hours)).toEqual([1, 6, 24])
  expect(burn.map(({ rate }) => rate)).toEqual([2.5, 1, 0.5].map((rate) => expect.closeTo(rate, 9)))
})

test("a run that a later one of its business event stands for is not judged", async () => {
  const { store } = storeOf([
    [1, false, true],
    [1, true],
    [1, true],
  ])
  expect(await answerSlo(store, slo, now)).toMatchObject({ state: "met", level: { runs: 2, bad: 0 } })
})
