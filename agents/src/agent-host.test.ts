import { spawn } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { isAgentEnding } from "@waybill/engine/ports/agent-host"
import { afterEach, describe, expect, test, vi } from "vitest"
import type { AgentHostOptions } from "./host/options.ts"
import { workerEntry } from "./host/worker-entry.ts"
import { createHarness, type Harness, makeTask } from "./testing/harness.ts"

let harness: Harness | null = null

async function start(
  files: Readonly<Record<string, string>>,
  options: Partial<AgentHostOptions> = {},
): Promise<Harness> {
  harness = createHarness(files, options)
  await harness.load()
  return harness
}

afterEach(async () => {
  await harness?.close()
  harness = null
})

const sleeper = `export default { run: (input, ctx) => new Promise((resolve, reject) => {
  ctx.signal.addEventListener("abort", () => reject(ctx.signal.reason))
}) }`
const stubborn =
  "export default { run: (input, ctx) => new Promise((resolve) => { ctx.signal.addEventListener('abort', () => { setTimeout(resolve, input.afterMs ?? 1e9, 'done') }) }) }"
const busy = "export default { run: () => { for (;;); } }"
const echo = "export default { run: (input) => input }"

for (const isolation of ["thread", "process"] as const) {
  describe(`an agent in its own ${isolation}`, () => {
    test("gets its input and its context, and its output comes back", async () => {
      const world = await start(
        {
          "greet.agent.ts": `
            interface Input { readonly name: string }
            export default {
              async run(input: Input, ctx: any) {
                ctx.log("greeting", { name: input.name })
                ctx.heartbeat({ half: true })
                ctx.usage({ tokens: 12, costUsd: 0.5, provider: "nobody's" })
                ctx.usage({ tokens: 3, model: "gpt-4o-mini", provider: "openai", parameters: { temperature: 0 } })
                ctx.usage({ tokens: -1, model: 7, parameters: [] })
                ctx.usage({ get model() { throw new Error("not yours") } })
                const { task, runId, stepId, attempt, idempotencyKey, effectKey, signal } = ctx
                return { hello: input.name, task, runId, stepId, attempt, idempotencyKey, effectKey, aborted: signal.aborted }
              },
            }`,
        },
        { isolation },
      )
      const key = world.dispatch("greet", { name: "Ada" }, { task: "say hello", attempt: 2, fence: 7 })
      const output = {
        hello: "Ada",
        task: "say hello",
        runId: "run_1",
        stepId: "step_1",
        attempt: 2,
        idempotencyKey: "run_1:step_1:2",
        effectKey: "step_1",
        aborted: false,
      }
      const outputBytes = JSON.stringify(output).length
      expect(await world.ending(key)).toEqual({ kind: "succeeded", key: "step_1#2#7", output, outputBytes })
      const [contract] = world.host.agents()
      expect(world.messages.slice(0, -1)).toEqual([
        { kind: "started", key, contractHash: contract?.contractHash, sourceHash: contract?.sourceHash },
        { kind: "log", key, environment: "default", level: "info", message: "greeting", fields: { name: "Ada" } },
        { kind: "heartbeat", key, details: { half: true } },
        { kind: "usage", key, tokens: 12, costUsd: 0.5 },
        { kind: "usage", key, tokens: 3, model: "gpt-4o-mini", provider: "openai", parameters: { temperature: 0 } },
      ])
    })

    test("that throws, fails as a bug with its own stack", async () => {
      const world = await start(
        { "boom.agent.ts": "\n\nexport default {\n  run() {\n    throw new TypeError('no such pod')\n  }\n}" },
        { isolation },
      )
      const ending = await world.call("boom")
      expect(ending).toMatchObject({
        kind: "failed",
        error: { class: "bug", kind: null, code: "type_error", detail: "no such pod" },
      })
      expect(ending.kind === "failed" && ending.error.stack).toMatch(/boom\.agent\.ts:5:11/)
    })

    test("that calls process.exit fails alone: its host and the tasks beside it go on", async () => {
      const world = await start(
        {
          "quit.agent.ts": `import { exit } from "node:process"\nexport default { run: (input: any) => input.named ? exit(3) : process.exit(3) }`,
          "sleeper.agent.ts": sleeper,
        },
        { isolation },
      )
      const beside = world.dispatch("sleeper")
      for (const named of [true, false]) {
        expect(await world.call("quit", { named })).toMatchObject({
          kind: "failed",
          error: { class: "bug", code: "process_exit" },
        })
      }
      world.host.cancel([{ key: beside, graceMs: 5_000, reason: "enough" }])
      expect(await world.ending(beside)).toEqual({ kind: "stopped", key: beside, how: "signal" })
    })

    test("that runs out of memory is lost with its host, and the next task finds a new one", async () => {
      const world = await start(
        {
          "hog.agent.js":
            "export default { run: () => { const all = []; for (;;) all.push(new Array(1e5).fill({})) } }",
          "echo.agent.js": echo,
        },
        { isolation, heapMb: 64 },
      )
      expect(await world.call("hog")).toMatchObject({ kind: "lost", reason: "out_of_memory", suspect: true })
      expect(await world.call("echo", { again: true })).toMatchObject({ kind: "succeeded", output: { again: true } })
    })

    test("that never gives the thread back is ended after the grace; the others there are lost, not blamed by name", async () => {
      const world = await start(
        { "busy.agent.js": busy, "sleeper.agent.js": sleeper, "echo.agent.js": echo },
        { isolation },
      )
      const beside = world.dispatch("sleeper")
      await world.until((message) => message.kind === "started" && message.key === beside)
      const key = world.dispatch("busy")
      await world.until((message) => message.kind === "started" && message.key === key)
      world.host.cancel([{ key, graceMs: 20, reason: "cancelled by Ada" }])
      expect(await world.ending(key)).toEqual({ kind: "stopped", key, how: "terminated", shared: true })
      expect(await world.ending(beside)).toMatchObject({ kind: "lost", reason: "host_terminated", suspect: true })
      expect(await world.call("echo", 1, { fence: 2 })).toMatchObject({ kind: "succeeded", output: 1 })
    })

    test("prints to the log of its task, console and standard output alike", async () => {
      const world = await start(
        {
          "talk.agent.js":
            "export default { async run() { console.log('one\\ntwo'); await 1; process.stdout.write('three\\n'); console.error('bad') } }",
        },
        { isolation },
      )
      const key = world.dispatch("talk")
      expect(await world.ending(key)).toMatchObject({ kind: "succeeded", output: null })
      expect(world.logs(key)).toEqual(["one", "two", "three", "bad"])
      expect(world.messages.find((message) => message.kind === "log" && message.message === "bad")).toMatchObject({
        level: "warn",
      })
    })
  })
}

