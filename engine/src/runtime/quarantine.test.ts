import { expect, test } from "vitest"
import { operator, World } from "../testing/world/world.ts"

const wait = `
id: wait
version: "1"
name: Waits a minute
states:
  - { name: rest, type: wait, seconds: 60, next: act }
  - { name: act, type: operation, action: agent.run, input: { agent: worker } }
`

/** The timer's decision cannot be stored, whatever is tried: the run is left alone. */
async function poisoned(): Promise<{ world: World; runId: string }> {
  const world = await World.open({ workflows: [wait], agents: { worker: () => ({ output: {} }) } })
  const runId = await world.started("wait")
  world.store.fault = (commits) =>
    commits.some((commit) => commit.runId === runId)
      ? { kind: "refused", runId, code: "constraint", message: "a row breaks a rule" }
      : null
  await world.advance(61_000)
  return { world, runId }
}

test("a run whose next step cannot be stored is left alone, and shown as waiting for an operator", async () => {
  const { world, runId } = await poisoned()
  expect(world.row(runId)).toMatchObject({ status: "RUNNING", reason: "timer" })
  const row = world.runtime.shown(world.row(runId))
  expect(row).toMatchObject({ status: "RUNNING", reason: "lost", blockedCount: 1 })
  expect(JSON.parse(row.blockedOn)).toMatchObject([
    { kind: "operator", who: ["role:operator"], name: "fire-timer cannot be stored: a row breaks a rule" },
  ])
})

test("the next process leaves it alone, too, with the same reason, until somebody asks for it", async () => {
  const { world, runId } = await poisoned()
  const before = world.runtime.shown(world.row(runId))
  world.kill()
  world.store.fault = () => null
  world.store.loads.length = 0
  await world.boot()
  await world.advance(120_000)
  expect(world.runtime.health().reasons).toEqual(["1 runs are quarantined"])
  expect(world.store.loads).not.toContain(runId)
  expect(world.runtime.shown(world.row(runId))).toMatchObject({ reason: "lost", blockedOn: expect.any(String) })
  expect(JSON.parse(world.runtime.shown(world.row(runId)).blockedOn)[0].name).toBe(JSON.parse(before.blockedOn)[0].name)
  expect(await world.runs.retryNow(operator, runId, null, null)).toMatchObject({ ok: true })
  await world.advance(1_000)
  expect(world.row(runId).status).toBe("COMPLETED")
  expect(world.marks.poison.size).toBe(0)
  world.kill()
  await world.boot()
  expect(world.runtime.health().reasons).toEqual([])
})

test("a run that could only not be read is read again by the next process", async () => {
  const world = await World.open({ workflows: [wait], agents: { worker: () => ({ output: {} }) } })
  const runId = await world.started("wait")
  world.kill()
  const stored = world.store.runs.get(runId)!
  const newest = stored.events.at(-1)!
  Object.assign(newest, { event: { ...newest.event, v: 99 } })
  await world.boot()
  await world.turn()
  expect(world.runtime.shown(world.row(runId)).reason).toBe("lost")
  world.kill()
  Object.assign(newest, { event: { ...newest.event, v: 1 } })
  await world.boot()
  await world.advance(61_000)
  expect(world.row(runId).status).toBe("COMPLETED")
})
