import { describe, expect, test } from "vitest"
import { operator, World } from "../testing/world/world.ts"
import { defaultRuntimeLimits } from "./limits.ts"

const large = "x".repeat(100_000)

/** Writes a large value, then routes by it and hands it to an agent: both need the value itself. */
const heavy = `
id: heavy
version: "1"
name: A large value
states:
  - { name: make, type: operation, action: agent.run, input: { agent: maker }, resultPath: made, next: wait }
  - { name: wait, type: listen, signal: go, resultPath: word, next: route }
  - name: route
    type: switch
    conditions: [{ if: "len(made.text) > 1000", next: use }]
    defaultNext: small
  - { name: use, type: operation, action: agent.run, input: { agent: user, variables: { text: "{{ ctx.made.text }}" } }, resultPath: used, end: true }
  - { name: small, type: inject, data: {} }
`

/** Two large values at once, both looked at when both are there. */
const pair = `
id: pair
version: "1"
name: Two large values
states:
  - name: both
    type: parallel
    branches:
      - { name: a, states: [{ name: left, type: operation, action: agent.run, input: { agent: maker }, resultPath: x }] }
      - { name: b, states: [{ name: right, type: operation, action: agent.run, input: { agent: maker }, resultPath: y }] }
    resultPath: made
    next: route
  - name: route
    type: switch
    conditions: [{ if: "len(made.a.x.text) + len(made.b.y.text) > 200000", next: long }]
    defaultNext: short
  - { name: long, type: inject, data: {}, end: true }
  - { name: short, type: inject, data: {} }
`

const chain = `
id: chain
version: "1"
name: A long chain
states:
  - name: turns
    type: loop
    maxIterations: 1000
    while: index < 300
    do: { states: [{ name: act, type: operation, action: agent.run, input: { agent: maker }, resultPath: last }] }
`

const resting = `
id: resting
version: "1"
name: Works and rests by turns
states:
  - name: turns
    type: loop
    maxIterations: 60
    do:
      states:
        - { name: act, type: operation, action: agent.run, input: { agent: maker }, resultPath: last, next: rest }
        - { name: rest, type: wait, seconds: 1 }
`

const actors = { ...defaultRuntimeLimits.actors, snapshotBytesMin: 20_000 }

describe("what a run keeps in memory", () => {
  test("a large value lies beside the events, and is read back when a decision needs it", async () => {
    const world = await World.open({
      workflows: [heavy],
      agents: { maker: () => ({ output: { text: large } }), user: () => ({ output: {} }) },
    })
    const runId = await world.started("heavy")
    const stored = world.store.runs.get(runId)!
    expect([...world.store.blobTexts.values()]).toEqual([JSON.stringify({ text: large })])
    expect(Math.max(...stored.events.map(({ event }) => event.payload.length))).toBeLessThan(10_000)
    // Another process: neither the run nor the value is in memory.
    world.kill()
    await world.boot()
    await world.runs.signal(operator, runId, { name: "go", id: "1", data: null }, null)
    await world.turn()
    expect(world.row(runId).status).toBe("COMPLETED")
    expect(world.host.tasks.at(-1)?.input).toEqual({ text: large })
  })

  test("a value that was dropped from memory before it is stored is waited for", async () => {
    const limits = {
      actors: { ...defaultRuntimeLimits.actors, runBytesPerBatch: 1 << 20, sharedRunBytesPerBatch: 1 << 20 },
      blobCacheBytesMax: 1,
    }
    const world = await World.open({
      workflows: [pair],
      agents: { maker: (task) => ({ output: { text: large + task.stepId } }) },
      runtime: limits,
    })
    const runId = await world.started("pair")
    expect(world.row(runId)).toMatchObject({ status: "COMPLETED", errorMessage: null })
    expect(world.story(runId, /state.entered (long|short)/)).toEqual(["state.entered long"])
    expect(world.store.loads).toContain(runId)
  })

  test("a large value that is not stored any more quarantines its run with the reason", async () => {
    const world = await World.open({
      workflows: [heavy],
      agents: { maker: () => ({ output: { text: large } }), user: () => ({ output: {} }) },
    })
    const runId = await world.started("heavy")
    world.kill()
    world.store.blobTexts.clear()
    await world.boot()
    const answer = await world.runs.signal(operator, runId, { name: "go", id: "1", data: null }, null)
    expect(answer).toMatchObject({ ok: false, rejection: { code: "run_quarantined" } })
    expect(world.runtime.health().reasons).toEqual(["1 runs are quarantined"])
  })

  test("dropping every run from memory at every rest changes nothing in what happens", async () => {
    const outcomes: string[][] = []
    const snapshots: number[] = []
    for (const evict of [false, true]) {
      const world = await World.open({
        workflows: [resting],
        agents: { maker: (task) => ({ output: { n: task.fence } }) },
        runtime: { actors: { ...actors, countMax: evict ? 0 : 512 } },
      })
      const runId = await world.started("resting")
      await world.advance(100_000)
      expect(world.store.loads).toHaveLength(evict ? 60 : 0)
      outcomes.push(world.story(runId))
      snapshots.push(world.store.runs.get(runId)!.snapshot!.seq)
      expect(world.row(runId).status).toBe("COMPLETED")
    }
    expect(outcomes[1]).toEqual(outcomes[0])
    // What is read is counted as what was decided: the next snapshot is due at the same event.
    expect(snapshots[1]).toBe(snapshots[0])
  })

  test("a long run is read from its last snapshot and a few events, and goes on from there", async () => {
    let held = 0
    const world = await World.open({
      workflows: [chain],
      agents: { maker: () => (++held === 250 ? "hold" : { output: {} }) },
      runtime: { actors },
    })
    const runId = await world.started("chain")
    const { events, snapshot } = world.store.runs.get(runId)!
    expect(snapshot).not.toBeNull()
    expect(events.length - snapshot!.seq).toBeLessThan(events.length / 4)
    world.kill()
    await world.boot({ maker: () => ({ output: {} }) })
    await world.turn()
    expect(world.row(runId)).toMatchObject({ status: "COMPLETED", succeededCount: 300 + 1 })
  })

  test("a run with a large input is not written down a second time right behind its start", async () => {
    const world = await World.open({
      workflows: [resting],
      agents: { maker: () => ({ output: {} }) },
      runtime: { actors },
    })
    const without = await world.started("resting")
    const withInput = await world.started("resting", { text: large.slice(0, 60_000) })
    await world.advance(10_000)
    expect(world.store.runs.get(without)!.snapshot).not.toBeNull()
    expect(world.store.runs.get(withInput)!.snapshot).toBeNull()
  })

  test("a run takes no more commands at once than its mailbox holds", async () => {
    const world = await World.open({
      workflows: [heavy],
      agents: { maker: () => "hold" },
      runtime: { actors: { ...actors, mailboxMax: 5 } },
    })
    const runId = await world.started("heavy")
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        world.runs.signal(operator, runId, { name: "go", id: String(n), data: null }, null),
      ),
    )
    expect(answers.map((answer) => (answer.ok ? "taken" : answer.rejection.code))).toEqual([
      ...Array(5).fill("taken"),
      ...Array(3).fill("mailbox_full"),
    ])
  })
})
