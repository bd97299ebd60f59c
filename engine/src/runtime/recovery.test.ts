import { describe, expect, test } from "vitest"
import { operator, World } from "../testing/world/world.ts"
import { defaultRuntimeLimits } from "./limits.ts"

const work = `
id: work
version: "1"
name: Two steps of work
states:
  - { name: first, type: operation, action: agent.run, input: { agent: worker }, resultPath: a, next: second }
  - { name: second, type: operation, action: agent.run, input: { agent: worker }, resultPath: b }
`

const twoWays = `
id: ways
version: "1"
name: One branch works, the other waits for a word
states:
  - name: both
    type: parallel
    branches:
      - name: a
        states: [{ name: early, type: operation, action: agent.run, input: { agent: worker } }]
      - name: b
        states:
          - { name: hear, type: listen, signal: go, next: late }
          - { name: late, type: operation, action: agent.run, input: { agent: worker } }
`

const park = `
id: park
version: "1"
name: Waits long
states:
  - { name: rest, type: wait, seconds: 3600, next: ask }
  - { name: ask, type: operation, action: human.approval, input: { message: "Go on?" }, next: hear }
  - { name: hear, type: listen, signal: go }
`

describe("a process that dies and comes back", () => {
  test("runs that were executing go on: the same attempt is delivered again under a higher fence", async () => {
    const world = await World.open({ workflows: [work], agents: { worker: () => "hold" } })
    const runId = await world.started("work")
    world.kill()
    await world.boot({ worker: () => ({ output: {} }) })
    await world.turn()
    expect(world.row(runId).status).toBe("COMPLETED")
    expect(world.story(runId, /^step/)).toEqual([
      "step.scheduled first",
      "step.started first",
      "step.lost first",
      "step.redelivered first",
      "step.started first",
      "step.succeeded first",
      "step.scheduled second",
      "step.started second",
      "step.succeeded second",
    ])
    const [again] = world.host.tasks
    expect(again).toMatchObject({ attempt: 1, fence: 2, idempotencyKey: `${runId}/${again?.stepId}/1` })
    expect(again?.alone).toBeUndefined()
  })

  test("two hundred runs in flight all finish without any time passing", async () => {
    const dispatcher = { ...defaultRuntimeLimits.dispatcher, perAgent: 64 }
    const world = await World.open({ workflows: [work], agents: { worker: () => "hold" }, runtime: { dispatcher } })
    const runs: string[] = []
    for (let n = 0; n < 200; n++) runs.push(await world.started("work"))
    expect(world.runtime.health()).toMatchObject({ runningAttempts: 64, queuedAttempts: 136 })
    world.kill()
    await world.boot({ worker: () => ({ output: {} }) })
    await world.turn()
    expect(runs.filter((runId) => world.row(runId).status !== "COMPLETED")).toEqual([])
    expect(world.marks.counts.size).toBe(0)
    expect(world.runtime.health()).toMatchObject({ openRuns: 0, reasons: [] })
  })

  test("a step that takes its process down three times fails as lost, and runs alone before that", async () => {
    const world = await World.open({ workflows: [work], agents: { worker: () => "hold" } })
    const runId = await world.started("work")
    const alone: (boolean | undefined)[] = []
    for (let crash = 0; crash < 3; crash++) {
      world.kill()
      await world.boot({ worker: () => "hold" })
      await world.advance(10_000)
      alone.push(world.host.tasks[0]?.alone)
    }
    expect(alone).toEqual([undefined, true, undefined])
    expect(world.row(runId)).toMatchObject({ status: "FAILED", errorCode: "lost" })
  })

  test("a run whose resuming ended the process twice is left alone, and retry-now tries it again", async () => {
    const world = await World.open({ workflows: [work], agents: { worker: () => "hold" } })
    const poison = await world.started("work")
    const good = await world.started("work")
    // Twice the process dies between the mark and its clearing; the second time only one run was being resumed.
    world.kill()
    world.marks.counts.set(poison, 2).set(good, 1)
    await world.boot({ worker: () => ({ output: {} }) })
    await world.turn()
    expect(world.row(good).status).toBe("COMPLETED")
    expect(world.row(poison).status).toBe("RUNNING")
    expect(world.runtime.health().reasons).toEqual(["1 runs are quarantined"])
    expect(await world.runs.cancel(operator, poison, { reason: null, force: false }, null)).toMatchObject({
      ok: false,
      rejection: { code: "run_quarantined" },
    })
    expect((await world.runs.retryNow(operator, poison, null, null)).ok).toBe(true)
    await world.turn()
    expect(world.row(poison).status).toBe("COMPLETED")
    expect(world.story(poison, /repaired/)).toEqual(["run.repaired"])
    expect(world.marks.counts.size).toBe(0)
  })

  test("a run is marked before it is looked at, so that a boot that dies leaves a trace", async () => {
    const world = await World.open({ workflows: [work], agents: { worker: () => "hold" } })
    const runId = await world.started("work")
    world.kill()
    const load = world.store.load.bind(world.store)
    const marked: number[] = []
    world.store.load = (id, codec) => {
      marked.push(world.marks.counts.get(id) ?? 0)
      return load(id, codec)
    }
    await world.boot({ worker: () => ({ output: {} }) })
    await world.turn()
    expect(world.row(runId).status).toBe("COMPLETED")
    expect(marked[0]).toBe(1)
    expect(world.marks.counts.size).toBe(0)
  })

  test("an attempt that this process has begun before it came to the run is left alone", async () => {
    const world = await World.open({ workflows: [twoWays], agents: { worker: () => "hold" } })
    const runId = await world.started("ways")
    world.kill()
    let open = (): void => {}
    const add = world.marks.add.bind(world.marks)
    world.marks.add = async (runIds) => {
      await new Promise<void>((resolve) => {
        open = resolve
      })
      return add(runIds)
    }
    await world.boot()
    await world.runs.signal(operator, runId, { name: "go", id: "1", data: null }, null)
    await world.turn()
    expect(world.host.tasks.map((task) => task.fence)).toEqual([1])
    open()
    await world.turn()
    // The one that died with its process is sent again, the fresh one is not.
    expect(world.host.tasks.map((task) => task.fence)).toEqual([1, 2])
    expect(world.story(runId, /step.lost/)).toEqual(["step.lost early"])
  })

  test("an event of a later release quarantines its run and never the boot", async () => {
    const world = await World.open({ workflows: [work], agents: { worker: () => "hold" } })
    const strange = await world.started("work")
    const good = await world.started("work")
    world.kill()
    const { events } = world.store.runs.get(strange)!
    events[0] = { ...events[0]!, event: { ...events[0]!.event, v: 2 } }
    await world.boot({ worker: () => ({ output: {} }) })
    await world.turn()
    expect(world.row(good).status).toBe("COMPLETED")
    expect(await world.runs.pause(operator, strange, null, null)).toMatchObject({
      ok: false,
      rejection: {
        code: "run_quarantined",
        message: "the run cannot be decided: event 1 is run.created v2, which this release does not know",
      },
    })
  })

  test("runs that only wait are let go of memory, and are woken by their timer, a person and a signal", async () => {
    const world = await World.open({ workflows: [park] })
    const runs: string[] = []
    for (let n = 0; n < 50; n++) runs.push(await world.started("park"))
    world.kill()
    await world.boot()
    expect(world.runtime.health().counters).toMatchObject({ runsInMemory: 0 })
    await world.advance(3_600_000)
    expect(new Set(runs.map((runId) => world.row(runId).status))).toEqual(new Set(["WAITING_APPROVAL"]))
    world.kill()
    await world.boot()
    expect(world.runtime.health().counters).toMatchObject({ runsInMemory: 0 })
    for (const row of [...world.store.approvals.values()]) {
      const decision = { outcome: "approve", comment: null, form: null, contentHash: null }
      expect((await world.runs.decideApproval(operator, row.runId, row.approvalId, decision, null)).ok).toBe(true)
    }
    world.kill()
    world.store.loads.length = 0
    await world.boot()
    expect(world.store.loads).toEqual([])
    for (const runId of runs) await world.runs.signal(operator, runId, { name: "go", id: "1", data: null }, null)
    await world.turn()
    expect(new Set(runs.map((runId) => world.row(runId).status))).toEqual(new Set(["COMPLETED"]))
  })

  test("memory keeps no more idle runs than it is told to", async () => {
    const world = await World.open({
      workflows: [park],
      runtime: { actors: { ...(await import("./run-actors.ts")).defaultActorLimits, countMax: 10 } },
    })
    for (let n = 0; n < 100; n++) await world.started("park")
    expect(world.runtime.health()).toMatchObject({ openRuns: 100, counters: { runsInMemory: 10 } })
  })

  test("a drain hands deliveries back without counting them, and the next process takes them", async () => {
    const world = await World.open({ workflows: [work], agents: { worker: () => "hold" } })
    const runId = await world.started("work")
    const drained = world.runtime.drain(1_000)
    await world.advance(2_000)
    await drained
    expect(await world.start("work")).toMatchObject({ ok: false, rejection: { code: "draining" } })
    expect(world.story(runId, /^step/)).toEqual([
      "step.scheduled first",
      "step.started first",
      "step.lost first",
      "step.redelivered first",
    ])
    world.kill()
    await world.boot({ worker: () => ({ output: {} }) })
    await world.turn()
    expect(world.row(runId).status).toBe("COMPLETED")
  })

  test("a restored store hands nothing to agents until somebody has looked", async () => {
    const world = await World.open({
      workflows: [work],
      agents: { worker: () => ({ output: {} }) },
      holdDispatch: true,
    })
    const runId = await world.started("work")
    expect([world.row(runId).status, world.host.tasks.length]).toEqual(["RUNNING", 0])
    expect(world.runtime.releaseDispatch()).toBe(true)
    await world.turn()
    expect(world.row(runId).status).toBe("COMPLETED")
    expect(world.runtime.releaseDispatch()).toBe(false)
  })
})
