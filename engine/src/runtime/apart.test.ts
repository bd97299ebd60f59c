import { describe, expect, test } from "vitest"
import type { StartRequest } from "../door.ts"
import { World } from "../testing/world/world.ts"
import { defaultRuntimeLimits } from "./limits.ts"

const one = `
id: one
version: "1"
name: One step
states:
  - { name: act, type: operation, action: agent.run, input: { agent: worker } }
`

const backfill: Partial<StartRequest> = { origin: "backfill" }

async function opened(perAgent: number) {
  const runtime = { dispatcher: { ...defaultRuntimeLimits.dispatcher, perAgent } }
  const world = await World.open({ workflows: [one], agents: { worker: () => "hold" }, runtime })
  const start = async (count: number, more: Partial<StartRequest> = {}) => {
    for (let n = 0; n < count; n++) await world.started("one", {}, more)
  }
  const origin = (runId: string) => world.row(runId).origin
  /** What holds slots now. */
  const out = () => {
    const held = [...world.host.held.values()].map(({ runId }) => origin(runId))
    return { live: held.filter((one) => one === "live").length, apart: held.filter((one) => one !== "live").length }
  }
  /** Ends the oldest that is out, and tells what began in its place. */
  const end = async () => {
    const before = world.host.tasks.length
    world.host.end([...world.host.held.values()][0]!, { output: {} })
    await world.turn()
    return world.host.tasks.slice(before).map(({ runId }) => origin(runId))
  }
  return { world, start, out, end }
}

describe("backfills and replays beside production", () => {
  test("alone they use what is free, but for a quarter of the slots that whoever comes finds free", async () => {
    const { world, start, out } = await opened(16)
    await start(40, backfill)
    expect(out()).toEqual({ live: 0, apart: 12 })
    await start(4)
    expect(out()).toEqual({ live: 4, apart: 12 })
    expect(world.runtime.health()).toMatchObject({ queuedAttempts: 28 })
  })

  test("while production waits, all slots that they give back are production's until they hold a quarter", async () => {
    const { start, out, end } = await opened(16)
    await start(40, backfill)
    await start(40)
    const began: string[] = []
    for (let n = 0; n < 8; n++) began.push(...(await end()))
    expect(began).toEqual(Array(8).fill("live"))
    expect(out()).toEqual({ live: 12, apart: 4 })
  })

  test("they never stand still: of four steps that begin while both wait, one is theirs", async () => {
    const { start, out, end } = await opened(8)
    await start(40)
    await start(40, backfill)
    expect(out()).toEqual({ live: 8, apart: 0 })
    const began: string[] = []
    for (let n = 0; n < 8; n++) began.push(...(await end()))
    expect(began).toEqual([...Array(3).fill("live"), "backfill", ...Array(3).fill("live"), "backfill"])
    expect(out()).toEqual({ live: 6, apart: 2 })
  })

  test("an agent with one slot serves both, production first", async () => {
    const { start, end } = await opened(1)
    await start(9, backfill)
    await start(9)
    const began: string[] = []
    for (let n = 0; n < 17; n++) began.push(...(await end()))
    expect(began.slice(0, 8)).toEqual(["live", "live", "live", "backfill", "live", "live", "live", "backfill"])
    expect(began.filter((origin) => origin === "backfill")).toHaveLength(8)
    expect(await end()).toEqual([])
  })
})
