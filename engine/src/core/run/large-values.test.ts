import { describe, expect, test } from "vitest"
import { agent, Story } from "../../testing/simulator/story.ts"
import type { Json, JsonObject } from "../json.ts"

const big = "x".repeat(70_000)

/** What the step after the writes is given for `{{ ctx.<name> }}`. */
function seen(story: Story, at = "look"): JsonObject {
  return story.inputOf(at) as JsonObject
}

const look = (variables: JsonObject) => agent("look", { variables })

describe("values that are larger than an event holds", () => {
  test("a large result is merged key by key, as a small one is", () => {
    const story = new Story([
      agent("fetch", { resultPath: "ctx", resultMode: "merge", next: "look" }),
      look({ report: "{{ ctx.report }}", rows: "{{ ctx.rows }}" }),
    ])
    story.succeed("fetch", { report: big, rows: 3 })
    expect(seen(story)).toEqual({ report: big, rows: 3 })
  })

  test("large data that is injected at the root is there, and is the state's result", () => {
    const story = new Story([{ name: "set", type: "inject", data: { a: big, b: 1 } }])
    expect((story.context as JsonObject).b).toBe(1)
    expect(story.run.state?.terminal?.outputSeq).toBe(
      story.run.books.events.find((event) => event.type === "context.written")?.seq,
    )
  })

  test("what is merged into a large object leaves the rest of it", () => {
    const story = new Story([
      agent("fetch", { resultPath: "report", next: "more" }),
      agent("more", { resultPath: "report", resultMode: "merge", next: "look" }),
      look({ report: "{{ ctx.report }}" }),
    ])
    story.succeed("fetch", { text: big, kind: "long" })
    story.succeed("more", { pages: 7 })
    expect(seen(story)).toEqual({ report: { text: big, kind: "long", pages: 7 } })
  })

  test("a path that leads into a large object writes there and leaves the rest of it", () => {
    const story = new Story([
      agent("fetch", { resultPath: "report", next: "more" }),
      agent("more", { resultPath: "report.summary.short", next: "look" }),
      look({ report: "{{ ctx.report }}" }),
    ])
    story.succeed("fetch", { text: big, kind: "long" })
    story.succeed("more", "brief")
    expect(seen(story)).toEqual({ report: { text: big, kind: "long", summary: { short: { result: "brief" } } } })
  })

  test.each<[string, JsonObject, (list: Json[]) => void]>([
    ["appended", { resultPath: "list", resultMode: "append" }, (list) => expect(list).toHaveLength(3)],
    ["written at an index", { resultPath: "list[2]" }, (list) => expect(list).toHaveLength(3)],
    ["written inside an element", { resultPath: "list[1].note" }, (list) => expect(list).toHaveLength(2)],
  ])("a result can be %s in a list that has become large", (_, where, check) => {
    const story = new Story([
      { name: "set", type: "inject", data: [{ text: big }, { text: "short" }], resultPath: "list", next: "more" },
      agent("more", { ...where, next: "look" }),
      look({ list: "{{ ctx.list }}", first: "{{ ctx.list[0].text }}" }),
    ])
    story.succeed("more", { n: 1 })
    const { list, first } = seen(story) as { list: Json[]; first: string }
    expect(first).toBe(big)
    expect((list[1] as JsonObject).text).toBe("short")
    expect(JSON.stringify(list.at(-1))).toContain('{"n":1}')
    check(list)
  })

  test.each(["list", "list[0]"])("a large result that goes to %s is read back whole", (resultPath) => {
    const mode: JsonObject = resultPath === "list" ? { resultMode: "append" } : {}
    const story = new Story([agent("fetch", { resultPath, ...mode, next: "look" }), look({ list: "{{ ctx.list }}" })])
    story.succeed("fetch", { text: big })
    expect(seen(story)).toEqual({ list: [{ text: big }] })
  })
})

describe("the bound of a context", () => {
  const refine = (states: JsonObject[]) =>
    new Story([{ name: "refine", type: "loop", do: { states }, maxIterations: 12 }], {
      limits: { contextBytesMax: 5_000 },
    })

  test("counts what is there, not what was overwritten", () => {
    const story = refine([agent("draft", { resultPath: "draft" })])
    for (let round = 0; round < 12; round++) story.succeed(`refine.do[${round}]/draft`, "y".repeat(1_000))
    expect(story.status).toBe("COMPLETED")
  })

  test("holds for what piles up", () => {
    const story = refine([agent("draft", { resultPath: "drafts", resultMode: "append" })])
    for (let round = 0; story.status === "RUNNING"; round++)
      story.succeed(`refine.do[${round}]/draft`, "y".repeat(1_000))
    expect(story.error).toMatchObject({ code: "context_too_large" })
    expect((story.context as { drafts: Json[] }).drafts).toHaveLength(4)
  })
})

describe("the bound of a value", () => {
  const each = (items: number) => ({
    name: "each",
    type: "foreach",
    itemsPath: Array.from({ length: items }, (_, index) => index),
    iterator: { states: [{ name: "put", type: "inject", data: { text: "x".repeat(1_000) } }] },
  })

  test("an output that is larger than a context is refused, and says what to do", () => {
    const story = new Story([each(60)], { limits: { contextBytesMax: 50_000 } })
    expect(story.error).toMatchObject({ code: "value_too_large" })
    expect(story.error?.detail).toContain("output.as")
  })

  test("an agent is not given more than a value may be", () => {
    const story = new Story(
      [{ ...each(60), resultPath: "all", next: "look" }, agent("look", { variables: { all: "{{ ctx.all }}" } })],
      { limits: { valueBytesMax: 50_000 } },
    )
    expect(story.error).toMatchObject({ code: "value_too_large", step: "look" })
  })

  test("a child neither", () => {
    const child = { name: "sub", type: "run", workflow: { id: "other", input: { all: "{{ ctx.all }}" } } }
    const story = new Story([{ ...each(60), resultPath: "all", next: "sub" }, child], {
      limits: { valueBytesMax: 50_000 },
    })
    expect(story.error).toMatchObject({ code: "value_too_large", step: "sub" })
  })
})

test("what is configured bounds what an author asks to run at once", () => {
  const states = [agent("a")]
  const branches = Array.from({ length: 9 }, (_, index) => ({ name: `b${index}`, states }))
  const all: JsonObject[] = [
    { name: "w", type: "foreach", itemsPath: [1, 2, 3, 4, 5, 6, 7, 8, 9], maxConcurrency: 8, iterator: { states } },
    { name: "w", type: "parallel", maxConcurrency: 8, branches },
    { name: "w", type: "parallel", branches },
  ]
  for (const wide of all) expect(new Story([wide], { limits: { concurrencyMax: 3 } }).executing).toHaveLength(3)
})
