import { describe, expect, test } from "vitest"
import { agent, approval, Story, type StoryOptions } from "../../testing/simulator/story.ts"
import type { JsonObject } from "../json.ts"
import { owed } from "./owed.ts"

/** Counts what each decision adds and what it asks for. */
class Measured extends Story {
  readonly decisions: { events: number; bytes: number; continues: number }[]

  constructor(states: readonly JsonObject[], options: StoryOptions = {}) {
    super(states, { ...options, paused: true })
    const decisions: { events: number; bytes: number; continues: number }[] = []
    this.decisions = decisions
    const { run } = this
    const decide = run.decide.bind(run)
    run.decide = (...asked) => {
      const before = run.books.events.length
      const decision = decide(...asked)
      const added = run.books.events.slice(before)
      const continues = decision.effects.filter(({ kind }) => kind === "continue").length
      decisions.push({ events: added.length, bytes: JSON.stringify(added).length, continues })
      return decision
    }
    this.resume()
  }

  most(what: "events" | "bytes" | "continues"): number {
    return Math.max(...this.decisions.map((decision) => decision[what]))
  }
}

const inject = (name: string, data: JsonObject, more: JsonObject = {}) => ({ name, type: "inject", data, ...more })
const each = (items: number, states: JsonObject[], more: JsonObject = {}) => ({
  name: "each",
  type: "foreach",
  itemsPath: Array.from({ length: items }, (_, index) => index),
  iterator: { states },
  ...more,
})

describe("one decision", () => {
  test("adds at most 100 events or so, and asks for one continue", () => {
    const story = new Measured([each(400, [inject("put", {})], { maxConcurrency: 400 })], { reloads: false })
    expect(story.status).toBe("COMPLETED")
    expect(story.most("events")).toBeLessThan(120)
    expect(story.most("continues")).toBe(1)
    expect(story.decisions.length).toBeLessThan(40)
  })

  test("adds about a mebibyte at most", () => {
    const items = each(60, [inject("put", { text: "x".repeat(60_000) })], { next: "done" })
    const story = new Measured([items, inject("done", {})], { reloads: false })
    expect(story.status).toBe("COMPLETED")
    expect(story.most("bytes")).toBeLessThan(1.2 * 2 ** 20)
    expect(story.decisions.length).toBeGreaterThan(3)
  })

  test("that stops at its bound leaves a timer that is due: a process that ends there is found again", () => {
    const waits = { name: "hear", type: "listen", signal: "go" }
    const story = new Measured([each(450, [waits], { maxConcurrency: 450 })], { reloads: false })
    const first = story.decisions.findIndex(({ continues }) => continues === 1)
    expect(first).toBeGreaterThanOrEqual(0)
    const types = story.run.books.events.filter(({ type }) => type.startsWith("timer."))
    expect(types[0]).toMatchObject({ type: "timer.set", payload: { kind: "continue" } })
    expect(story.run.state?.open.listens).toBe(450)
    expect(story.timers).toEqual([])
    expect(owed(story.run.state!)).toHaveLength(450)
  })
})

describe("expressions", () => {
  const heavy = "len([x for x in range(3000)]) == 3000"
  const look = { name: "look", type: "switch", conditions: [{ if: heavy, next: "put" }] }

  test("a state is not failed for what the states in front of it have spent", () => {
    const story = new Story([each(60, [look, inject("put", {})])], { reloads: false })
    expect(story.status).toBe("COMPLETED")
  })

  test("nor is an item for what others asked before it began", () => {
    const story = new Story([each(60, [inject("put", {})], { while: heavy })], { reloads: false })
    expect(story.status).toBe("COMPLETED")
  })

  test("a state that asks too much by itself fails, the same every time", () => {
    const endless = "len([x for x in range(200000)]) > 0"
    const story = new Story([{ ...look, conditions: [{ if: endless, next: "put" }] }, inject("put", {})])
    expect(story.error).toMatchObject({ code: "expression_budget" })
  })
})

describe("a run that does not come to rest", () => {
  const circle = (items: number) => [
    each(items, [inject("put", {})], { next: "again" }),
    { name: "again", type: "switch", conditions: [{ if: "False", next: "out" }], defaultNext: "each" },
    inject("out", {}, { end: true }),
  ]

  test("is stopped, also when its circle leads through a foreach", () => {
    const story = new Story(circle(2), { limits: { idleTransitions: 300 }, reloads: false })
    expect(story.error).toMatchObject({ code: "runaway" })
  })

  test("a long foreach by itself is none", () => {
    const story = new Story([each(1_000, [inject("put", {})])], { limits: { idleTransitions: 300 }, reloads: false })
    expect(story.status).toBe("COMPLETED")
  })

  test("nor is a circle in which an item does something", () => {
    const story = new Story(
      [agent("first", { next: "each" }), ...circle(2).slice(1), each(1, [agent("act")], { next: "again" })],
      {
        limits: { idleTransitions: 20 },
        reloads: false,
      },
    )
    story.succeed("first")
    for (let round = 1; round <= 20; round++) story.succeed(round === 1 ? "each[0]/act" : `each#${round}[0]/act`)
    expect(story.status).toBe("RUNNING")
  })
})

describe("leaving by the thousand", () => {
  const wide = (leaf: JsonObject) => {
    const row = {
      name: "row",
      type: "foreach",
      itemsPath: "ctx.many",
      maxConcurrency: 30,
      iterator: { states: [leaf] },
    }
    return { name: "all", type: "foreach", itemsPath: "ctx.many", maxConcurrency: 30, iterator: { states: [row] } }
  }
  const input = { many: Array.from({ length: 30 }, (_, index) => index) }

  test.each([
    ["approvals", approval("gate", { timeoutSeconds: 60 })],
    ["listens", { name: "hear", type: "listen", signal: "go", timeoutSeconds: 60 }],
    ["timers", { name: "rest", type: "wait", seconds: 60 }],
  ])("a cancel of nine hundred %s is decided in bounded pieces, wherever it is read back", (_, leaf) => {
    for (const reloads of [false, true]) {
      const story = new Measured([wide(leaf)], { input, reloads: false })
      story.reloading = reloads
      story.decisions.length = 0
      story.cancel()
      expect([story.status, story.timers]).toEqual(["CANCELLED", []])
      expect(story.most("events")).toBeLessThan(700)
      expect(story.decisions.length).toBeGreaterThan(5)
    }
  })

  test("so is a timeout of the run, and what runs is aborted once it is reached", () => {
    const story = new Measured([wide(agent("work"))], { input, timeoutMs: 1_000, slots: 900, reloads: false })
    expect(story.executing).toHaveLength(900)
    story.pass(1_000)
    expect(new Set(story.aborted).size).toBe(900)
    for (const place of story.executing) story.stop(place)
    expect(story.status).toBe("TIMED_OUT")
  })
})