describe("what an agent returns", () => {
  const outputs = `
    const cycle = { a: {} }; cycle.a.b = cycle
    let deep = 1; for (let i = 0; i < 65; i++) deep = [deep]
    const values = {
      nothing: undefined, text: "done", zero: 0, list: [1, "two", null],
      functions: { a: [1, () => 1] }, missing: { a: undefined }, big: { n: 1n }, nan: [NaN], cycle, deep,
      surrogate: { "x/y": "\\ud800" }, badKey: { "\\udc00": 1 }, nul: ["a\\u0000b"], unsafe: { n: 2 ** 53 }, date: { at: new Date(0) },
      getter: { get x() { throw new Error("no") } }, huge: "x".repeat(100 * 2 ** 20), wide: new Array(9 * 2 ** 20).fill(1),
    }
    export default { run: (name) => values[name] }`

  test("is JSON as it is; nothing is null, and plain text is the result", async () => {
    const world = await start({ "give.agent.js": outputs }, { heapMb: 1024 })
    expect(await world.call("give", "nothing")).toMatchObject({ kind: "succeeded", output: null })
    expect(await world.call("give", "text")).toMatchObject({ kind: "succeeded", output: { result: "done" } })
    expect(await world.call("give", "zero")).toMatchObject({ kind: "succeeded", output: 0 })
    expect(await world.call("give", "list")).toMatchObject({ kind: "succeeded", output: [1, "two", null] })
  })

  test("stays text when the agent's own schema says so", async () => {
    const world = await start({
      "say.agent.js": 'export default { outputSchema: { type: "string" }, run: () => "hi" }',
    })
    expect(await world.call("say")).toMatchObject({ kind: "succeeded", output: "hi" })
  })

  test("fails with the address of what is no JSON, and a hundred megabytes never leave the host", async () => {
    const world = await start({ "give.agent.js": outputs }, { heapMb: 1024 })
    const pointers: Record<string, unknown> = {}
    for (const name of [
      "functions",
      "missing",
      "big",
      "nan",
      "surrogate",
      "badKey",
      "nul",
      "unsafe",
      "date",
      "getter",
      "huge",
      "wide",
    ]) {
      const ending = await world.call("give", name)
      expect(ending).toMatchObject({ kind: "failed", error: { class: "validation_failed", code: "bad_output" } })
      pointers[name] = ending.kind === "failed" && ending.error.pointer
    }
    expect(pointers).toEqual({
      functions: "/a/1",
      missing: "/a",
      big: "/n",
      nan: "/0",
      surrogate: "/x~1y",
      badKey: "/\ufffd",
      nul: "/0",
      unsafe: "/n",
      date: "/at",
      getter: "",
      huge: "/result",
      wide: expect.stringMatching(/^\/\d+$/),
    })
    for (const name of ["cycle", "deep"]) {
      const ending = await world.call("give", name)
      expect(ending).toMatchObject({ kind: "failed", error: { class: "validation_failed", code: "bad_output" } })
      expect(ending.kind === "failed" && ending.error.detail).toContain("deeper than 64 levels")
    }
  })
})

