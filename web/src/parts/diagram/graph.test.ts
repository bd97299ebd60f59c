import { describe, expect, test } from "vitest"
import { diagramOf, END, placeOf, START } from "./graph.ts"

const ways = (definition: object) =>
  diagramOf(definition).ways.map(
    ({ from, to, route, label }) =>
      `${from} → ${to}${route === "next" ? "" : ` ${route}`}${label === "" ? "" : `: ${label}`}`,
  )

describe("the ways between states", () => {
  test("from the start along next to the end; the last state of a list may leave it out", () => {
    const states = [
      { name: "a", type: "inject", end: true },
      { name: "b", type: "inject", next: "a" },
    ]
    expect(ways({ start: "b", states })).toEqual([`${START} → b`, `a → ${END}`, "b → a"])
    expect(ways({ states: [{ name: "only", type: "inject" }] })).toEqual([`${START} → only`, `only → ${END}`])
  })

  test("a switch leads where its conditions say, by their names, and otherwise", () => {
    const states = [
      {
        name: "s",
        type: "switch",
        conditions: [
          { if: "a > 1", next: "x" },
          { if: "b", next: "y", name: "many" },
        ],
        defaultNext: "y",
      },
      { name: "x", type: "raise" },
      { name: "y", type: "inject", end: true },
    ]
    expect(ways({ states }).slice(1)).toEqual([
      "s → x choice: a > 1",
      "s → y choice: many",
      "s → y choice: otherwise",
      `y → ${END}`,
    ])
  })

  test("errors that are caught, people who are late, say no, or send back", () => {
    const states = [
      {
        name: "plan",
        type: "operation",
        action: "agent.run",
        input: { agent: "p" },
        next: "gate",
        catch: [{ errors: ["timeout"], next: "sorry" }],
      },
      {
        name: "gate",
        type: "operation",
        action: "human.approval",
        next: "sorry",
        input: {
          onTimeout: { next: "sorry" },
          onReject: { next: "sorry" },
          outcomes: ["approve", { name: "revise", rewindTo: "plan" }],
        },
      },
      { name: "sorry", type: "inject", end: true },
    ]
    expect(ways({ states })).toEqual([
      `${START} → plan`,
      "plan → gate",
      "plan → sorry caught: timeout",
      "gate → sorry",
      "gate → sorry timeout: too late",
      "gate → sorry rejected: rejected",
      "gate → plan rewind: revise",
      `sorry → ${END}`,
    ])
  })

  test("a way to a state that is not there is left out, and so is what is no definition", () => {
    expect(ways({ states: [{ name: "a", type: "inject", next: "gone" }] })).toEqual([`${START} → a`])
    for (const nothing of [null, 3, [], {}, { states: "x" }]) expect(diagramOf(nothing).states).toEqual([])
  })
})

describe("what states hold", () => {
  const inner = { states: [{ name: "look", type: "inject" }] }
  const holder = (more: object) => diagramOf({ states: [{ name: "h", ...more }] }).states[0]!.blocks

  test("branches, items, rounds, and what is tried, with the same places as the steps of a run", () => {
    expect(holder({ type: "parallel", branches: [{ name: "n", ...inner }] })).toMatchObject([
      { id: "h/n", label: "branch n" },
    ])
    expect(holder({ type: "foreach", iterator: inner, itemName: "site" })).toMatchObject([
      { id: "h[]", label: "for each site" },
    ])
    expect(holder({ type: "loop", do: inner })).toMatchObject([{ id: "h.do" }])
    expect(holder({ type: "try", try: inner, finally: inner }).map(({ id }) => id)).toEqual(["h.try", "h.finally"])
    expect(holder({ type: "foreach", iterator: inner })[0]!.states[0]!.id).toBe("h[]/look")
  })

  test("a step of a run finds its state, whatever item, round or visit it is of", () => {
    expect(placeOf({ branchPath: "", name: "h" })).toBe("h")
    expect(placeOf({ branchPath: "a/b/h#2[13]", name: "look" })).toBe("a/b/h[]/look")
    expect(placeOf({ branchPath: "h.do[4]/deep.try", name: "look" })).toBe("h.do/deep.try/look")
  })
})
