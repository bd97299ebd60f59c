import { describe, expect, test } from "vitest"
import type { Command } from "../core/run/commands.ts"
import type { RunState } from "../core/run/state.ts"
import { ScriptedHost } from "../testing/world/scripted-host.ts"
import { operator, World } from "../testing/world/world.ts"
import { Concurrency } from "./concurrency.ts"
import { Dispatcher } from "./dispatcher.ts"
import { defaultRuntimeLimits } from "./limits.ts"
import { Reconciler } from "./reconciler.ts"
import { RunActor } from "./run-actor.ts"
import { Timers } from "./timers.ts"

const busy = `
id: busy
version: "1"
name: One branch works, one rests, one listens
states:
  - name: all
    type: parallel
    branches:
      - { name: works, states: [{ name: act, type: operation, action: agent.run, input: { agent: worker } }] }
      - { name: queues, states: [{ name: also, type: operation, action: agent.run, input: { agent: worker } }] }
      - { name: rests, states: [{ name: rest, type: wait, seconds: 600 }] }
      - { name: hears, states: [{ name: hear, type: listen, signal: go }] }
`

const keyed = `
id: keyed
version: "1"
name: One at a time
concurrency: { key: k, limit: 1, onLimit: queue }
states: [{ name: hear, type: listen, signal: go }]
`

/** A reconciler over one run, beside a dispatcher and timers that have never heard of it. */
function reconcile(world: World, state: RunState) {
  const commands: Command[] = []
  const submit = (_runId: string, command: Command): void => void commands.push(command)
  const { clock } = world
  const log = { write: () => {} }
  const host = new ScriptedHost({})
  const dispatcher = new Dispatcher(
    { clock, host, logs: { keep: () => {} }, submit: () => {}, ended: () => {} },
    defaultRuntimeLimits.dispatcher,
  )
  const timers = new Timers(
    { clock, log, dueTimers: async () => [], fire: () => {}, fault: () => {} },
    defaultRuntimeLimits.timers,
  )
  const concurrency = new Concurrency({ submit })
  const actor = new RunActor(state.runId)
  actor.phase = "warm"
  actor.state = state
  const reconciler = new Reconciler(
    {
      clock,
      log,
      dispatcher,
      timers,
      concurrency,
      messages: { resend: async () => {} },
      actors: () => [actor],
      submit,
    },
    defaultRuntimeLimits.reconciler,
  )
  return { reconciler, commands, dispatcher, timers, concurrency, actor }
}

const stateOf = (world: World, runId: string): Promise<RunState> => world.runtime.inspect(runId, (state) => state!)

describe("the reconciler", () => {
  test("leaves runs alone that have what they are owed, whatever they wait for", async () => {
    const world = await World.open({ workflows: [busy, keyed], agents: { worker: () => "hold" } })
    await world.started("busy")
    await world.started("keyed")
    await world.started("keyed")
    const paused = await world.started("busy")
    await world.runs.pause(operator, paused, null, null)
    await world.advance(300_000)
    expect(world.runtime.health().counters).toMatchObject({ repairs: 0 })
  })

  test("misses every leaf that nothing is there for, leaf by leaf, and repairs in the second sweep", async () => {
    const world = await World.open({
      workflows: [busy],
      agents: { worker: () => "hold" },
      runtime: { dispatcher: { ...defaultRuntimeLimits.dispatcher, perAgent: 1 } },
    })
    const state = await stateOf(world, await world.started("busy"))
    const { reconciler, commands, dispatcher, timers } = reconcile(world, state)
    timers.start()
    await world.turn()
    reconciler.sweep()
    expect(commands).toEqual([])
    reconciler.sweep()
    const [running, queued, resting] = [...state.visits.values()].filter((visit) => visit.phase.kind !== "holding")
    expect(commands).toEqual([
      { kind: "repair", leaf: running!.stepId, why: "its delivery is not out" },
      { kind: "lose-attempt", stepId: running!.stepId, attempt: 1, fence: 1, reason: "repaired", counted: false },
      { kind: "repair", leaf: queued!.stepId, why: "it stands in no queue" },
      { kind: "repair", leaf: resting!.stepId, why: "its timer is not armed" },
    ])
    expect(dispatcher.waits(queued!.stepId)).toBe(true)
    expect(timers.near).toBe(1)
    expect(reconciler.repairs).toBe(3)
  })

  test("does not judge a run while a command for it is on its way", async () => {
    const world = await World.open({ workflows: [busy], agents: { worker: () => "hold" } })
    const state = await stateOf(world, await world.started("busy"))
    const { reconciler, commands, actor } = reconcile(world, state)
    actor.undurable = 1
    for (let n = 0; n < 3; n++) reconciler.sweep()
    expect(commands).toEqual([])
  })

  test("puts a run that waits for its key back in line", async () => {
    const world = await World.open({ workflows: [keyed] })
    await world.started("keyed")
    const state = await stateOf(world, await world.started("keyed"))
    const { reconciler, commands, concurrency } = reconcile(world, state)
    reconciler.sweep()
    reconciler.sweep()
    expect(commands[0]).toEqual({ kind: "repair", leaf: "run", why: "it does not wait for its concurrency key" })
    expect(concurrency.knows(state.runId)).toBe(true)
  })
})
