import { describe, expect, test } from "vitest"
import { agent, approval, Story } from "../../testing/simulator/story.ts"
import type { JsonObject } from "../json.ts"

describe("what comes while a state is being left", () => {
  test.each(["fail", "pause"])("a result that breaks its validation is not tried again (%s)", (onExhausted) => {
    const retry = { maxAttempts: onExhausted === "pause" ? 1 : 3, retryable: ["validation_failed"], onExhausted }
    const story = new Story([agent("draft", { validation: { if: "result.good" }, retry })])
    story.cancel()
    story.succeed("draft", { good: false })
    expect([story.status, story.ends]).toEqual(["CANCELLED", ["draft CANCELLED"]])
  })
})

describe("a cancel of a paused run that takes several decisions", () => {
  const wide = () =>
    new Story(
      [
        {
          name: "each",
          type: "foreach",
          itemsPath: [0, 1, 2, 3, 4, 5, 6, 7],
          maxConcurrency: 8,
          iterator: { states: [agent("ship")] },
        },
      ],
      { slots: 1, limits: { eventsPerDecision: 4 } },
    )

  test.each([true, false])("starts nothing that it has not reached yet (by force: %s)", (force) => {
    const story = wide()
    story.pause()
    story.succeed("each[0]/ship")
    // The one slot is free now, and what the pause held back asks for it when the gate opens.
    expect(story.executing).toEqual([])
    story.cancel(force)
    expect(story.executing).toEqual([])
    expect(story.status).toBe("CANCELLED")
    expect(story.types.filter((type) => type === "step.started")).toHaveLength(1)
  })
})

describe("errors behind the first", () => {
  const cleaning = (block: string) =>
    new Story([{ name: "work", type: "try", try: { states: [agent(block)] }, finally: { states: [agent("clean")] } }])

  test("the error of the block names the end; what its cleanup says is kept beside it", () => {
    const story = cleaning("do")
    story.fail("work.try/do", "broken")
    story.fail("work.finally/clean", "stuck")
    expect(story.error).toMatchObject({ code: "broken" })
    expect(story.run.books.events.at(-1)?.payload).toMatchObject({ suppressed: [{ code: "stuck" }] })
  })

  test("cleanup that fails after success fails its state", () => {
    const story = cleaning("do")
    story.succeed("work.try/do")
    story.fail("work.finally/clean", "stuck")
    expect(story.error).toMatchObject({ code: "stuck" })
  })

  test("cleanup that fails after a cancel is kept with the cancel", () => {
    const story = cleaning("do")
    story.cancel()
    story.stop("work.try/do")
    story.fail("work.finally/clean", "stuck")
    expect(story.status).toBe("CANCELLED")
    expect(story.run.books.events.at(-1)?.payload).toMatchObject({ suppressed: [{ code: "stuck" }] })
  })
})

describe("a foreach whose own condition fails while items run", () => {
  const each = (more: JsonObject = {}) =>
    new Story([
      {
        name: "each",
        type: "foreach",
        itemsPath: [0, 1, 2, 3],
        maxConcurrency: 2,
        while: "6 // (2 - index) != 0",
        iterator: { states: [agent("ship")] },
        ...more,
      },
      ...(more.next === undefined ? [] : [agent("after")]),
    ])

  test("asks them to stop, waits for them, and then fails with the condition's error", () => {
    const story = each()
    story.succeed("each[0]/ship")
    expect([story.aborted, story.status]).toEqual([["each[1]/ship"], "RUNNING"])
    story.stop("each[1]/ship")
    expect([story.status, story.error?.code]).toEqual(["FAILED", "expression_failed"])
    expect(story.ends).toEqual(["each[0]/ship SUCCEEDED", "each[1]/ship CANCELLED", "each FAILED"])
  })

  test("goes on where its catch says only when nothing of it runs any more", () => {
    const story = each({ next: "after", catch: [{ next: "after" }] })
    story.succeed("each[0]/ship")
    expect(story.executing).toEqual(["each[1]/ship"])
    story.stop("each[1]/ship")
    expect(story.executing).toEqual(["after"])
  })

  test("names the condition, not an item's failure that was tolerated", () => {
    const story = each({ onItemFailure: "continue" })
    story.fail("each[0]/ship", "spoiled")
    story.stop("each[1]/ship")
    expect(story.error?.code).toBe("expression_failed")
  })
})

describe("how the end is named", () => {
  test("an author's error may be called as the engine's: it is a failure all the same", () => {
    const story = new Story([{ name: "no", type: "raise", error: { type: "approval_timeout" } }])
    expect([story.status, story.error?.code]).toEqual(["FAILED", "approval_timeout"])
  })

  test("nobody came, in a branch of a branch: the run is timed out", () => {
    const inner = {
      name: "inner",
      type: "parallel",
      branches: [{ name: "b", states: [approval("gate", { timeoutSeconds: 5 })] }],
    }
    const story = new Story([{ name: "outer", type: "parallel", branches: [{ name: "a", states: [inner] }] }])
    story.pass(5_000)
    expect(story.status).toBe("TIMED_OUT")
  })
})
