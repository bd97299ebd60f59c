import { describe, expect, test } from "vitest"
import { agent, Story } from "../../testing/simulator/story.ts"
import type { JsonObject } from "../json.ts"
import { ContextFold } from "./context-at.ts"
import { type StepContext, StepContextView } from "./step-context.ts"

/** What the step at a place did, with steps by their places. */
function changesOf(story: Story, place: string): StepContext {
  const { events } = story.run.books
  const entered = events.find((event) => event.type === "state.entered" && story.place(event.stepId!) === place)!
  const fold = new ContextFold("run_story")
  for (const event of events) if (event.seq < entered.seq) fold.apply(event)
  const view = new StepContextView(entered.stepId!, fold)
  for (const event of events) if (event.seq >= entered.seq && !view.apply(event)) break
  const result = view.result()
  const changes = result.changes.map((change) => ({
    ...change,
    writer: change.writer === null ? null : story.place(change.writer),
  }))
  return { ...result, stepId: story.place(result.stepId), changes }
}

describe("what a step did to the context", () => {
  const states: JsonObject[] = [
    { name: "seed", type: "inject", data: { n: 1, gone: [1, 2], same: "x" }, resultPath: "box", next: "again" },
    {
      name: "again",
      type: "inject",
      data: { n: 2, gone: [1], more: true, same: "x" },
      resultPath: "box",
      next: "added",
    },
    { name: "added", type: "inject", data: { z: 1, who: "me" }, next: "list" },
    { name: "list", type: "inject", data: "one", resultPath: "list", resultMode: "append", next: "nothing" },
    { name: "nothing", type: "switch", conditions: [{ if: "True", next: "deep" }] },
    { name: "deep", type: "inject", data: 3, resultPath: "box.n", next: "redone" },
    { name: "redone", type: "inject", data: { n: 4 }, resultPath: "box" },
  ]
  const story = new Story(states, { input: { who: "you", list: ["zero"] } })

  test("is what it added, with nobody before it", () => {
    expect(changesOf(story, "seed")).toEqual({
      stepId: "seed",
      writes: [{ seq: expect.any(Number), path: "box", mode: "replace", branchPath: "" }],
      changes: [{ pointer: "/box", op: "added", to: { n: 1, gone: [1, 2], same: "x" }, writer: null, large: false }],
      truncated: false,
    })
  })

  test("is each value inside what it replaced, with who had written it", () => {
    expect(changesOf(story, "again").changes).toEqual([
      { pointer: "/box/n", op: "changed", from: 1, to: 2, writer: "seed", large: false },
      { pointer: "/box/gone/1", op: "removed", from: 2, writer: "seed", large: false },
      { pointer: "/box/more", op: "added", to: true, writer: null, large: false },
    ])
    expect(changesOf(story, "redone").changes).toEqual([
      { pointer: "/box/n", op: "changed", from: 3, to: 4, writer: "deep", large: false },
      { pointer: "/box/gone", op: "removed", from: [1], writer: "again", large: false },
      { pointer: "/box/more", op: "removed", from: true, writer: "again", large: false },
      { pointer: "/box/same", op: "removed", from: "x", writer: "again", large: false },
    ])
  })

  test("counts keys that a merge has set, what was given at the start has no writer", () => {
    expect(changesOf(story, "added").changes).toEqual([
      { pointer: "/z", op: "added", to: 1, writer: null, large: false },
      { pointer: "/who", op: "changed", from: "you", to: "me", writer: null, large: false },
    ])
    expect(changesOf(story, "list")).toMatchObject({
      writes: [{ path: "list", mode: "append" }],
      changes: [{ pointer: "/list/1", op: "added", to: "one" }],
    })
  })

  test("is nothing where it wrote nothing", () => {
    expect(changesOf(story, "nothing")).toMatchObject({ writes: [], changes: [], truncated: false })
  })

  test("is its own doing alone, in its branch's context, over what the branch found there", () => {
    const branches = new Story([
      { name: "seed", type: "inject", data: 1, resultPath: "n", next: "both" },
      {
        name: "both",
        type: "parallel",
        resultPath: "both",
        branches: [
          {
            name: "a",
            states: [
              { ...agent("x"), resultPath: "n", next: "y" },
              { ...agent("y"), resultPath: "n" },
            ],
          },
          { name: "b", states: [{ ...agent("z"), resultPath: "n" }] },
        ],
      },
    ])
    branches.succeed("both/a/x", 10)
    branches.succeed("both/b/z", 20)
    branches.succeed("both/a/y", 30)
    expect(changesOf(branches, "both/a/x")).toMatchObject({
      writes: [{ path: "n", branchPath: "both/a" }],
      changes: [{ pointer: "/n", op: "changed", from: 1, to: 10, writer: "seed" }],
    })
    expect(changesOf(branches, "both/b/z").changes).toMatchObject([{ from: 1, to: 20, writer: "seed" }])
    expect(changesOf(branches, "both/a/y").changes).toMatchObject([{ from: 10, to: 30, writer: "both/a/x" }])
    expect(changesOf(branches, "both").changes).toEqual([
      { pointer: "/both", op: "added", to: { a: { n: 30 }, b: { n: 20 } }, writer: null, large: false },
    ])
  })

  test("leaves out values that are too long to be shown beside each other, and more changes than can be read", () => {
    const big = new Story([
      { name: "first", type: "inject", data: { text: "x".repeat(30_000) }, resultPath: "big", next: "many" },
      {
        name: "many",
        type: "inject",
        data: Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`k${index}`, index])),
      },
    ])
    expect(changesOf(big, "first").changes).toEqual([{ pointer: "/big", op: "added", writer: null, large: true }])
    expect(changesOf(big, "many")).toMatchObject({ truncated: true })
    expect(changesOf(big, "many").changes).toHaveLength(200)
  })
})
