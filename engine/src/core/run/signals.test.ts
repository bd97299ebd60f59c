import { describe, expect, test } from "vitest"
import { agent, Story } from "../../testing/simulator/story.ts"
import type { JsonObject } from "../json.ts"
import type { SchemaCompiler } from "../schema/types.ts"

const listen = (more: JsonObject = {}): JsonObject => ({ name: "hear", type: "listen", signal: "go", ...more })

/** All that these stories need of JSON Schema. */
const required: SchemaCompiler = (schema) => ({
  ok: true,
  validate: (value) => {
    const missing = (schema.required as string[]).find((key) => !Object.hasOwn(value as object, key))
    return missing === undefined ? null : [{ pointer: "", keyword: "required", message: `needs ${missing}` }]
  },
})

const branches = (waits: { [name: string]: JsonObject }): JsonObject => ({
  name: "both",
  type: "parallel",
  branches: Object.entries(waits).map(([name, wait]) => ({ name, states: [listen(wait)] })),
})

describe("the mailbox", () => {
  test("a full mailbox does not keep out what the run waits for", () => {
    const story = new Story([listen()], { limits: { mailboxMax: 2 } })
    story.signal("junk", {}, "1")
    story.signal("junk", {}, "2")
    expect(story.signal("junk", {}, "3")).toMatchObject({ code: "mailbox_full" })
    expect(story.signal("go")).toBeNull()
    expect(story.status).toBe("COMPLETED")
  })

  test("mail that nobody took is named at the end", () => {
    const story = new Story([listen()])
    story.signal("junk", {}, "1")
    story.signal("go")
    expect(story.run.books.events.at(-1)?.payload).toMatchObject({ unconsumedSignals: [{ name: "junk", id: "1" }] })
  })

  test("what came early wakes one wait, also when that asks for everybody's: it is heard once", () => {
    const rounds = { name: "l", type: "loop", do: { states: [listen({ fanout: true })] }, maxIterations: 3 }
    const story = new Story([agent("work", { next: "l" }), rounds])
    story.signal("go")
    story.succeed("work")
    expect(story.status).toBe("WAITING_SIGNAL")
    expect(story.types.filter((type) => type === "signal.consumed")).toHaveLength(1)
  })

  test("a signal that came while the run was paused is there when it listens", () => {
    const story = new Story([agent("work", { next: "hear" }), listen({ resultPath: "heard" })])
    story.pause()
    story.signal("go", { n: 1 })
    story.succeed("work")
    story.resume()
    expect(story.context).toMatchObject({ heard: { n: 1 } })
  })
})

describe("waits that differ in what they take", () => {
  const both = () =>
    new Story([branches({ a: { schema: { required: ["a"] } }, b: { schema: { required: ["b"] } } })], {
      compile: required,
    })

  test("a signal goes to the wait whose schema it fits, whichever is older", () => {
    const story = both()
    story.signal("go", { b: 1 }, "1")
    expect(story.ends).toEqual(["both/b/hear SUCCEEDED"])
    story.signal("go", { a: 1 }, "2")
    expect(story.status).toBe("COMPLETED")
  })

  test("one that fits none is dropped, and says why", () => {
    const story = both()
    expect(story.signal("go", { c: 1 })).toBeNull()
    expect(story.run.books.events.at(-1)).toMatchObject({
      type: "signal.dropped",
      payload: { reason: "breaks the schema of hear: / needs a" },
    })
    expect([story.status, story.run.state?.mail]).toEqual(["WAITING_SIGNAL", []])
  })

  test("early mail that breaks the schema of a wait is dropped there, and the next piece is looked at", () => {
    const story = new Story(
      [
        agent("work", { next: "hear" }),
        listen({ schema: { required: ["a"] }, resultPath: "heard", next: "again" }),
        { name: "again", type: "listen", signal: "go", schema: { required: ["c"] } },
      ],
      { compile: required },
    )
    story.signal("go", { c: 1 }, "1")
    story.signal("go", { a: 2 }, "2")
    story.succeed("work")
    expect(story.context).toMatchObject({ heard: { a: 2 } })
    expect(story.types.filter((type) => type === "signal.dropped")).toHaveLength(1)
  })

  test("the door refuses what breaks the only schema of a name", () => {
    const story = new Story([listen({ schema: { required: ["a"] } })], { compile: required })
    expect(story.signal("go", { b: 1 })).toMatchObject({ code: "signal_invalid" })
  })
})
