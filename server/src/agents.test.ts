import { rmSync } from "node:fs"
import { join } from "node:path"
import type { Agent, Run } from "@waybill/contract"
import { expect, test } from "vitest"
import { ask, place } from "./testing/real-server.ts"

const greeter = `export default { name: "greeter", async run() { return { greeting: "hello" } } }`
const workflow = `id: greet
version: "1.0"
name: greet
states:
  - { name: greet, type: operation, action: agent.run, input: { agent: greeter }, end: true }
`

test("an agent that running steps wait for is shown with how many, and the load line counts broken files", async () => {
  const at = place()
  const file = join(at.folder, "environments", "default", "agents", "greeter.agent.mjs")
  at.write("agents/greeter.agent.mjs", greeter)
  at.write("agents/other.agent.mjs", "export default { run() { return {} } }")
  at.write("workflows/greet.workflow.yaml", workflow)
  const first = await at.start()
  await first.close()
  rmSync(file)
  at.write("agents/other.agent.mjs", "export default { run( }")
  const server = await at.start()
  expect(server.lines.join("")).toMatch(/"agentsBroken":1.*environment loaded; 1 agent file is broken/)
  const { runId } = (await ask(server.url, "POST", "/workflow-runs", { workflowId: "greet", input: {} })).body as Run
  const run = async () => (await ask(server.url, "GET", `/workflow-runs/${runId}`)).body as Run
  await expect.poll(async () => (await run()).reason, { timeout: 20_000 }).toBe("agent_missing")
  expect((await run()).blockedOn).toMatchObject([{ kind: "agent", name: "greet", who: ["greeter"] }])
  const agent = async () => (await ask(server.url, "GET", "/agents/greeter")).body as Agent
  expect((await agent()).problems).toMatchObject([
    { code: "agent_missing", message: "1 step waits for this agent, and there is none of this name" },
  ])
  at.write("agents/greeter.agent.mjs", greeter)
  at.write("agents/other.agent.mjs", "export default { run() { return {} } }")
  expect((await ask(server.url, "POST", "/environments/default/sync")).body).toMatchObject({ applied: true })
  await expect.poll(async () => (await run()).status, { timeout: 20_000 }).toBe("COMPLETED")
  expect((await agent()).problems).toEqual([])
  await server.close()
  at.remove()
})