describe("a task that has to stop", () => {
  test("may still succeed within the grace after a cancel", async () => {
    const world = await start({ "stubborn.agent.js": stubborn })
    const key = world.dispatch("stubborn", { afterMs: 1 })
    await world.until((message) => message.kind === "started")
    world.host.cancel([{ key, graceMs: 5_000, reason: "enough" }])
    expect(await world.ending(key)).toMatchObject({ kind: "succeeded", output: { result: "done" } })
  })

  test("hears why, and an error after it is only the answer to it", async () => {
    const world = await start({
      "why.agent.js": `export default { run: (input, ctx) => new Promise((_, reject) => {
        ctx.signal.addEventListener("abort", () => { ctx.log(ctx.signal.reason.name + ": " + ctx.signal.reason.message); reject(new Error("cleaned up")) })
      }) }`,
    })
    const key = world.dispatch("why")
    await world.until((message) => message.kind === "started")
    world.host.cancel([{ key, graceMs: 5_000, reason: "cancelled by Ada" }])
    expect(await world.ending(key)).toEqual({ kind: "stopped", key, how: "signal" })
    expect(world.logs(key)).toEqual(["AbortError: cancelled by Ada"])
  })

  test("and does not, takes its host along; the others are lost without suspicion, because its thread still turned", async () => {
    const world = await start({ "stubborn.agent.js": stubborn, "sleeper.agent.js": sleeper })
    const [key, beside] = [world.dispatch("stubborn"), world.dispatch("sleeper")]
    await world.until((message) => message.kind === "started" && message.key === beside)
    world.host.cancel([{ key, graceMs: 20, reason: "enough" }])
    expect(await world.ending(key)).toEqual({ kind: "stopped", key, how: "terminated", shared: true })
    expect(await world.ending(beside)).toMatchObject({ kind: "lost", reason: "host_terminated", suspect: false })
  })

  test("and is asked again with less patience, has only that much left", async () => {
    const world = await start({ "stubborn.agent.js": stubborn })
    const key = world.dispatch("stubborn")
    await world.until((message) => message.kind === "started")
    world.host.cancel([{ key, graceMs: 3_600_000, reason: "enough" }])
    world.host.cancel([{ key, graceMs: 10, reason: "now" }])
    expect(await world.ending(key)).toEqual({ kind: "stopped", key, how: "terminated" })
  })

  test("because its time is over, is a timeout, whatever it says then", async () => {
    const world = await start({ "stubborn.agent.js": stubborn, "sleeper.agent.js": sleeper })
    expect(await world.call("sleeper", {}, { timeoutMs: 20 })).toMatchObject({
      kind: "failed",
      error: { class: "transient", kind: "timeout", code: "timeout", causes: ["The task's time of 20 ms is over."] },
    })
    expect(await world.call("stubborn", { afterMs: 0 }, { timeoutMs: 20 })).toMatchObject({
      kind: "failed",
      error: { kind: "timeout" },
    })
  })

  test("because its time is over, and hangs, is a timeout after its host was ended", async () => {
    const world = await start({ "busy.agent.js": busy, "echo.agent.js": echo })
    expect(await world.call("busy", {}, { timeoutMs: 20 })).toMatchObject({
      kind: "failed",
      error: { kind: "timeout" },
    })
    expect(await world.call("echo", 5)).toMatchObject({ kind: "succeeded", output: 5 })
  })

  test("before it began, never starts; so does one that nobody knows", async () => {
    const world = await start({ "busy.agent.js": busy, "echo.agent.js": echo })
    const hog = world.dispatch("busy")
    await world.until((message) => message.kind === "started" && message.key === hog)
    const key = world.dispatch("echo")
    world.host.cancel([
      { key, graceMs: 20, reason: "enough" },
      { key: "step_unknown#1#1", graceMs: 0, reason: "enough" },
    ])
    // The one before it is not ended for its sake; it gives the thread up for its own reasons.
    world.host.cancel([{ key: hog, graceMs: 60, reason: "too slow" }])
    expect(await world.ending(hog)).toEqual({ kind: "stopped", key: hog, how: "terminated" })
    expect(await world.ending(key)).toEqual({ kind: "stopped", key, how: "never_started" })
    expect(await world.ending("step_unknown#1#1")).toEqual({
      kind: "stopped",
      key: "step_unknown#1#1",
      how: "never_started",
    })
    expect(world.messages.some((message) => message.kind === "started" && message.key === key)).toBe(false)
  })
})

