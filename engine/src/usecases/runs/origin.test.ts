import { describe, expect, test } from "vitest"
import { parseRunQuery, withQuery } from "../../core/views/run-language/index.ts"
import { noFilter } from "../../core/views/run-query.ts"
import { EngineWorld, workflow } from "../../testing/world/engine-world.ts"
import { operator } from "../../testing/world/world.ts"

const workflows = [
  workflow("child", [{ name: "first", type: "inject", data: { done: true }, end: true }], { start: "first" }),
  workflow("parent", [{ name: "delegate", type: "run", workflow: { id: "child", input: {} }, end: true }], {
    start: "delegate",
  }),
]
const again = { from: null, version: null, inputPatch: null, contextPatch: null, reason: "the service is back" }

async function counted(world: EngineWorld, query: string): Promise<number> {
  return (await world.engine.queries.countRuns(withQuery(noFilter, parseRunQuery(query)))).total
}

describe("what a run was started for", () => {
  test("is production where nothing is said, and nothing is written of it", async () => {
    const world = await EngineWorld.open({ workflows })
    const runId = await world.started("child")
    expect((await world.row(runId)).origin).toBe("live")
    const [created] = await world.engine.queries.events(runId, { after: 0, types: [], limit: 1 })
    expect(JSON.parse(created!.payload!).trigger).toEqual({ kind: "api" })
  })

  test("is said at the start, goes down to the runs that it starts, and finds them", async () => {
    const world = await EngineWorld.open({ workflows })
    await world.started("parent")
    const runId = await world.started("parent", {}, { origin: "backfill" })
    const children = await world.engine.queries.runs({ ...noFilter, parentRunId: runId }, "-startedAt", null, 9)
    expect(children).toMatchObject({ value: { items: [{ origin: "backfill", status: "COMPLETED" }] } })
    const named = await world.started("child", {}, { parentRunId: runId })
    expect((await world.row(named)).origin).toBe("backfill")
    expect([await counted(world, "origin:backfill"), await counted(world, "-origin:backfill")]).toEqual([3, 2])
    expect((await world.engine.queries.countRuns({ ...noFilter, origin: ["live"] })).total).toBe(2)
  })

  test("stays with a run that is run again, unless another is asked", async () => {
    const world = await EngineWorld.open({ workflows })
    const runId = await world.started("child", {}, { origin: "backfill" })
    const origins = [undefined, "live", "replay"].map(async (origin) => {
      const answer = await world.engine.runs.rerun(operator, runId, { ...again, origin: origin as "live" }, null)
      if (!answer.ok) throw new Error(answer.rejection.message)
      return (await world.row(answer.value.runId)).origin
    })
    expect(await Promise.all(origins)).toEqual(["backfill", "live", "replay"])
  })
})

test("a backfill is started no faster than it may be, and production is", async () => {
  const world = await EngineWorld.open({ workflows })
  for (let n = 0; n < 100; n += 1) await world.started("child", {}, { origin: "backfill" })
  await expect(world.started("child", {}, { origin: "backfill" })).rejects.toThrow("backfill_too_fast")
  await world.started("child")
  await world.advance(50)
  for (let n = 0; n < 5; n += 1) await world.started("child", {}, { origin: "backfill" })
  await expect(world.started("child", {}, { origin: "backfill" })).rejects.toThrow("at most 100 times a second")
  expect([await counted(world, "origin:backfill"), await counted(world, "origin:live")]).toEqual([105, 1])
})
