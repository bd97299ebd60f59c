import { describe, expect, test } from "vitest"
import type { RunEvent } from "../run/events.ts"
import { timelineOf } from "./timeline.ts"

type Bare = {
  readonly type: RunEvent["type"]
  readonly at: number
  readonly stepId?: string
  readonly payload?: object
}

const events = (...bare: readonly Bare[]): RunEvent[] =>
  bare.map(({ stepId = null, payload = {}, ...rest }, index) => ({ ...rest, stepId, payload, seq: index + 1 }) as never)

const entered = (stepId: string, at: number, more: object = {}): Bare => ({
  type: "state.entered",
  at,
  stepId,
  payload: { name: stepId, type: "operation", action: "agent.run", branchPath: "", scope: "", ...more },
})

describe("the timeline of a run", () => {
  test("a lane says which event entered it, and when it was entered and left", () => {
    const { lanes } = timelineOf(
      events(
        { type: "run.created", at: 0 },
        entered("load", 10),
        { type: "state.exited", at: 25, stepId: "load", payload: { status: "SUCCEEDED" } },
        entered("book", 25),
      ),
    )
    expect(lanes).toMatchObject([
      { id: "load", seq: 2, from: 10, to: 25, status: "SUCCEEDED" },
      { id: "book", seq: 4, from: 25, to: null, status: "RUNNING" },
    ])
  })

  test("an attempt's time in the queue is apart from its run time, and a retry stays in the same lane", () => {
    const { lanes, segments } = timelineOf(
      events(
        entered("load", 0),
        { type: "step.scheduled", at: 0, stepId: "load", payload: { attempt: 1 } },
        { type: "step.started", at: 5, stepId: "load", payload: { attempt: 1 } },
        { type: "step.failed", at: 9, stepId: "load", payload: { attempt: 1 } },
        { type: "step.retry_scheduled", at: 9, stepId: "load", payload: { attempt: 2 } },
        { type: "step.scheduled", at: 20, stepId: "load", payload: { attempt: 2 } },
      ),
    )
    expect(lanes[0]!.retries).toBe(1)
    expect(segments.map(({ kind, attempt, from, to }) => [kind, attempt, from, to])).toEqual([
      ["queued", 1, 0, 5],
      ["running", 1, 5, 9],
      ["backoff", 2, 9, 20],
      ["queued", 2, 20, null],
    ])
  })
})