describe("beside a task that blocks its thread", () => {
  test("heartbeats are missing for all of that host, and what had not begun runs elsewhere under the same key", async () => {
    const world = await start({ "busy.agent.js": busy, "sleeper.agent.js": sleeper, "echo.agent.js": echo })
    const beside = world.dispatch("sleeper", {}, { heartbeatMs: 5 })
    await world.until((message) => message.kind === "heartbeat" && message.key === beside)
    const hog = world.dispatch("busy", {}, { heartbeatMs: 5 })
    await world.until((message) => message.kind === "started" && message.key === hog)
    const waiting = world.dispatch("echo", "later")
    world.host.cancel([{ key: hog, graceMs: 50, reason: "no heartbeat" }])
    expect(await world.ending(waiting)).toMatchObject({ kind: "succeeded", output: { result: "later" } })
    expect(world.messages.some((message) => message.kind === "heartbeat" && message.key === hog)).toBe(false)
    expect(world.messages.filter((message) => message.kind === "started" && message.key === waiting)).toHaveLength(1)
  })

  test("a second host is started for those that wait, when one more is allowed", async () => {
    const world = await start({ "busy.agent.js": busy, "echo.agent.js": echo }, { hostsMax: 2 })
    const hog = world.dispatch("busy")
    await world.until((message) => message.kind === "started" && message.key === hog)
    const first = world.dispatch("echo", 1)
    const rest = Array.from({ length: 40 }, (_, i) => world.dispatch("echo", i))
    const endings = await Promise.all(rest.slice(10).map((key) => world.ending(key)))
    expect(endings.every((ending) => ending.kind === "succeeded")).toBe(true)
    world.host.cancel([{ key: hog, graceMs: 0, reason: "enough" }])
    expect(await world.ending(first)).toMatchObject({ kind: "succeeded", output: 1 })
  })

  test("a delivery that may be poisonous runs in a host of its own and takes nobody along", async () => {
    const world = await start({
      "hog.agent.js": "export default { run: () => { const all = []; for (;;) all.push(new Array(1e5).fill({})) } }",
      "sleeper.agent.js": sleeper,
    })
    const beside = world.dispatch("sleeper")
    await world.until((message) => message.kind === "started" && message.key === beside)
    expect(await world.call("hog", {}, { alone: true, fence: 2 })).toMatchObject({
      kind: "lost",
      reason: "out_of_memory",
    })
    world.host.cancel([{ key: beside, graceMs: 5_000, reason: "enough" }])
    expect(await world.ending(beside)).toEqual({ kind: "stopped", key: beside, how: "signal" })
  })
})

