import { describe, expect, test } from "vitest"
import { parseDefinition } from "../core/definition/index.ts"
import { encodeState } from "../core/run/snapshot.ts"
import type { Clock } from "../ports/clock.ts"
import type { RunStore } from "../ports/store.ts"
import { operator, World } from "../testing/world/world.ts"
import { defaultLoaderLimits, type Loaded, type LoaderLimits, RunLoader } from "./run-loader.ts"
import { eventWeight } from "./run-weight.ts"

const long = `
id: long
version: "1"
name: Many items, then three signals
states:
  - name: each
    type: foreach
    itemsPath: ctx.items
    iterator: { states: [{ name: act, type: operation, action: agent.run, input: { agent: worker } }] }
    next: first
  - { name: first, type: listen, signal: go, next: second }
  - { name: second, type: listen, signal: go, next: third }
  - { name: third, type: listen, signal: go }
`

const loader = { ...defaultLoaderLimits, foldBytesPerTurn: 8_000 }
const inOne = { ...loader, foldBytesPerTurn: Number.POSITIVE_INFINITY }

async function waiting(items: number): Promise<{ readonly world: World; readonly runId: string }> {
  const world = await World.open({
    workflows: [long],
    agents: { worker: () => ({ output: {} }) },
    runtime: { loader },
  })
  const runId = await world.started("long", { items: Array.from({ length: items }, (_, n) => n) })
  return { world, runId }
}

/** Loads runs of a world as another process would, and counts the turns of the loop that it gives back. */
function counting(world: World, limits: LoaderLimits, store: RunStore = world.store) {
  const turns: (() => void)[] = []
  const clock: Clock = {
    now: () => 0,
    monotonic: () => 0,
    setTimer(delayMs, wake) {
      expect(delayMs).toBe(0)
      turns.push(wake)
      setImmediate(wake)
      return () => {}
    },
  }
  const { definition } = parseDefinition(long)
  const reading = new RunLoader(
    { clock, store, definitions: { resolve: () => expect.unreachable(), byHash: () => definition } },
    limits,
  )
  const load = (runId: string): Promise<Extract<Loaded, { kind: "run" }>> =>
    new Promise((resolve, reject) => {
      reading.load(
        runId,
        (loaded) => (loaded.kind === "run" ? resolve(loaded) : reject(new Error(loaded.kind))),
        reject,
      )
    })
  return { load, turns }
}

describe("reading a run with a long tail of events", () => {
  test("gives the loop back after every slice, and comes to the same state", async () => {
    const { world, runId } = await waiting(60)
    const { events, snapshot } = world.store.runs.get(runId)!
    expect(snapshot).toBeNull()
    const bytes = events.reduce((sum, { event }) => sum + eventWeight(event), 0)
    const largest = Math.max(...events.map(({ event }) => eventWeight(event)))
    const sliced = counting(world, loader)
    const inSlices = await sliced.load(runId)
    expect(sliced.turns.length).toBeLessThanOrEqual(bytes / loader.foldBytesPerTurn)
    expect(sliced.turns.length).toBeGreaterThanOrEqual(Math.floor(bytes / (loader.foldBytesPerTurn + largest)))
    const whole = counting(world, inOne)
    const inOnePiece = await whole.load(runId)
    expect(whole.turns).toHaveLength(0)
    expect(encodeState(inSlices.state)).toBe(encodeState(inOnePiece.state))
  })

  test("is read page by page, with a turn before each, and comes to the same state", async () => {
    const { world, runId } = await waiting(60)
    const paged = counting(world, { ...inOne, eventsPerPage: 100 })
    const inPages = await paged.load(runId)
    expect(paged.turns).toHaveLength(Math.ceil(inPages.state.seq / 100) - 1)
    const inOnePiece = await counting(world, inOne).load(runId)
    expect(encodeState(inPages.state)).toBe(encodeState(inOnePiece.state))
    expect(inPages.eventBytes).toBe(inOnePiece.eventBytes)
  })

  test("is told from a run whose events are missing, and from one that is gone", async () => {
    const { world, runId } = await waiting(60)
    const { load } = counting(world, { ...inOne, eventsPerPage: 100 })
    const { events } = world.store.runs.get(runId)!
    const cut = events.splice(150)
    await expect(load(runId)).rejects.toThrow("unusable")
    events.push(...cut)
    const reading = load(runId)
    world.store.runs.delete(runId)
    await expect(reading).rejects.toThrow("absent")
  })

  test.each([
    ["all its events", 0],
    ["the oldest of them", 120],
  ])("is past its retention, and not broken, where %s go while it is read", async (_what, kept) => {
    const { world, runId } = await waiting(60)
    const { events } = world.store.runs.get(runId)!
    let isCleared = false
    const store = Object.assign(Object.create(world.store) as RunStore, {
      load: async (...asked: Parameters<RunStore["load"]>) => ({ ...(await world.store.load(...asked)), isCleared }),
      eventsAfter: async (...asked: Parameters<RunStore["eventsAfter"]>) => {
        isCleared = true
        events.splice(0, events.length - kept)
        return world.store.eventsAfter(...asked)
      },
    })
    await expect(counting(world, { ...inOne, eventsPerPage: 100 }, store).load(runId)).rejects.toThrow("expired")
  })

  test("does not hold up another run that is read meanwhile", async () => {
    const { world, runId } = await waiting(60)
    const small = await world.started("long", { items: [] })
    const { load } = counting(world, loader)
    const order: string[] = []
    await Promise.all([load(runId).then(() => order.push("long")), load(small).then(() => order.push("small"))])
    expect(order).toEqual(["small", "long"])
  })

  test("signals that come while it is read are taken afterwards, in the order they came", async () => {
    const { world, runId } = await waiting(60)
    world.kill()
    await world.boot()
    const send = (n: number) => world.runs.signal(operator, runId, { name: "go", id: `go-${n}`, data: n }, null)
    const sent = [send(1), send(2), send(3)]
    await world.turn()
    expect((await Promise.all(sent)).every((answer) => answer.ok)).toBe(true)
    expect(world.row(runId).status).toBe("COMPLETED")
    const taken = world.store.runs.get(runId)!.events.filter(({ event }) => event.type === "signal.received")
    expect(taken.map(({ event }) => (JSON.parse(event.payload) as { id: string }).id)).toEqual(["go-1", "go-2", "go-3"])
  })
})
