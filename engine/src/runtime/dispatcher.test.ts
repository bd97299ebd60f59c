import { describe, expect, test } from "vitest"
import type { Usage } from "../core/run/events.ts"
import type { AgentUsage } from "../ports/agent-host.ts"
import { operator, World } from "../testing/world/world.ts"
import { defaultRuntimeLimits } from "./limits.ts"

const step = (id: string, agent: string, more = "") => `
id: ${id}
version: "1"
name: One step
states:
  - { name: act, type: operation, action: agent.run, input: { agent: ${agent} }${more} }
`

const many = `
id: many
version: "1"
name: Many items
inputSchema: { type: object }
states:
  - name: each
    type: foreach
    itemsPath: ctx.items
    itemName: item
    maxConcurrency: 100
    iterator:
      states:
        - { name: act, type: operation, action: agent.run, input: { agent: worker } }
`

const slots = (perAgent: number, overall = 1_024) => ({
  dispatcher: { ...defaultRuntimeLimits.dispatcher, perAgent, overall },
})

describe("handing steps to agents", () => {
  test("an agent gets no more steps at once than it has slots, and the next when one ends", async () => {
    const world = await World.open({
      workflows: [step("s", "worker")],
      agents: { worker: () => "hold" },
      runtime: slots(2),
    })
    for (let n = 0; n < 5; n++) await world.started("s")
    expect(world.host.tasks).toHaveLength(2)
    expect(world.runtime.health()).toMatchObject({ runningAttempts: 2, queuedAttempts: 3 })
    world.host.end(world.host.tasks[0]!, { output: {} })
    await world.turn()
    expect(world.host.tasks).toHaveLength(3)
    expect(world.runtime.health()).toMatchObject({ runningAttempts: 2, queuedAttempts: 2 })
  })

  test("a slow agent does not hold up the steps of another", async () => {
    const world = await World.open({
      workflows: [step("slow", "slow"), step("fast", "fast")],
      agents: { slow: () => "hold", fast: () => ({ output: {} }) },
      runtime: slots(2),
    })
    for (let n = 0; n < 10; n++) await world.started("slow")
    const fast = await world.started("fast")
    expect(world.row(fast).status).toBe("COMPLETED")
  })

  test("a workspace with hundreds of runs that wait lets a run of another in between", async () => {
    const world = await World.open({
      workflows: [step("s", "worker")],
      agents: { worker: () => "hold" },
      runtime: slots(2),
    })
    for (let n = 0; n < 300; n++) void world.start("s")
    await world.turn()
    const other = await world.start("s", {}, {}, null, world.runsIn("other"))
    await world.turn()
    const runId = other.ok ? other.value.runId : ""
    for (let n = 0; n < 4; n++) {
      world.host.end([...world.host.held.values()][0]!, { output: {} })
      await world.turn()
    }
    expect(world.row(runId)).toMatchObject({ status: "COMPLETED", workspaceId: "other" })
    expect(world.runtime.health().queuedAttempts).toBeGreaterThan(290)
  })

  test("a run with a hundred items lets a small run in between", async () => {
    const world = await World.open({
      workflows: [many, step("s", "worker")],
      agents: { worker: () => "hold" },
      runtime: slots(1),
    })
    await world.started("many", { items: Array.from({ length: 100 }, (_, n) => n) })
    const small = await world.started("s")
    for (let n = 0; n < 3; n++) {
      world.host.end([...world.host.held.values()][0]!, { output: {} })
      await world.turn()
    }
    expect(world.row(small).status).toBe("COMPLETED")
  })

  test("a run with a hundred items leaves a quarter of its agent's slots to runs that come", async () => {
    const world = await World.open({
      workflows: [many, step("s", "worker")],
      agents: { worker: () => "hold" },
      runtime: slots(8),
    })
    await world.started("many", { items: Array.from({ length: 100 }, (_, n) => n) })
    expect(world.runtime.health()).toMatchObject({ runningAttempts: 6, queuedAttempts: 94 })
    for (let n = 0; n < 3; n++) await world.started("s")
    expect(world.runtime.health()).toMatchObject({ runningAttempts: 8, queuedAttempts: 95 })
  })

  test("a run that asks many agents leaves a quarter of all slots to runs that come", async () => {
    const names = Array.from({ length: 10 }, (_, n) => `worker${n}`)
    const branches = names.map(
      (agent) =>
        `{ name: ${agent}, states: [{ name: act, type: operation, action: agent.run, input: { agent: ${agent} } }] }`,
    )
    const wide = `{ id: wide, version: "1", name: Many agents, states: [{ name: all, type: parallel, branches: [${branches}] }] }`
    const world = await World.open({
      workflows: [wide, step("s", "worker0")],
      agents: Object.fromEntries(names.map((agent) => [agent, () => "hold"])),
      runtime: slots(4, 8),
    })
    await world.started("wide")
    expect(world.runtime.health()).toMatchObject({ runningAttempts: 6, queuedAttempts: 4 })
    for (let n = 0; n < 3; n++) await world.started("s")
    expect(world.runtime.health()).toMatchObject({ runningAttempts: 8, queuedAttempts: 5 })
  })

  test.each([2, 3])(
    "a run alone may have all of an agent's %i slots; whoever comes gets the next",
    async (perAgent) => {
      const world = await World.open({
        workflows: [many, step("s", "worker")],
        agents: { worker: () => "hold" },
        runtime: slots(perAgent),
      })
      await world.started("many", { items: Array.from({ length: 100 }, (_, n) => n) })
      expect(world.runtime.health()).toMatchObject({ runningAttempts: perAgent })
      const small = await world.started("s")
      for (let n = 0; n < 2; n++) {
        world.host.end([...world.host.held.values()][0]!, { output: {} })
        await world.turn()
      }
      expect(world.host.tasks.map(({ runId }) => runId)).toContain(small)
    },
  )

  test("the slots overall hold across agents", async () => {
    const world = await World.open({
      workflows: [step("a", "a"), step("b", "b")],
      agents: { a: () => "hold", b: () => "hold" },
      runtime: slots(64, 3),
    })
    for (let n = 0; n < 3; n++) {
      await world.started("a")
      await world.started("b")
    }
    expect(world.runtime.health()).toMatchObject({ runningAttempts: 3, queuedAttempts: 3 })
  })

  test("a step whose agent went away waits for it, out of the way of the others", async () => {
    const world = await World.open({
      workflows: [step("s", "worker"), step("t", "other")],
      agents: { worker: () => "hold", other: () => ({ output: {} }) },
      runtime: slots(1),
    })
    await world.started("s")
    const waiting = await world.started("s")
    world.host.change("worker", null)
    world.host.end(world.host.tasks[0]!, { output: {} })
    await world.turn()
    expect(world.row(waiting)).toMatchObject({ status: "RUNNING", reason: "agent_missing" })
    expect(JSON.parse(world.row(waiting).blockedOn)).toMatchObject([{ kind: "agent", name: "act", who: ["worker"] }])
    expect(world.runtime.health().reasons).toEqual(["1 steps wait for an agent that is not loaded"])
    expect(world.row(await world.started("t")).status).toBe("COMPLETED")
    world.host.change("worker", () => ({ output: {} }))
    await world.turn()
    expect(world.row(waiting).status).toBe("COMPLETED")
  })

  test("a host that says its agent is missing gives the step back to the queue", async () => {
    const world = await World.open({ workflows: [step("s", "worker")], agents: { worker: () => "hold" } })
    const runId = await world.started("s")
    const [task] = world.host.tasks
    world.host.change("worker", null)
    world.host.say({ kind: "missing", key: task!.key, detail: "reloaded" })
    await world.turn()
    expect(world.runtime.health()).toMatchObject({ runningAttempts: 0, counters: { agentsMissing: 1 } })
    world.host.change("worker", () => ({ output: {} }))
    await world.turn()
    expect(world.row(runId)).toMatchObject({ status: "COMPLETED" })
    expect(world.host.tasks.map((sent) => sent.attempt)).toEqual([1, 1])
  })

  test("what an agent used is summed into its step", async () => {
    const world = await World.open({
      workflows: [step("s", "worker")],
      agents: { worker: () => ({ output: {}, usage: { tokens: 12, costUsd: 0.5 } }) },
    })
    expect(world.row(await world.started("s"))).toMatchObject({ tokens: 12, costUsd: 0.5 })
  })

  test("what an agent used of each model stands beside the sums, and more than eight models are in the sums only", async () => {
    const world = await World.open({ workflows: [step("s", "worker")], agents: { worker: () => "hold" } })
    const runId = await world.started("s")
    const [task] = world.host.tasks
    const say = (report: AgentUsage) => world.host.say({ kind: "usage", key: task!.key, ...report })
    say({ tokens: 100, model: "gpt-4o-mini", provider: "openai", parameters: { temperature: 1 } })
    say({ tokens: 20, costUsd: 0.5, model: "gpt-4o-mini", provider: "openai", parameters: { temperature: 0 } })
    for (let i = 0; i < 9; i++) say({ tokens: 1, model: `other-${i}` })
    say({ tokens: 3 })
    world.host.end(task!, { output: {} })
    await world.turn()
    const ended = world.store.runs.get(runId)!.events.find(({ event }) => event.type === "step.succeeded")!
    const { usage } = JSON.parse(ended.event.payload) as { usage: Usage }
    expect(usage).toMatchObject({ tokens: 132, costUsd: 0.5 })
    expect(usage.models).toHaveLength(8)
    expect(usage.models![0]).toEqual({
      model: "gpt-4o-mini",
      provider: "openai",
      parameters: { temperature: 0 },
      tokens: 120,
      costUsd: 0.5,
    })
    expect(world.row(runId)).toMatchObject({ tokens: 132, costUsd: 0.5 })
  })

  test("an agent's error carries its class, code and causes to the run", async () => {
    const error = {
      class: "policy_denied",
      code: "card_declined",
      title: "Declined",
      detail: "no money",
      causes: ["outer", "inner"],
    } as const
    const world = await World.open({ workflows: [step("s", "worker")], agents: { worker: () => ({ error }) } })
    const runId = await world.started("s")
    expect(world.row(runId)).toMatchObject({
      status: "FAILED",
      errorCode: "card_declined",
      errorClass: "policy_denied",
    })
    const failed = world.store.runs.get(runId)!.events.find(({ event }) => event.type === "step.failed")!
    expect(JSON.parse(failed.event.payload).error.cause).toMatchObject({ detail: "outer", cause: { detail: "inner" } })
  })

  test("a delivery whose host died is repeated, and from the second death on it runs alone", async () => {
    let deliveries = 0
    const world = await World.open({
      workflows: [step("s", "worker")],
      agents: { worker: () => (++deliveries < 3 ? { lost: "out of memory" } : { output: {} }) },
    })
    const runId = await world.started("s")
    await world.advance(1_000)
    expect(world.row(runId).status).toBe("COMPLETED")
    expect(world.host.tasks.map(({ attempt, fence, alone }) => [attempt, fence, alone ?? false])).toEqual([
      [1, 1, false],
      [1, 2, true],
      [1, 3, true],
    ])
  })

  test("a cancelled run asks its agent to stop, and ends when the agent has", async () => {
    const world = await World.open({ workflows: [step("s", "worker")], agents: { worker: () => "hold" } })
    const runId = await world.started("s")
    const cancelled = await world.runs.cancel(operator, runId, { reason: "enough", force: false }, null)
    expect(cancelled).toMatchObject({ ok: true, value: { status: "RUNNING", reason: "cancelling" } })
    await world.turn()
    expect(world.host.cancels).toHaveLength(1)
    expect(world.row(runId).status).toBe("CANCELLED")
  })

  test("a host that does not answer a cancel does not keep the run for ever, and its result is kept beside history", async () => {
    const world = await World.open({ workflows: [step("s", "worker")], agents: { worker: () => "hold" } })
    world.host.onCancel = "never"
    const runId = await world.started("s")
    await world.runs.cancel(operator, runId, { reason: null, force: false }, null)
    await world.advance(19_000)
    expect(world.row(runId).status).toBe("RUNNING")
    await world.advance(2_000)
    expect(world.row(runId).status).toBe("CANCELLED")
    expect(world.runtime.health().runningAttempts).toBe(1)
    const before = world.store.runs.get(runId)!.events.length
    world.host.end(world.host.tasks[0]!, { output: { late: true } })
    await world.turn()
    expect(world.store.lateResults).toMatchObject([{ runId, fence: 1, result: '{"late":true}' }])
    expect(world.store.runs.get(runId)!.events).toHaveLength(before)
    expect(world.runtime.health()).toMatchObject({ runningAttempts: 0, counters: { lateResults: 1 } })
  })

  test("an attempt over its time is ended by the engine when its host does not end it", async () => {
    const world = await World.open({
      workflows: [step("s", "worker", ", timeoutSeconds: 5")],
      agents: { worker: () => "hold" },
    })
    const runId = await world.started("s")
    await world.advance(14_000)
    expect(world.host.cancels).toEqual([])
    await world.advance(2_000)
    expect(world.host.cancels).toHaveLength(1)
    expect(world.row(runId)).toMatchObject({ status: "FAILED", errorCode: "timeout" })
  })

  test("an executor that gives no sign of life for three heartbeats is given up", async () => {
    const world = await World.open({
      workflows: [step("s", "worker", ", heartbeatSeconds: 10")],
      agents: { worker: () => "hold" },
    })
    const runId = await world.started("s")
    const [task] = world.host.tasks
    for (let n = 0; n < 6; n++) {
      await world.advance(10_000)
      world.host.say({ kind: "heartbeat", key: task!.key })
    }
    expect(world.host.cancels).toEqual([])
    await world.advance(31_000)
    expect(world.row(runId)).toMatchObject({ status: "FAILED", errorCode: "heartbeat_missed" })
  })

  test("a run whose executor missed two heartbeats is stalled, until it is heard again or given up; a slow one is not", async () => {
    const world = await World.open({
      workflows: [step("s", "worker", ", heartbeatSeconds: 10")],
      agents: { worker: () => "hold" },
    })
    const runId = await world.started("s")
    const [task] = world.host.tasks
    await world.advance(15_000)
    expect(world.runtime.stalledRuns()).toEqual([])
    world.host.say({ kind: "heartbeat", key: task!.key })
    await world.advance(20_000)
    expect(world.runtime.stalledRuns()).toEqual([])
    await world.advance(1_000)
    expect(world.runtime.stalledRuns()).toEqual([runId])
    world.host.say({ kind: "heartbeat", key: task!.key })
    await world.advance(1_000)
    expect(world.runtime.stalledRuns()).toEqual([])
    await world.advance(60_000)
    expect([world.row(runId).status, world.runtime.stalledRuns()]).toEqual(["FAILED", []])
  })

  test("a code that loops for ever is given up after 30 s also where its author gave neither timeout nor heartbeat", async () => {
    const world = await World.open({
      workflows: [step("s", "worker", "")],
      agents: { worker: () => "hold" },
      runtime: defaultRuntimeLimits,
    })
    const runId = await world.started("s")
    expect(world.host.tasks).toMatchObject([{ timeoutMs: null, heartbeatMs: 10_000 }])
    await world.advance(29_000)
    expect(world.host.cancels).toEqual([])
    await world.advance(2_000)
    expect(world.row(runId)).toMatchObject({ status: "FAILED", errorCode: "heartbeat_missed" })
  })

  test("among several on one silent thread nobody is blamed: each is repeated alone, and who is silent there has failed", async () => {
    const world = await World.open({
      workflows: [step("s", "worker", ", heartbeatSeconds: 10")],
      agents: { worker: () => "hold" },
    })
    world.host.onCancel = "never"
    const runs = [await world.started("s"), await world.started("s")]
    await world.advance(32_000)
    expect(world.host.cancels).toHaveLength(2)
    for (const { key } of world.host.cancels) world.host.say({ kind: "stopped", key, how: "terminated", shared: true })
    await world.advance(1_000)
    const again = world.host.tasks.slice(2)
    expect(again).toMatchObject([
      { attempt: 1, fence: 2, alone: true },
      { attempt: 1, fence: 2, alone: true },
    ])
    const [good, bad] = runs.map((runId) => again.find((task) => task.runId === runId)!)
    world.host.end(good!, { output: {} })
    await world.advance(32_000)
    world.host.say({ kind: "stopped", key: bad!.key, how: "terminated" })
    await world.turn()
    expect(runs.map((runId) => world.row(runId).errorCode ?? world.row(runId).status)).toEqual([
      "COMPLETED",
      "heartbeat_missed",
    ])
  })

  test("when the engine itself stood still, nobody is blamed for silence", async () => {
    const world = await World.open({
      workflows: [step("s", "worker", ", heartbeatSeconds: 10")],
      agents: { worker: () => "hold" },
    })
    const runId = await world.started("s")
    // Two minutes pass in which no timer is served.
    world.clock.stall(120_000)
    await world.turn()
    expect(world.host.cancels).toEqual([])
    world.host.say({ kind: "heartbeat", key: world.host.tasks[0]!.key })
    await world.advance(20_000)
    expect(world.row(runId).status).toBe("RUNNING")
  })
})