describe("errors outside of a task's promise", () => {
  const wild = `export default { run: (input, ctx) => new Promise((resolve) => {
    ctx.signal.addEventListener("abort", () => input.settles && resolve("never mind"))
    if (input.how === "timer") setTimeout(() => { throw new RangeError("in a timer") })
    if (input.how === "rejection") Promise.reject(new Error("nobody awaited"))
    if (input.how === "emitter") setImmediate(() => new (require("node:events"))().emit("error", new Error("unheard")))
  }) }`

  test("fail the task in whose name they happened, and only that one", async () => {
    const world = await start({ "wild.agent.ts": wild, "sleeper.agent.js": sleeper, "echo.agent.js": echo })
    const beside = world.dispatch("sleeper")
    expect(await world.call("wild", { how: "timer", settles: true })).toMatchObject({
      kind: "failed",
      error: { class: "bug", code: "uncaught_exception", detail: "in a timer" },
    })
    expect(await world.call("wild", { how: "rejection", settles: true })).toMatchObject({
      kind: "failed",
      error: { class: "bug", code: "unhandled_rejection", detail: "nobody awaited" },
    })
    expect(await world.call("wild", { how: "emitter", settles: true })).toMatchObject({
      kind: "failed",
      error: { detail: "unheard" },
    })
    world.host.cancel([{ key: beside, graceMs: 5_000, reason: "enough" }])
    expect(await world.ending(beside)).toEqual({ kind: "stopped", key: beside, how: "signal" })
  })

  test("of a task that does not settle then, end it; its host takes no more and ends after the others", async () => {
    const world = await start({ "wild.agent.ts": wild, "sleeper.agent.js": sleeper, "echo.agent.js": echo })
    const beside = world.dispatch("sleeper")
    expect(await world.call("wild", { how: "timer", settles: false })).toMatchObject({
      kind: "failed",
      error: { code: "uncaught_exception" },
    })
    expect(await world.call("echo", 1)).toMatchObject({ kind: "succeeded" })
    world.host.cancel([{ key: beside, graceMs: 5_000, reason: "enough" }])
    expect(await world.ending(beside)).toEqual({ kind: "stopped", key: beside, how: "signal" })
  })

  test("that belong to no task are only logged", async () => {
    const world = await start({
      "late.agent.js": "export default { run: () => { setTimeout(() => { throw new Error('too late') }, 5) } }",
    })
    expect(await world.call("late")).toMatchObject({ kind: "succeeded", output: null })
    const log = await world.until((message) => message.kind === "log" && message.level === "error")
    expect(log).toMatchObject({ key: null, message: expect.stringContaining("too late") })
  })
})

