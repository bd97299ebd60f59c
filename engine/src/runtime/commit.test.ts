import { describe, expect, test } from "vitest"
import type { RunCommands } from "../door.ts"
import type { RunCommit } from "../ports/store.ts"
import { operator, World } from "../testing/world/world.ts"
import { defaultRuntimeLimits } from "./limits.ts"
import { RunActor } from "./run-actor.ts"
import { RunLine } from "./run-line.ts"

const work = `
id: work
version: "1"
name: One step of work
states:
  - { name: act, type: operation, action: agent.run, input: { agent: worker } }
`

const gate = `
id: gate
version: "1"
name: Waits for a word
states:
  - { name: hear, type: listen, signal: go, resultPath: heard }
`

const fan = `
id: fan
version: "1"
name: A hundred and fifty at once
states:
  - name: each
    type: foreach
    itemsPath: [${[...Array(150).keys()].join(", ")}]
    maxConcurrency: 150
    iterator:
      states:
        - { name: act, type: operation, action: agent.run, input: { agent: worker } }
    end: true
`

const refused = (runId: string | null, code: "constraint" | "disk_full" | "stale_seq" | "epoch_lost") =>
  ({ kind: "refused", runId, code, message: `as told: ${code}` }) as const

const inBatch = (commits: readonly RunCommit[], runId: string): boolean =>
  commits.some((commit) => commit.runId === runId)

