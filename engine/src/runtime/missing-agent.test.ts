import { describe, expect, test } from "vitest"
import { operator, World } from "../testing/world/world.ts"

const step = (id: string, agent: string, more = "") => `
id: ${id}
version: "1"
name: One step
states:
  - { name: act, type: operation, action: agent.run, input: { agent: ${agent}, variables: { n: 1 } }${more} }
`
const fine = () => ({ output: { fine: true } })
const blockers = (world: World, runId: string) => JSON.parse(world.row(runId).blockedOn) as unknown[]

describe("an agent whose file is gone (rule 21)", () => {
  test("is waited for by a run that begins meanwhile, which says so, and goes on when the file is back", async () => {
    const world = await World.open({ workflows: [step("s", "worker")], agents: { other: fine } })
    const runId = await world.started("s")
    expect(world.row(runId)).toMatchObject({ status: "RUNNING", reason: "agent_missing", blockedCount: 1 })
    expect(blockers(world, runId)).toMatchObject([{ kind: "agent", name: "act", who: ["worker"], until: null }])
    expect(world.runtime.missingAgents("default")).toEqual(new Map([["worker", 1]]))
    world.host.change("worker", fine)
    await world.turn()
    expect(world.row(runId).status).toBe("COMPLETED")
    expect(world.story(runId, /^step/)).toEqual([
      "step.agent_missing act",
      "step.agent_found act",
      "step.scheduled act",
      "step.started act",
      "step.succeeded act",
    ])
    expect(world.runtime.missingAgents("default").size).toBe(0)
  })

  test("is still waited for after a restart, by a step before its first attempt and by one that was to be repeated", async () => {
    const retry = ", retry: { maxAttempts: 2, backoffSeconds: 10 }"
    const world = await World.open({
      workflows: [step("s", "worker"), step("t", "flaky", retry)],
      agents: { flaky: () => ({ error: { class: "transient", code: "busy" } }) },
    })
    const runs = [await world.started("s"), await world.started("t")]
    world.host.change("flaky", null)
    world.host.change("other", fine)
    await world.advance(10_000)
    expect(runs.map((runId) => world.row(runId).reason)).toEqual(["agent_missing", "agent_missing"])
    world.kill()
    await world.boot({ other: fine })
    await world.advance(60_000)
    expect(runs.map((runId) => world.row(runId).reason)).toEqual(["agent_missing", "agent_missing"])
    world.host.change("worker", fine)
    world.host.change("flaky", fine)
    await world.turn()
    expect(runs.map((runId) => world.row(runId).status)).toEqual(["COMPLETED", "COMPLETED"])
    expect(world.host.tasks.map(({ agent, attempt }) => `${agent} ${attempt}`).sort()).toEqual(["flaky 2", "worker 1"])
  })

  test("does not outlast the time that the step has in all, nor a cancel", async () => {
    const world = await World.open({
      workflows: [step("s", "worker", ", totalTimeoutSeconds: 60"), step("t", "worker")],
      agents: { other: fine },
    })
    const [timed, cancelled] = [await world.started("s"), await world.started("t")]
    expect(blockers(world, timed!)).toMatchObject([{ kind: "agent", until: world.clock.now() + 60_000 }])
    await world.advance(60_000)
    expect(world.row(timed!)).toMatchObject({ status: "FAILED", errorCode: "state_timeout" })
    await world.runs.cancel(operator, cancelled!, { reason: null, force: false }, null)
    await world.turn()
    expect(world.row(cancelled!).status).toBe("CANCELLED")
    expect(world.runtime.missingAgents("default").size).toBe(0)
  })

  test("is not called missing before the first load of its environment", async () => {
    const world = await World.open({ workflows: [step("s", "worker")], agents: { worker: () => "hold" } })
    const runId = await world.started("s")
    world.kill()
    await world.boot({})
    expect(world.row(runId).reason).not.toBe("agent_missing")
    await world.advance(30_000)
    expect(world.row(runId).reason).toBe("agent_missing")
  })

  test("a name that was worked out on the way and is none fails at once", async () => {
    const world = await World.open({ workflows: [step("s", '"{{ ctx.who }}"')], agents: { other: fine } })
    const runId = await world.started("s", { who: "nobody" })
    expect(world.row(runId)).toMatchObject({ status: "FAILED", errorCode: "agent_unknown" })
  })
})

test("attempts that are used up, where the author says so, wait for a person, and it is said for whom", async () => {
  const world = await World.open({
    workflows: [step("s", "worker", ", retry: { maxAttempts: 1, onExhausted: pause }")],
    agents: { worker: () => ({ error: { class: "bug", code: "broken" } }) },
  })
  const runId = await world.started("s")
  expect(world.row(runId)).toMatchObject({ status: "RUNNING", reason: "exhausted", blockedCount: 1 })
  expect(blockers(world, runId)).toMatchObject([{ kind: "operator", name: "act", who: ["role:operator"], until: null }])
  world.host.change("worker", fine)
  expect(await world.runs.retryNow(operator, runId, null, null)).toMatchObject({ ok: true })
  await world.turn()
  expect(world.row(runId)).toMatchObject({ status: "COMPLETED", blockedCount: 0 })
})
