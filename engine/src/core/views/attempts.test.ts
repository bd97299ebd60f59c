import { describe, expect, test } from "vitest"
import { foldStepTrail, type StepEvent } from "./attempts.ts"

const scheduled = (at: number, attempt: number): StepEvent => ({
  type: "step.scheduled",
  at,
  payload: { attempt, agent: "charge", agentRunId: `agr_${attempt}`, spanId: "aa", input: null, inputSeq: 3 },
})
const started = (at: number, attempt: number, fence: number): StepEvent => ({
  type: "step.started",
  at,
  payload: { attempt, delivery: fence, fence, owner: `host-${fence}` },
})
const error = { type: "t", class: "transient", code: "boom", title: "Boom", detail: "it broke" }

describe("the attempts of a step", () => {
  test("a failed attempt and its successful retry are two attempts with their own times, errors and costs", () => {
    const trail = foldStepTrail([
      { type: "state.entered", at: 1, payload: { name: "charge" } },
      scheduled(2, 1),
      started(5, 1, 1),
      { type: "step.failed", at: 9, payload: { attempt: 1, fence: 1, error, usage: { tokens: 3 } } },
      { type: "step.retry_scheduled", at: 9, payload: { attempt: 1, delayMs: 500, timer: "t1" } },
      scheduled(600, 2),
      started(601, 2, 2),
      {
        type: "step.succeeded",
        at: 700,
        payload: { attempt: 2, fence: 2, output: { value: 1 }, validation: { passed: true, score: 0.9 } },
      },
    ])
    expect(
      trail.attempts.map(({ attempt, status, startedAt, completedAt, retryDelayMs }) => [
        attempt,
        status,
        startedAt,
        completedAt,
        retryDelayMs,
      ]),
    ).toEqual([
      [1, "FAILED", 5, 9, 500],
      [2, "SUCCEEDED", 601, 700, null],
    ])
    expect(trail.attempts[0]?.error).toEqual(error)
    expect(trail.attempts[0]?.usage).toEqual({ tokens: 3 })
    expect(trail.validation).toEqual({ passed: true, score: 0.9 })
  })

  test("a lost delivery repeats the same attempt and stays visible with its reason", () => {
    const trail = foldStepTrail([
      scheduled(1, 1),
      started(2, 1, 1),
      { type: "step.lost", at: 3, payload: { attempt: 1, fence: 1, reason: "process_died", counted: true } },
      { type: "step.redelivered", at: 3, payload: { attempt: 1, delivery: 2, timer: null } },
      started(8, 1, 2),
    ])
    expect(trail.attempts).toHaveLength(1)
    expect(trail.attempts[0]).toMatchObject({ status: "RUNNING", startedAt: 2, completedAt: null })
    expect(trail.attempts[0]?.deliveries).toEqual([
      { delivery: 1, fence: 1, owner: "host-1", startedAt: 2, lostAt: 3, lostReason: "process_died" },
      { delivery: 2, fence: 2, owner: "host-2", startedAt: 8, lostAt: null, lostReason: null },
    ])
  })

  test("between a loss and its redelivery the attempt waits again", () => {
    const trail = foldStepTrail([
      scheduled(1, 1),
      started(2, 1, 1),
      { type: "step.lost", at: 3, payload: { attempt: 1, fence: 1, reason: "drained", counted: false } },
    ])
    expect(trail.attempts[0]?.status).toBe("PENDING")
  })

  test.each([
    ["step.timed_out", "TIMED_OUT"],
    ["step.cancelled", "CANCELLED"],
  ] as const)("%s ends the attempt as %s", (type, status) => {
    const trail = foldStepTrail([
      scheduled(1, 1),
      started(2, 1, 1),
      { type, at: 9, payload: { attempt: 1, fence: 1, error, reason: "r" } },
    ])
    expect(trail.attempts[0]).toMatchObject({ status, completedAt: 9 })
  })

  test("runs that the step started are its children", () => {
    const trail = foldStepTrail([{ type: "child.started", at: 1, payload: { childRunId: "run_b" } }])
    expect(trail).toEqual({ attempts: [], validation: null, children: ["run_b"] })
  })

  test("an erased payload leaves out what only it knew, and nothing fails", () => {
    const trail = foldStepTrail([scheduled(1, 1), { type: "step.started", at: 2, payload: null }])
    expect(trail.attempts[0]).toMatchObject({ status: "PENDING", deliveries: [] })
  })

  test("an event of a newer release, or of an attempt nobody scheduled, changes nothing", () => {
    const trail = foldStepTrail([
      scheduled(1, 1),
      { type: "step.blessed", at: 2, payload: { attempt: 1 } },
      started(3, 7, 1),
    ])
    expect(trail.attempts).toHaveLength(1)
    expect(trail.attempts[0]).toMatchObject({ status: "PENDING", startedAt: null })
  })
})