describe("the group commit", () => {
  test("runs that are decided while a commit is on its way share the next one", async () => {
    const world = await World.open({ workflows: [work], agents: { worker: () => "hold" } })
    let open = (): void => {}
    world.store.gate = new Promise((resolve) => {
      open = resolve
    })
    void world.start("work")
    await world.turn()
    for (let n = 0; n < 20; n++) {
      void world.start("work")
      await world.turn()
    }
    expect(world.store.batches).toEqual([])
    world.store.gate = null
    open()
    await world.turn()
    expect(world.store.batches.map((batch) => batch.length)).toEqual([1, 20])
  })

  test("a run with many results puts less into each commit while others wait for it", async () => {
    const world = await World.open({ workflows: [work, fan], agents: { worker: () => "hold" } })
    const largest = { alone: 0, beside: 0 }
    let when: keyof typeof largest = "alone"
    const big = await world.started("fan")
    world.store.fault = (commits) => {
      for (const { runId, events } of commits) if (runId === big) largest[when] = Math.max(largest[when], events.length)
      return null
    }
    const held = [...world.host.held.values()]
    for (const task of held.slice(0, 70)) world.host.end(task, { output: {} })
    await world.turn()
    when = "beside"
    world.host.end(held[70]!, { output: {} })
    void world.start("work")
    await world.turn()
    for (const task of held.slice(71, 140)) world.host.end(task, { output: {} })
    await world.turn()
    expect(largest.beside).toBeGreaterThan(0)
    expect(largest.beside * 2).toBeLessThan(largest.alone)
  })

  test("nothing is answered, handed to an agent or published before it is durable", async () => {
    const world = await World.open({ workflows: [work], agents: { worker: () => "hold" } })
    const heard: string[] = []
    world.runtime.feed.subscribe((events) => heard.push(...events.map((event) => event.type)))
    let open = (): void => {}
    world.store.gate = new Promise((resolve) => {
      open = resolve
    })
    let answered = false
    const answer = world.start("work").then(() => {
      answered = true
    })
    await world.turn()
    expect([answered, world.host.tasks.length, heard]).toEqual([false, 0, []])
    world.store.gate = null
    open()
    await answer
    await world.turn()
    expect([answered, world.host.tasks.length]).toEqual([true, 1])
    expect(heard[0]).toBe("run.created")
  })

  test("a commit that may or may not be stored ends the process, and nobody is answered", async () => {
    const world = await World.open({ workflows: [work], agents: { worker: () => "hold" } })
    world.store.fault = () => ({ kind: "unknown", message: "the disk said EIO" })
    let answered = false
    void world.start("work").then(() => {
      answered = true
    })
    await world.turn()
    expect(world.deaths).toEqual(["a commit may or may not be stored: the disk said EIO"])
    expect([answered, world.host.tasks.length, world.runtime.health().ready]).toEqual([false, 0, false])
  })

  test("one poisonous run fails alone, and the others of its batch are stored", async () => {
    const world = await World.open({ workflows: [gate], agents: {} })
    const runs = [await world.started("gate"), await world.started("gate"), await world.started("gate")]
    const [first, poison, last] = runs as [string, string, string]
    world.store.fault = (commits) => (inBatch(commits, poison) ? refused(poison, "constraint") : null)
    const answers = runs.map((runId) => world.runs.signal(operator, runId, { name: "go", id: "1", data: runId }, null))
    await world.turn()
    expect(world.row(first).status).toBe("COMPLETED")
    expect(world.row(last).status).toBe("COMPLETED")
    expect(world.row(poison).status).toBe("WAITING_SIGNAL")
    const [a, b, c] = await Promise.all(answers)
    expect([a?.ok, b?.ok, c?.ok]).toEqual([true, false, true])
    expect(b).toMatchObject({ rejection: { code: "internal_error" } })
    // The refused run is as it was before, and takes the next word.
    world.store.fault = () => null
    expect(await world.runs.signal(operator, poison, { name: "go", id: "2", data: null }, null)).toMatchObject({
      ok: true,
    })
    await world.turn()
    expect(world.row(poison).status).toBe("COMPLETED")
  })

  test("what was decided on top of a refused commit is decided again, and slots it took are free", async () => {
    const world = await World.open({ workflows: [work], agents: { worker: () => "hold" }, runtime: {} })
    let open = (): void => {}
    world.store.gate = new Promise((resolve) => {
      open = resolve
    })
    const first = world.start("work")
    await world.turn()
    const second = world.start("work")
    await world.turn()
    let faults = 1
    world.store.fault = () => (faults-- > 0 ? refused(null, "constraint") : null)
    world.store.gate = null
    open()
    await world.turn()
    expect((await first).ok && (await second).ok).toBe(true)
    expect(world.host.tasks).toHaveLength(2)
    expect(world.runtime.health()).toMatchObject({ runningAttempts: 2, openRuns: 2 })
    // One batch was refused, then both runs were stored one by one.
    expect(world.store.batches.map((batch) => batch.length)).toEqual([1, 1, 1])
  })

  test.each(["disk_full", "constraint"] as const)(
    "a run that has used up its share of a batch goes on behind a commit that was refused (%s)",
    async (code) => {
      const world = await World.open({ workflows: [fan], agents: { worker: () => "hold" } })
      const runId = await world.started("fan")
      await world.turn()
      let open = (): void => {}
      world.store.gate = new Promise((resolve) => {
        open = resolve
      })
      for (const task of [...world.host.tasks]) world.host.end(task, { output: { text: "x".repeat(2_000) } })
      await world.turn()
      let faults = 1
      world.store.fault = () => (faults-- > 0 ? refused(null, code) : null)
      world.store.gate = null
      open()
      // No other run commits anything that would wake it by accident.
      await world.advance(5_000)
      expect(faults).toBeLessThan(1)
      expect(world.row(runId).status).toBe("COMPLETED")
    },
  )

  test("a start that can never be stored leaves no slot behind", async () => {
    const { dispatcher } = defaultRuntimeLimits
    const runtime = { dispatcher: { ...dispatcher, perAgent: 1 } }
    const world = await World.open({ workflows: [work], agents: { worker: () => "hold" }, runtime })
    world.store.fault = () => refused(null, "constraint")
    expect(await world.start("work")).toMatchObject({ ok: false, rejection: { code: "internal_error" } })
    world.store.fault = () => null
    await world.started("work")
    expect(world.host.tasks).toHaveLength(1)
  })

  test("a refusal that rests on a decision waits until that is durable", async () => {
    const world = await World.open({ workflows: [gate] })
    const runId = await world.started("gate")
    let open = (): void => {}
    world.store.gate = new Promise((resolve) => {
      open = resolve
    })
    const answers: string[] = []
    const cancel = (name: string): void =>
      void world.runs.cancel(operator, runId, { reason: null, force: false }, null).then((answer) => {
        answers.push(`${name} ${answer.ok ? answer.value.status : answer.rejection.code}`)
      })
    cancel("first")
    await world.turn()
    cancel("second")
    await world.turn()
    expect(answers).toEqual([])
    world.store.gate = null
    open()
    await world.turn()
    expect(answers).toEqual(["first CANCELLED", "second run_finished"])
  })

  test("a result that cannot be stored becomes a failure of its step", async () => {
    const world = await World.open({ workflows: [work], agents: { worker: () => ({ output: { bad: "\ud800" } }) } })
    world.store.fault = (commits) =>
      commits.some((commit) => commit.events.some((event) => event.payload.includes("\\ud800")))
        ? refused(null, "constraint")
        : null
    const runId = await world.started("work")
    expect(world.row(runId)).toMatchObject({ status: "FAILED", errorCode: "result_not_storable" })
  })

  test("on a full disk starts are refused and results wait until there is room", async () => {
    const world = await World.open({ workflows: [work], agents: { worker: () => "hold" } })
    const runId = await world.started("work")
    let full = true
    world.store.fault = () => (full ? refused(null, "disk_full") : null)
    world.host.end(world.host.tasks[0]!, { output: { done: true } })
    await world.turn()
    expect(await world.start("work")).toMatchObject({ ok: false, rejection: { code: "store_unavailable" } })
    expect(world.runtime.health().ready).toBe(false)
    await world.advance(5_000)
    expect(world.row(runId).status).toBe("RUNNING")
    full = false
    await world.advance(1_000)
    expect(world.row(runId).status).toBe("COMPLETED")
    expect((await world.start("work")).ok).toBe(true)
  })

  test("a process that lost its epoch stops", async () => {
    const world = await World.open({ workflows: [work], agents: { worker: () => "hold" } })
    world.store.fault = () => refused(null, "epoch_lost")
    void world.start("work")
    await world.turn()
    expect(world.deaths).toEqual(["as told: epoch_lost"])
  })

  test("a flood of starts in one workspace waits for itself: a start in another is next, and is not refused with them", async () => {
    const world = await World.open({
      workflows: [work],
      agents: { worker: () => "hold" },
      runtime: { actors: { ...defaultRuntimeLimits.actors, batchBytesMax: 20_000 } },
    })
    const other = world.runsIn("other")
    const begins: string[] = []
    const begin = (who: string, runs?: RunCommands) =>
      world.start("work", {}, {}, null, runs).then((answer) => {
        begins.push(answer.ok ? who : `${who} ${answer.rejection.code}`)
      })
    let open = (): void => {}
    world.store.gate = new Promise((resolve) => {
      open = resolve
    })
    const flood = Array.from({ length: 500 }, () => begin("flood"))
    await world.turn()
    const one = begin("other", other)
    await world.turn()
    world.store.gate = null
    open()
    await world.turn()
    await Promise.all([...flood, one])
    // Behind what was decided before it came.
    expect(begins.indexOf("other")).toBeGreaterThan(0)
    expect(begins.indexOf("other")).toBeLessThan(50)
    expect(begins.filter((who) => who === "flood")).toHaveLength(500)
  })

  test("a workspace whose starts wait too long is refused more of them, and another is not", async () => {
    const line = new RunLine()
    for (let i = 0; i < 3; i++) line.pushStart(new RunActor(`flood_${i}`), "flood", 100 + i)
    line.pushStart(new RunActor("other_0"), "other", 900)
    expect([line.oldestStartAt("flood"), line.oldestStartAt("other"), line.oldestStartAt("third")]).toEqual([
      100,
      900,
      null,
    ])
    expect(line.oldestStartAt(null)).toBe(100)
    const order = Array.from({ length: 5 }, () => line.shift()?.runId)
    expect(order).toEqual(["flood_0", "other_0", "flood_1", "flood_2", undefined])
    expect(line.oldestStartAt(null)).toBeNull()
  })

  test("when the store is too slow starts are refused, and signals are still taken", async () => {
    const world = await World.open({ workflows: [work, gate], agents: { worker: () => "hold" } })
    const waiting = await world.started("gate")
    let open = (): void => {}
    world.store.gate = new Promise((resolve) => {
      open = resolve
    })
    void world.start("work")
    await world.turn()
    await world.advance(600)
    expect(await world.start("work")).toMatchObject({ ok: false, rejection: { code: "overloaded" } })
    const signalled = world.runs.signal(operator, waiting, { name: "go", id: "1", data: null }, null)
    world.store.gate = null
    open()
    await world.turn()
    expect((await signalled).ok).toBe(true)
    expect((await world.start("work")).ok).toBe(true)
  })

  test("the feed carries every event in commit order, and the store gives the same", async () => {
    const world = await World.open({ workflows: [gate, work], agents: { worker: () => ({ output: {} }) } })
    const heard: { position: number; runId: string; seq: number }[] = []
    world.runtime.feed.subscribe((events) =>
      heard.push(...events.map(({ position, runId, seq }) => ({ position, runId, seq }))),
    )
    await Promise.all([world.start("work"), world.start("gate"), world.start("work")])
    await world.turn()
    expect(heard.map((event) => event.position)).toEqual(heard.map((_, index) => index + 1))
    const stored = await world.runtime.feed.since(0, 10_000)
    expect(stored.map(({ position, runId, seq }) => ({ position, runId, seq }))).toEqual(heard)
    expect(world.runtime.feed.head()).toBe(heard.length)
  })
})
