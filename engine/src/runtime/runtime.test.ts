import { describe, expect, test } from "vitest"
import { World } from "../testing/world/world.ts"

const one = `
id: one
version: "1"
name: One step
states:
  - name: greet
    type: operation
    action: agent.run
    input: { agent: greeter, variables: { who: "{{ ctx.who }}" } }
    resultPath: greeting
`

const three = `
id: three
version: "1"
name: Three steps
states:
  - { name: first, type: operation, action: agent.run, input: { agent: greeter }, resultPath: a, next: second }
  - { name: second, type: operation, action: agent.run, input: { agent: greeter }, resultPath: b, next: third }
  - { name: third, type: operation, action: agent.run, input: { agent: greeter }, resultPath: c }
`

const greeter = { greeter: () => ({ output: { hello: "world" } }) }

describe("a run from start to end", () => {
  test("a one-step run is two commits", async () => {
    const world = await World.open({ workflows: [one], agents: greeter })
    const runId = await world.started("one", { who: "Ada" })
    expect(world.row(runId)).toMatchObject({ status: "COMPLETED", succeededCount: 1 })
    expect(world.host.tasks[0]?.input).toEqual({ who: "Ada" })
    expect(world.store.batches).toEqual([[runId], [runId]])
    expect(await world.runs.settled(runId, 0)).toBe("COMPLETED")
  })

  test("a three-step run is four commits", async () => {
    const world = await World.open({ workflows: [three], agents: greeter })
    const runId = await world.started("three")
    expect(world.row(runId).status).toBe("COMPLETED")
    expect(world.store.batches).toHaveLength(4)
  })
})
