import { describe, expect, test } from "vitest"
import type { Json } from "../../core/json.ts"
import { operator, World } from "../../testing/world/world.ts"

const again = { from: "failed", version: null, inputPatch: null, contextPatch: null, reason: "once more" }

const caught = `
id: caught
version: "1"
name: Deals with its first failure
timeoutSeconds: 60
states:
  - { name: first, type: operation, action: agent.run, input: { agent: broken }, catch: [{ next: second }], next: second }
  - { name: second, type: operation, action: agent.run, input: { agent: last } }
output: { schema: { type: object, required: [fine] } }
`

const large = `
id: large
version: "1"
name: Reads a large page
states:
  - { name: fetch, type: operation, action: agent.run, input: { agent: page }, resultPath: page, next: use }
  - { name: use, type: operation, action: agent.run, input: { agent: broken, variables: { text: "{{ ctx.page.text }}" } } }
`

const down = () => ({ error: { detail: "down" } })

async function failedRun(workflow: string, agents: ConstructorParameters<typeof World>[0]["agents"], limits = {}) {
  const world = await World.open({ workflows: [workflow], agents: agents!, limits })
  const runId = await world.started(workflow.match(/id: (\w+)/)![1]!)
  return { world, runId }
}

describe("from the step that failed", () => {
  test("is the one that ended the run, not one whose failure was dealt with", async () => {
    const { world, runId } = await failedRun(caught, { broken: down, last: down })
    expect(world.row(runId).status).toBe("FAILED")
    expect(await world.runs.planRerun(operator, runId, again)).toMatchObject({ ok: true, value: { from: "second" } })
  })

  test("is the one that was under way when the run's time was over, or when somebody cancelled it", async () => {
    for (const end of ["timeout", "cancel"]) {
      const { world, runId } = await failedRun(caught, { broken: down, last: () => "hold" })
      if (end === "timeout") await world.advance(60_000)
      else await world.runs.cancel(operator, runId, { reason: null, force: false }, null)
      await world.turn()
      expect(world.row(runId).status).toBe(end === "timeout" ? "TIMED_OUT" : "CANCELLED")
      expect(await world.runs.planRerun(operator, runId, again)).toMatchObject({ ok: true, value: { from: "second" } })
    }
  })

  test("says which single steps inside it act again, those that had succeeded, too", async () => {
    const inner = (name: string, agent: string) =>
      `{ name: ${name}, type: operation, action: agent.run, input: { agent: ${agent} } }`
    const both = `
id: both
version: "1"
name: Two at once
states:
  - { name: before, type: operation, action: agent.run, input: { agent: fine }, next: at_once }
  - name: at_once
    type: parallel
    branches:
      - { name: left, states: [${inner("book", "fine")}] }
      - { name: right, states: [${inner("pay", "broken")}] }
`
    const { world, runId } = await failedRun(both, { fine: () => ({ output: {} }), broken: down })
    const plan = await world.runs.planRerun(operator, runId, again)
    expect(plan).toMatchObject({
      value: {
        from: "at_once",
        reused: ["before"],
        actsAgain: ["at_once"],
        steps: [
          { name: "book", branchPath: "at_once/left", what: "agent", agent: "fine", status: "SUCCEEDED" },
          { name: "pay", branchPath: "at_once/right", what: "agent", agent: "broken", status: "FAILED" },
        ],
        stepsCount: 2,
      },
    })
  })

  test("there is none when every state ended as its author meant", async () => {
    const { world, runId } = await failedRun(caught, { broken: down, last: () => ({ output: {} }) })
    expect(world.row(runId)).toMatchObject({ status: "FAILED", errorCode: "output_invalid" })
    expect(await world.runs.planRerun(operator, runId, again)).toMatchObject({
      ok: false,
      rejection: { code: "nothing_failed" },
    })
  })
})

describe("the context that a re-run begins with", () => {
  const text = "x".repeat(70_000)

  test("has its large values read in", async () => {
    const { world, runId } = await failedRun(large, { page: () => ({ output: { text } }), broken: down })
    const answer = await world.runs.rerun(operator, runId, again, null)
    await world.turn()
    expect(answer.ok).toBe(true)
    expect(world.host.tasks.map((task) => [task.agent, (task.input as { text?: Json }).text === text])).toEqual([
      ["page", false],
      ["broken", true],
      ["broken", true],
    ])
  })

  test("is refused when it is more than a run may hold", async () => {
    const { world, runId } = await failedRun(
      large,
      { page: () => ({ output: { text } }), broken: down },
      { contextBytesMax: 20_000 },
    )
    expect(await world.runs.rerun(operator, runId, again, null)).toMatchObject({
      ok: false,
      rejection: { code: "value_too_large" },
    })
  })
})

describe("a dry run", () => {
  const typed = `
id: typed
version: "1"
name: Wants a number
inputSchema: { type: object, properties: { n: { type: integer } } }
states:
  - { name: first, type: operation, action: agent.run, input: { agent: broken } }
`

  test("refuses what the re-run itself would refuse", async () => {
    const { world, runId } = await failedRun(typed, { broken: down })
    const asked = { ...again, from: null, inputPatch: { n: "seven" } }
    const refused = { ok: false, rejection: { code: "input_invalid" } }
    expect(await world.runs.rerun(operator, runId, asked, null)).toMatchObject(refused)
    expect(await world.runs.planRerun(operator, runId, asked)).toMatchObject(refused)
  })

  test("of a state that is not there names the one that was meant", async () => {
    const { world, runId } = await failedRun(typed, { broken: down })
    expect(await world.runs.planRerun(operator, runId, { ...again, from: "frist" })).toMatchObject({
      rejection: { code: "state_not_found", hint: "Did you mean first?" },
    })
  })
})
