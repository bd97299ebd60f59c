import { describe, expect, test } from "vitest"
import { type StatsStep, WorkflowStatsFold } from "./workflow-stats.ts"

const step = (given: Partial<StatsStep>): StatsStep => ({
  name: "charge",
  type: "operation",
  action: "agent.run",
  branchPath: "",
  status: "SUCCEEDED",
  retries: 0,
  enteredAt: 0,
  startedAt: 10,
  completedAt: 30,
  ...given,
})

describe("how the runs of a workflow went", () => {
  test("nothing is said of no runs", () => {
    expect(new WorkflowStatsFold().result(true)).toEqual({
      total: { value: 0, exact: true },
      byStatus: {},
      successRate: null,
      durationMs: { mean: null, p50: null, p95: null },
      states: [],
      sampledRuns: 0,
    })
  })

  test("cancelled and open runs are counted and are no part of the rate; times are of completed runs", () => {
    const fold = new WorkflowStatsFold()
    for (let ms = 1; ms <= 20; ms++) fold.run({ status: "COMPLETED", durationMs: ms * 10 })
    for (const status of ["FAILED", "FAILED", "FAILED", "TIMED_OUT", "CANCELLED"] as const)
      fold.run({ status, durationMs: 9_999 })
    fold.run({ status: "RUNNING", durationMs: null })
    expect(fold.result(false)).toMatchObject({
      total: { value: 26, exact: false },
      byStatus: { COMPLETED: 20, FAILED: 3, TIMED_OUT: 1, CANCELLED: 1, RUNNING: 1 },
      successRate: 20 / 24,
      durationMs: { mean: 105, p50: 100, p95: 190 },
    })
  })

  test("each state by its place in the definition, whichever visit, item or round it was", () => {
    const fold = new WorkflowStatsFold()
    fold.sample([
      step({ retries: 2 }),
      step({ branchPath: "both/left", status: "FAILED", completedAt: 110 }),
      step({ branchPath: "both#2/left", completedAt: 60 }),
      step({ branchPath: "each[0]", completedAt: 20 }),
      step({ branchPath: "each[17]", completedAt: 40 }),
      step({ branchPath: "round.do[3]/careful.try", name: "look" }),
      step({ branchPath: "round.do[4]/careful#2.try", name: "look", completedAt: null, status: "RUNNING" }),
    ])
    fold.sample([
      step({ status: "SKIPPED", startedAt: null }),
      step({ name: "gate", action: "human.approval", startedAt: null }),
    ])
    const { states, sampledRuns } = fold.result(true)
    expect(sampledRuns).toBe(2)
    expect(states).toEqual([
      {
        path: "both/left/charge",
        name: "charge",
        type: "agent.run",
        entered: 2,
        failed: 1,
        retries: 0,
        p50Ms: 50,
        p95Ms: 100,
      },
      { path: "charge", name: "charge", type: "agent.run", entered: 2, failed: 0, retries: 2, p50Ms: 20, p95Ms: 20 },
      {
        path: "each/charge",
        name: "charge",
        type: "agent.run",
        entered: 2,
        failed: 0,
        retries: 0,
        p50Ms: 10,
        p95Ms: 30,
      },
      { path: "gate", name: "gate", type: "human.approval", entered: 1, failed: 0, retries: 0, p50Ms: 30, p95Ms: 30 },
      {
        path: "round.do/careful.try/look",
        name: "look",
        type: "agent.run",
        entered: 2,
        failed: 0,
        retries: 0,
        p50Ms: 20,
        p95Ms: 20,
      },
    ])
  })
})
