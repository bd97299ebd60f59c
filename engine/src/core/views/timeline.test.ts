import { describe, expect, test } from "vitest"
import { simulate } from "../../testing/simulator/simulation.ts"
import type { RunEvent } from "../run/events.ts"
import { foldRows } from "./fold.ts"
import {
  needsTrail,
  type Segment,
  type TimelineStep,
  type TrailEvent,
  timelineOf,
  timelineStep,
  trailEvents,
} from "./timeline.ts"

const kinds: ReadonlySet<string> = new Set(trailEvents)

/** Of every step, whether its row would do or not. */
function trailsOf(events: readonly RunEvent[]): Map<string, TrailEvent[]> {
  const trails = new Map<string, TrailEvent[]>()
  for (const { type, at, stepId } of events) {
    if (stepId === null || !kinds.has(type)) continue
    const trail = trails.get(stepId) ?? []
    trails.set(stepId, [...trail, { type, at }])
  }
  return trails
}

const row = (given: Partial<TimelineStep>): TimelineStep => ({
  stepId: "load",
  name: "load",
  type: "operation",
  action: "agent.run",
  parentStepId: null,
  branchPath: "",
  itemIndex: null,
  visit: 1,
  status: "SUCCEEDED",
  attempt: 1,
  delivery: 1,
  enteredAt: 10,
  scheduledAt: 10,
  startedAt: 15,
  completedAt: 25,
  retries: 0,
  agent: "loader",
  errorCode: null,
  firstSeq: 2,
  ...given,
})

const short = (segments: readonly Segment[]) =>
  segments.map(({ kind, attempt, from, to, outcome }) => [kind, attempt, from, to, outcome])
const none = new Map<string, TrailEvent[]>()

describe("the timeline of a run", () => {
  test("a lane says which event entered it, when it was entered and left, whose it was and what ended it", () => {
    const failed = row({
      status: "FAILED",
      errorCode: "no_money",
      attempt: 2,
      retries: 1,
      itemIndex: "[3,1]",
      branchPath: "a[3]/b[1]",
    })
    expect(
      timelineOf([failed, row({ stepId: "open", firstSeq: 9, completedAt: null, status: "RUNNING" })], none).lanes,
    ).toEqual([
      {
        id: "load",
        seq: 2,
        name: "load",
        type: "agent.run",
        parent: null,
        branchPath: "a[3]/b[1]",
        index: [3, 1],
        visit: 1,
        status: "FAILED",
        agent: "loader",
        attempts: 2,
        retries: 1,
        errorCode: "no_money",
        from: 10,
        to: 25,
      },
      expect.objectContaining({ id: "open", seq: 9, from: 10, to: null, errorCode: null }),
    ])
  })

  test("an attempt's time in the queue is apart from its run time, before it stands the wait for its agent", () => {
    expect(short(timelineOf([row({})], none).segments)).toEqual([
      ["queued", 1, 10, 15, null],
      ["running", 1, 15, 25, "succeeded"],
    ])
    expect(short(timelineOf([row({ scheduledAt: 12 })], none).segments)[0]).toEqual(["waiting", 1, 10, 12, null])
    const queued = row({ startedAt: null, completedAt: null, status: "PENDING" })
    expect(short(timelineOf([queued], none).segments)).toEqual([["queued", 1, 10, null, null]])
    const missing = row({ scheduledAt: null, startedAt: null, completedAt: null, status: "PENDING", attempt: 0 })
    expect(short(timelineOf([missing], none).segments)).toEqual([["waiting", 1, 10, null, null]])
  })

  test("what waits and what holds others is one segment, what takes no time is none", () => {
    const kindOf = (given: Partial<TimelineStep>) =>
      timelineOf([row({ action: null, ...given })], none).segments[0]?.kind
    expect(["wait", "listen", "run", "parallel", "foreach", "loop", "try"].map((type) => kindOf({ type }))).toEqual([
      "waiting",
      "signal",
      "children",
      "children",
      "children",
      "children",
      "children",
    ])
    expect(["inject", "switch", "emit", "raise"].map((type) => kindOf({ type }))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    expect(kindOf({ type: "parallel", status: "SKIPPED" })).toBeUndefined()
  })

  test("retries stay in one lane, each attempt with its end, and a lost delivery shows", () => {
    const trail: TrailEvent[] = [
      { type: "step.scheduled", at: 0 },
      { type: "step.started", at: 5 },
      { type: "step.lost", at: 6 },
      { type: "step.redelivered", at: 6 },
      { type: "step.started", at: 7 },
      { type: "step.failed", at: 9 },
      { type: "step.retry_scheduled", at: 9 },
      { type: "step.scheduled", at: 20 },
    ]
    const tried = row({ enteredAt: 0, retries: 1, attempt: 2, completedAt: null })
    expect(short(timelineOf([tried], new Map([["load", trail]])).segments)).toEqual([
      ["queued", 1, 0, 5, null],
      ["running", 1, 5, 6, "lost"],
      ["queued", 1, 6, 7, null],
      ["running", 1, 7, 9, "failed"],
      ["backoff", 2, 9, 20, null],
      ["queued", 2, 20, null, null],
    ])
  })

  test("a step that was tried once is told by its row as it is by its events", async () => {
    let compared = 0
    for (let seed = 1; seed <= 150; seed++) {
      for (const [runId, events] of (await simulate({ seed })).histories()) {
        const { steps } = foldRows(runId, events, "")
        const trails = trailsOf(events)
        for (const step of steps.map(timelineStep)) {
          if (step.action !== "agent.run" || needsTrail(step) || step.scheduledAt === null) continue
          // What is lost but once leaves no mark in a row.
          if (trails.get(step.stepId)?.some(({ type }) => type === "step.lost" || type === "step.agent_missing"))
            continue
          const byRow = timelineOf([step], none).segments
          const byTrail = timelineOf([step], trails).segments
          const outcomes = (segments: readonly Segment[]) => short(segments).map((one) => one.slice(0, 4))
          expect(outcomes(byRow), `seed ${seed}, ${runId}, ${step.name}`).toEqual(outcomes(byTrail))
          compared++
        }
      }
    }
    expect(compared).toBeGreaterThan(200)
  })
})