describe("a server that is killed", () => {
  test("leaves no process behind, not even one that runs in circles", async () => {
    const entry = fileURLToPath(await workerEntry())
    harness = createHarness({ "busy.agent.js": busy })
    const settings = {
      outputBytesMax: 1_000,
      depthMax: 64,
      attachmentBytesMax: 0,
      attachmentsMax: 0,
      uncaughtGraceMs: 0,
    }
    const messages = [
      { kind: "load", environment: "default", directory: harness.directory, skip: [] },
      { kind: "run", task: makeTask("busy", {}, "step_1") },
    ]
    const server = `
      const host = require("node:child_process").fork(${JSON.stringify(entry)}, ['--waybill-agent-host=${JSON.stringify(settings)}'], { detached: true, serialization: "advanced" })
      const [load, run] = ${JSON.stringify(messages)}
      host.on("message", (frame) => {
        if (frame.includes('"loaded"')) host.send(JSON.stringify([run]))
        if (frame.includes('"started"')) console.log(host.pid)
      })
      host.send(JSON.stringify([load]))`
    const parent = spawn(process.execPath, ["-e", server], { stdio: ["ignore", "pipe", "inherit"] })
    const pid = Number(await new Promise((resolve) => parent.stdout.once("data", resolve)))
    expect(isRunning(pid)).toBe(true)
    parent.kill("SIGKILL")
    await vi.waitUntil(() => !isRunning(pid), { timeout: 30_000, interval: 50 })
  })
})

/** A process that ended and was not yet fetched by its new parent does not run. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const status = `/proc/${pid}/stat`
  return !existsSync(status) || !/\) Z /.test(readFileSync(status, "utf8"))
}

describe("closing", () => {
  test("waits for what runs, hands back what waits, and takes nothing more", async () => {
    const world = await start({
      "slow.agent.js": "export default { run: () => new Promise((resolve) => setTimeout(resolve, 100, 'done')) }",
    })
    const key = world.dispatch("slow")
    await world.until((message) => message.kind === "started")
    const closed = world.host.close(5_000)
    const late = world.dispatch("slow")
    await closed
    expect(await world.ending(key)).toMatchObject({ kind: "succeeded" })
    expect(await world.ending(late)).toMatchObject({ kind: "lost", reason: "drained", suspect: false })
  })

  test("hands back what does not end within the grace, without suspicion", async () => {
    const world = await start({ "sleeper.agent.js": sleeper })
    const key = world.dispatch("sleeper")
    await world.until((message) => message.kind === "started")
    await world.host.close(10)
    expect(await world.ending(key)).toMatchObject({ kind: "lost", reason: "drained", suspect: false })
  })
})

describe("an agent written with the SDK", () => {
  test("is an agent like any other, and its AgentError steers the retry", async () => {
    const sdk = fileURLToPath(new URL("../../sdk/src/define-agent.ts", import.meta.url))
    const world = await start({
      "charge.agent.ts": `
        import { AgentError, defineAgent } from ${JSON.stringify(sdk)}
        export default defineAgent<{ amount: number }, { charged: number }>({
          description: "Charges a card.",
          async run({ amount }, { log }) {
            log.info("charging", { amount })
            if (amount > 10) throw new AgentError("external_api", "card_declined", "The bank said no.", { retryAfterSeconds: 2, title: "Declined" })
            return { charged: amount }
          },
        })`,
    })
    expect(await world.call("charge", { amount: 3 })).toMatchObject({ kind: "succeeded", output: { charged: 3 } })
    expect(await world.call("charge", { amount: 30 })).toMatchObject({
      kind: "failed",
      error: {
        class: "external_api",
        kind: null,
        code: "card_declined",
        title: "Declined",
        detail: "The bank said no.",
        retryAfterSeconds: 2,
      },
    })
  })
})

describe("many calls", () => {
  test("at once are each answered exactly once, in batches", async () => {
    const world = await start({ "echo.agent.js": echo }, { hostsMax: 2 })
    let turns = 0
    const endings = new Map<string, number>()
    const done = new Promise<void>((resolve) =>
      world.host.onMessages((batch) => {
        turns++
        for (const message of batch) {
          if (isAgentEnding(message)) endings.set(message.key, (endings.get(message.key) ?? 0) + 1)
        }
        if (endings.size === 5_000) resolve()
      }),
    )
    world.host.dispatch(Array.from({ length: 5_000 }, (_, i) => makeTask("echo", { i }, `step_${i}`)))
    await done
    expect([...endings.values()].every((count) => count === 1)).toBe(true)
    expect(turns).toBeLessThan(1_000)
  })
})
