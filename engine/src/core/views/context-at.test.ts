import { describe, expect, test } from "vitest"
import { simulate } from "../../testing/simulator/simulation.ts"
import { agent, Story } from "../../testing/simulator/story.ts"
import { localWrites, materialise } from "../run/context.ts"
import type { RunEvent } from "../run/events.ts"
import { evolve } from "../run/evolve.ts"
import type { RunState } from "../run/state.ts"
import { ContextFold, contextAt, contextFreeEvents } from "./context-at.ts"

const free: ReadonlySet<string> = new Set(contextFreeEvents)

function whole(state: RunState): string {
  const scopes = [...state.scopes.values()]
    .filter(({ context }) => context !== null)
    .map(({ id, context }) => [id, localWrites(context!)])
  return JSON.stringify([materialise(state.context), scopes])
}

function few(fold: ContextFold): string {
  const shown = fold.shown(fold.seq)!
  return JSON.stringify([shown.value, shown.scopes.map(({ scope, value }) => [scope, value])])
}

describe("the context at a point", () => {
  test("is the same from the events that matter to it as from all, at every event, also taken up again in the middle", async () => {
    let compared = 0
    for (let seed = 1; seed <= 250; seed++) {
      for (const [runId, events] of (await simulate({ seed })).histories()) {
        let state: RunState | null = null
        let fold = new ContextFold(runId)
        for (const event of events) {
          state = evolve(state, event, runId)
          if (!free.has(event.type)) fold.apply(event)
          if (event.seq % 3 === 0 || state.terminal !== null) {
            expect(few(fold), `seed ${seed}, ${runId}, event ${event.seq}`).toBe(whole(state))
            compared++
          }
          if (event.seq % 17 === 0) fold = ContextFold.decode(runId, fold.encode())
        }
      }
    }
    expect(compared).toBeGreaterThan(1_000)
  })

  test("names the step that wrote each path, and forgets what a value written whole has replaced", () => {
    const story = new Story(
      [
        { name: "seed", type: "inject", data: { a: { b: 1, c: 2 }, d: 3 }, next: "deep" },
        { name: "deep", type: "inject", data: { e: 4 }, resultPath: "a.b", next: "whole" },
        { name: "whole", type: "inject", data: 5, resultPath: "a.b.e", next: "merged" },
        { name: "merged", type: "inject", data: { c: 6 }, resultPath: "a", resultMode: "merge", next: "last" },
        { name: "last", type: "inject", data: {}, resultPath: "d" },
      ],
      { input: { given: true } },
    )
    const events = story.run.books.events
    const shown = (before?: string) => {
      const at = before === undefined ? null : seqOf(events, story, before) - 1
      const { value, writers } = contextAt("run_story", events, at)!
      const named = Object.entries(writers).map(([path, stepId]) => [path, story.place(stepId)])
      return { value, writers: Object.fromEntries(named) }
    }
    expect(shown("deep")).toEqual({
      value: { given: true, a: { b: 1, c: 2 }, d: 3 },
      writers: { a: "seed", d: "seed" },
    })
    expect(shown("merged")).toEqual({
      value: { given: true, a: { b: { e: 5 }, c: 2 }, d: 3 },
      writers: { a: "seed", "a.b": "deep", "a.b.e": "whole", d: "seed" },
    })
    expect(shown()).toEqual({
      value: { given: true, a: { b: { e: 5 }, c: 6 }, d: {} },
      writers: { a: "seed", "a.b": "deep", "a.b.e": "whole", "a.c": "merged", d: "last" },
    })
  })

  test("tells who wrote what in open branches, and keeps it below what their holder then writes", () => {
    const story = new Story([
      {
        name: "checks",
        type: "parallel",
        resultPath: "found",
        branches: [
          {
            name: "pods",
            states: [
              {
                name: "careful",
                type: "try",
                try: { states: [{ ...agent("look"), resultPath: "pods.state" }] },
                catch: [{ next: "rest" }],
                next: "rest",
              },
              { ...agent("rest"), resultPath: "pods.rest" },
            ],
          },
          { name: "errors", states: [{ ...agent("count"), resultPath: "n" }] },
        ],
      },
    ])
    story.succeed("checks/pods/careful.try/look", { ok: true })
    const named = (writers: { readonly [path: string]: string }) =>
      Object.fromEntries(
        Object.entries(writers).map(([path, stepId]) => [path.replace(/^.*\/branch:/, ""), story.place(stepId)]),
      )
    const open = contextAt("run_story", story.run.books.events, null)!
    expect(open.value).toEqual({})
    expect(open.scopes.map(({ branchPath, value }) => [branchPath, value])).toEqual([
      ["checks/pods", { pods: { state: { ok: true } } }],
      ["checks/errors", {}],
    ])
    // A block writes into the layer of what holds it.
    expect(named(open.writers)).toEqual({ "pods:pods.state": "checks/pods/careful.try/look" })
    story.succeed("checks/pods/rest", 1)
    story.succeed("checks/errors/count", 2)
    const done = contextAt("run_story", story.run.books.events, null)!
    expect(done.value).toEqual({ found: { pods: { pods: { state: { ok: true }, rest: 1 } }, errors: { n: 2 } } })
    expect(named(done.writers)).toEqual({
      found: "checks",
      "found.pods.pods.state": "checks/pods/careful.try/look",
      "found.pods.pods.rest": "checks/pods/rest",
      "found.errors.n": "checks/errors/count",
    })
  })
})

function seqOf(events: readonly RunEvent[], story: Story, name: string): number {
  return events.find((event) => event.type === "state.entered" && story.place(event.stepId!) === name)!.seq
}
