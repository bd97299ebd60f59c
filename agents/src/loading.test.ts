import { writeFileSync } from "node:fs"
import path from "node:path"
import { afterEach, describe, expect, test } from "vitest"
import type { AgentHostOptions } from "./host/options.ts"
import { createHarness, type Harness } from "./testing/harness.ts"

let harness: Harness | null = null

function create(files: Readonly<Record<string, string>>, options: Partial<AgentHostOptions> = {}): Harness {
  harness = createHarness(files, options)
  return harness
}

afterEach(async () => {
  await harness?.close()
  harness = null
})

const sleeper = `export default { run: (input, ctx) => new Promise((resolve, reject) => {
  ctx.signal.addEventListener("abort", () => reject(ctx.signal.reason))
}) }`

describe("loading a folder of agents", () => {
  test("takes TypeScript, ES modules and CommonJS, by shape and without importing anything of ours", async () => {
    const world = create({
      "typed.agent.ts": "import { twice } from './lib/twice'\nexport default { run: (n: number) => twice(n) }",
      "modern.agent.mts": "const late: number = await Promise.resolve(3)\nexport default { run: () => late }",
      "plain.agent.mjs": "import { twice } from './lib/plain.mjs'\nexport default { run: (n) => twice(n) }",
      "common.agent.js": "const { twice } = require('./lib/common.js')\nmodule.exports = { run: (n) => twice(n) }",
      "lib/twice.ts": "export const twice = (n: number): number => n * 2",
      "lib/plain.mjs": "export const twice = (n) => n * 2",
      "lib/common.js": "exports.twice = (n) => n * 2",
      "notes.ts": "throw new Error('not an agent')",
    })
    const report = await world.load()
    expect(report.problems).toEqual([])
    expect(report.agents.map((agent) => agent.name)).toEqual(["common", "modern", "plain", "typed"])
    for (const name of ["common", "plain", "typed"]) expect(await world.call(name, 4)).toMatchObject({ output: 8 })
    expect(await world.call("modern")).toMatchObject({ output: 3 })
  })

  test("shows each contract; its hash is of the schemas, in whatever order they are written", async () => {
    const world = create({
      "a.agent.js": `export default { name: "triage", description: "Looks at pods.", outputSchema: { type: "object", properties: { a: {}, b: {} } }, run() {} }`,
    })
    const [before] = (await world.load()).agents
    expect(before).toEqual({
      environment: "default",
      name: "triage",
      description: "Looks at pods.",
      inputSchema: null,
      outputSchema: { type: "object", properties: { a: {}, b: {} } },
      contractHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      sourceHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      file: path.join(world.directory, "a.agent.js"),
    })
    world.write({
      "a.agent.js": `export default { run() {}, outputSchema: { properties: { b: {}, a: {} }, type: "object" }, description: "Other words.", name: "triage" }`,
    })
    const [same] = (await world.load()).agents
    expect(same?.contractHash).toBe(before?.contractHash)
    expect(same?.sourceHash).not.toBe(before?.sourceHash)
    world.write({ "a.agent.js": `export default { name: "triage", outputSchema: { type: "string" }, run() {} }` })
    const [other] = (await world.load()).agents
    expect(other?.contractHash).not.toBe(before?.contractHash)
  })

  test("can be looked at beside what serves: it serves when that is said, and never in the place of something newer", async () => {
    const answers = (word: string) => ({ "a.agent.js": `export default { run: () => "${word}" }` })
    const world = create(answers("one"))
    await world.load()
    world.write(answers("two"))
    const dropped = await world.host.look("default", world.directory)
    expect(dropped.report).toMatchObject({ changed: true, agents: [{ name: "a" }], problems: [] })
    expect(await world.call("a")).toMatchObject({ output: { result: "one" } })
    dropped.drop()
    const adopted = await world.host.look("default", world.directory)
    adopted.adopt()
    expect(await world.call("a")).toMatchObject({ output: { result: "two" } })
    const late = await world.host.look("default", world.directory)
    expect(late.report.changed).toBe(false)
    world.write(answers("three"))
    await world.load()
    late.adopt()
    expect(await world.call("a")).toMatchObject({ output: { result: "three" } })
  })

  test("names file, line and column of what is broken, and loads the others", async () => {
    const world = create({
      "good.agent.ts": "export default { run: () => 'fine' }",
      "syntax.agent.ts": "export default {\n  run() {\n    const x = ;\n  },\n}",
      "native.agent.mjs": "export default {\n  run() { const x = ; },\n}",
      "throws.agent.ts": "const nothing: any = undefined\n\nnothing.at.all\nexport default { run() {} }",
      "inside.agent.ts": "import { x } from './lib/broken.ts'\nexport default { run: () => x }",
      "lib/broken.ts": "\nexport const x = = 1",
      "absent.agent.ts": "import { x } from './lib/nowhere.ts'\nexport default { run: () => x }",
      "shape.agent.ts": "export const value = 1",
      "schema.agent.ts": "export default { inputSchema: 'text', run() {} }",
      "twin.agent.ts": "export default { name: 'good', run() {} }",
      "exits.agent.ts": "process.exit(0)",
    })
    const report = await world.load()
    expect(report.agents.map((agent) => agent.name)).toEqual(["good"])
    const problems = report.problems.map((one) => [path.basename(one.file), one.code, one.line, one.column])
    expect(problems).toEqual([
      ["absent.agent.ts", "agent_load_failed", 1, null],
      ["exits.agent.ts", "agent_load_failed", 1, null],
      ["inside.agent.ts", "agent_load_failed", null, null],
      ["native.agent.mjs", "agent_load_failed", 2, 21],
      ["schema.agent.ts", "agent_schema", null, null],
      ["shape.agent.ts", "agent_shape", null, null],
      ["syntax.agent.ts", "agent_load_failed", 3, 15],
      ["throws.agent.ts", "agent_load_failed", 3, null],
      ["twin.agent.ts", "agent_name_taken", null, null],
    ])
    expect(report.problems[2]?.message).toContain("lib/broken.ts:2")
    expect(await world.call("good")).toMatchObject({ output: { result: "fine" } })
  })

  for (const isolation of ["thread", "process"] as const) {
    test(`puts aside a file whose top-level code hangs or kills its ${isolation}, and says which`, async () => {
      const world = create(
        {
          "a-good.agent.js": "export default { run: () => 1 }",
          "b-hangs.agent.js": "for (;;);",
          "c-waits.agent.mjs": "await new Promise(() => setInterval(() => {}, 1000))",
          "d-eats.agent.js": "const all = []; for (;;) all.push(new Array(1e5).fill({}))",
          "e-good.agent.js": "export default { run: () => 5 }",
        },
        { isolation, loadMs: 3_000, heapMb: 64 },
      )
      const report = await world.load()
      expect(report.agents.map((agent) => agent.name)).toEqual(["a-good", "e-good"])
      expect(report.problems.map((problem) => [path.basename(problem.file), problem.code])).toEqual([
        ["b-hangs.agent.js", "agent_load_timeout"],
        ["c-waits.agent.mjs", "agent_load_timeout"],
        // Which of its two bounds it meets first, memory or time, is the machine's affair.
        ["d-eats.agent.js", expect.stringMatching(/^agent_load_(failed|timeout)$/)],
      ])
      expect(await world.call("e-good")).toMatchObject({ output: 5 })
    })
  }

  test("hides the server's own variables and gives the others", async () => {
    process.env.WAYBILL_SECRET_OF_TEST = "no"
    process.env.OTHER_OF_TEST = "yes"
    const world = create({
      "env.agent.js":
        "export default { run: () => [process.env.WAYBILL_SECRET_OF_TEST ?? null, process.env.OTHER_OF_TEST ?? null] }",
    })
    delete process.env.WAYBILL_SECRET_OF_TEST
    delete process.env.OTHER_OF_TEST
    await world.load()
    expect(await world.call("env")).toMatchObject({ output: [null, "yes"] })
  })

  test("of which there is none is a problem and no agents; a task for it is missing, not failed", async () => {
    const world = create({})
    const report = await world.host.load("default", path.join(world.directory, "nowhere"))
    expect(report).toMatchObject({ agents: [], problems: [{ code: "agents_missing" }] })
    expect(await world.call("anything")).toMatchObject({ kind: "missing" })
    expect(await world.call("anything", {}, { environment: "other" })).toMatchObject({ kind: "missing" })
  })
})

