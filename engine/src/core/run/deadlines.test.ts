import { describe, expect, test } from "vitest"
import { agent, approval, Story } from "../../testing/simulator/story.ts"
import type { JsonObject } from "../json.ts"

const after: JsonObject = agent("after")
const states: [string, JsonObject][] = [
  ["a parallel", { type: "parallel", branches: [{ name: "b", states: [agent("slow")] }] }],
  ["a foreach", { type: "foreach", itemsPath: [1], iterator: { states: [agent("slow")] } }],
  ["a loop", { type: "loop", do: { states: [agent("slow")] }, maxIterations: 2 }],
  [
    "a try",
    { type: "try", try: { states: [agent("slow")] }, finally: { states: [{ name: "f", type: "inject", data: {} }] } },
  ],
  ["a wait", { type: "wait", seconds: 3_600 }],
  ["a listen", { type: "listen", signal: "go" }],
  ["a child run", { type: "run", workflow: { id: "other" } }],
  ["an approval", approval("held")],
  ["an agent", agent("held", { retry: { maxAttempts: 9, backoffSeconds: 8 } })],
]

describe("the time of a state in all", () => {
  test.each(states)("%s ends at the nearer of its bounds, and its catch takes the timeout", (_, state) => {
    const story = new Story([
      {
        ...state,
        name: "held",
        totalTimeoutSeconds: 30,
        ...(state.action === "agent.run" ? {} : { timeoutSeconds: 60 }),
        catch: [{ errors: ["timeout"], next: "after" }],
        end: true,
      },
      after,
    ])
    for (const place of story.executing) if (place === "held") story.fail(place)
    story.pass(29_999)
    expect(story.ends).toEqual([])
    story.pass(1)
    for (const place of story.executing) if (place !== "after") story.stop(place)
    for (const childRunId of story.cancelledChildren)
      story.ask({ kind: "finish-child", childRunId, status: "CANCELLED", output: null, error: null })
    expect(story.ends.at(-1)).toBe("held TIMED_OUT")
    expect(story.executing).toEqual(["after"])
    expect(story.timers).toEqual([])
  })

  test("a timeout around a state is never taken by the catch inside it", () => {
    const inner = { name: "inner", type: "try", try: { states: [agent("slow")] }, catch: [{ next: "mend" }], end: true }
    const story = new Story([
      {
        name: "outer",
        type: "parallel",
        timeoutSeconds: 10,
        branches: [{ name: "b", states: [inner, agent("mend")] }],
      },
    ])
    story.pass(10_000)
    story.stop("outer/b/inner.try/slow")
    expect(story.ends).toEqual(["outer/b/inner.try/slow CANCELLED", "outer/b/inner CANCELLED", "outer TIMED_OUT"])
    expect(story.error).toMatchObject({ code: "state_timeout", step: "outer" })
  })

  test("two deadlines that passed while nothing ran are taken in the order in which they were due", () => {
    const story = new Story(
      [approval("gate", { timeoutSeconds: 20, onTimeout: { next: "after" } }, { end: true }), after],
      {
        timeoutMs: 10_000,
      },
    )
    story.now += 60_000
    expect(story.decide("gate", "approve")).toMatchObject({ code: "run_finished" })
    expect([story.status, story.ends]).toEqual(["TIMED_OUT", ["gate CANCELLED"]])
  })
})