describe("loading it again", () => {
  const version = (text: string) => ({ "lib/deep.ts": `export const version: string = "${text}"` })
  const files = {
    "echo.agent.ts": "import { version } from './lib/near'\nexport default { run: () => version }",
    "lib/near.ts": "export { version } from './deep'",
    "sleeper.agent.js": sleeper,
  }

  test("replaces nothing when nothing changed", async () => {
    const world = create({ ...files, ...version("one") })
    const first = await world.load()
    expect(await world.load()).toEqual({ ...first, changed: false })
  })

  test("sees a change in what an agent imports, and only that agent's hash differs", async () => {
    const world = create({ ...files, ...version("one") })
    const before = (await world.load()).agents
    expect(await world.call("echo")).toMatchObject({ output: { result: "one" } })
    world.write(version("two"))
    const report = await world.load()
    expect(report.changed).toBe(true)
    expect(await world.call("echo")).toMatchObject({ output: { result: "two" } })
    const changed = report.agents.filter((agent, i) => agent.sourceHash !== before[i]?.sourceHash)
    expect(changed.map((agent) => agent.name)).toEqual(["echo"])
  })

  test("lets what runs end in the old version", async () => {
    const world = create({
      "slow.agent.js": "export default { run: (ms) => new Promise((r) => setTimeout(r, ms, 'old')) }",
    })
    await world.load()
    const running = world.dispatch("slow", 150)
    await world.until((message) => message.kind === "started")
    world.write({ "slow.agent.js": "export default { run: () => 'new' }" })
    await world.load()
    expect(await world.call("slow")).toMatchObject({ output: { result: "new" } })
    expect(await world.ending(running)).toMatchObject({ output: { result: "old" } })
  })

  test("keeps a changed contract's old version for the runs that pin it, for as long as a host has it", async () => {
    const agent = (type: string, text: string) => ({
      "say.agent.js": `export default { outputSchema: { type: "${type}" }, run: () => "${text}" }`,
    })
    const world = create(agent("string", "old"), { lingerMs: 60_000 })
    const pinned = (await world.load()).agents[0]?.contractHash ?? ""
    world.write(agent("object", "new"))
    await world.load()
    expect(world.host.find("default", "say", pinned)?.contractHash).toBe(pinned)
    expect(await world.call("say", {}, { contractHash: pinned })).toMatchObject({ output: "old" })
    expect(await world.call("say")).toMatchObject({ output: "new" })
    expect(await world.call("say", {}, { contractHash: "0".repeat(64) })).toMatchObject({ kind: "missing" })
  })

  test("runs new code for a pinned run when the contract is the same", async () => {
    const world = create({ "say.agent.js": "export default { run: () => 'old' }" })
    const pinned = (await world.load()).agents[0]?.contractHash ?? ""
    world.write({ "say.agent.js": "export default { run: () => 'new' }" })
    await world.load()
    expect(await world.call("say", {}, { contractHash: pinned })).toMatchObject({ output: { result: "new" } })
  })

  test("keeps the last good version of a file that broke, and drops one that was taken away", async () => {
    const world = create({
      "a.agent.js": "export default { run: () => 'good' }",
      "b.agent.js": "export default { run() {} }",
    })
    await world.load()
    world.write({ "a.agent.js": "export default {" })
    world.remove("b.agent.js")
    const report = await world.load()
    expect(report.problems).toMatchObject([{ code: "agent_load_failed", line: 1 }])
    expect(report.agents.map((agent) => agent.name)).toEqual(["a"])
    expect(await world.call("a")).toMatchObject({ output: { result: "good" } })
    expect(await world.call("b")).toMatchObject({ kind: "missing" })
    world.write({ "a.agent.js": "export default { run: () => 'mended' }" })
    expect((await world.load()).problems).toEqual([])
    expect(await world.call("a")).toMatchObject({ output: { result: "mended" } })
  })

  test("from a folder that vanished keeps what there is", async () => {
    const world = create({ "a.agent.js": "export default { run: () => 1 }" })
    await world.load()
    const report = await world.host.load("default", path.join(world.directory, "unmounted"))
    expect(report).toMatchObject({ changed: false, agents: [{ name: "a" }], problems: [{ code: "agents_missing" }] })
    expect(await world.call("a")).toMatchObject({ output: 1 })
  })

  test("happens by itself when a host is replaced over files that changed meanwhile, and is told", async () => {
    const world = create({
      ...files,
      ...version("one"),
      "busy.agent.js": "export default { run: () => { for (;;); } }",
    })
    await world.load()
    const told = new Promise<string>((resolve) => world.host.onLoaded((report) => resolve(report.setHash)))
    writeFileSync(path.join(world.directory, "lib/deep.ts"), "export const version = 'two'")
    await world.call("busy", {}, { timeoutMs: 10 })
    expect(await world.call("echo")).toMatchObject({ output: { result: "two" } })
    expect(await told).toBe((await world.load()).setHash)
  })
})
