/** Attacks that no single part can refuse alone, against a whole server: what is asked for stays a question, what is data stays data. */

import { join } from "node:path"
import type { Approval, ApprovalPage, Run } from "@waybill/contract"
import Database from "better-sqlite3"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { RunningServer } from "./main.ts"
import { bearing, cookieOf, fromOwnPage, makeKey, password, rootKey, signIn, withPeople } from "./testing/people.ts"
import { ask, type Place, place } from "./testing/real-server.ts"

const echo = `export default {
  name: "echo", inputSchema: { type: "object" }, outputSchema: { type: "object" },
  async run({ said }) { return { said } },
}`
const flow = `id: flow
version: "1.0"
name: Flow
start: say
states:
  - name: say
    type: operation
    action: agent.run
    input: { agent: echo, variables: { said: "{{ ctx.said }}" } }
    resultPath: first
    next: again
  - name: again
    type: operation
    action: agent.run
    input: { agent: echo, variables: { said: "{{ ctx.first.said }}" } }
    end: true
`
const gate = `id: gate
version: "1.0"
name: Gate
start: ask
states:
  - { name: ask, type: operation, action: human.approval, input: { message: "Go?", approvers: ["team:sre"] }, end: true }
`
const user = "user:bob@example.com"

let at: Place
let server: RunningServer & { readonly lines: string[] }
const call = (method: string, path: string, body?: unknown, headers = bearing(rootKey)) =>
  ask(server.url, method, path, body, headers)

beforeAll(async () => {
  at = place()
  at.write("agents/echo.agent.mjs", echo)
  at.write("workflows/flow.workflow.yaml", flow)
  at.write("workflows/gate.workflow.yaml", gate)
  server = await at.start(withPeople)
})
afterAll(async () => {
  await server.close()
  at.remove()
})

const start = async (workflowId: string, input: object) =>
  (await call("POST", "/workflow-runs?wait=10", { workflowId, input, tags: ["a"] })).body as Run

interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string }[]
}

/** Every read with each of its parameters, one at a time, and with each part of its path. */
async function reads(said: string): Promise<readonly string[]> {
  const { paths } = (await (await fetch(`${server.url}/openapi.json`)).json()) as {
    paths: Record<string, { get?: Operation }>
  }
  const asked = encodeURIComponent(said)
  return Object.entries(paths).flatMap(([path, { get }]) => {
    if (get === undefined) return []
    const whole = path.replace(/\{[^}]+\}/g, asked)
    const named = (get.parameters ?? []).filter((one) => one.in === "query")
    return [...(whole === path ? [] : [whole]), ...named.map(({ name }) => `${whole}?${name}=${asked}`)]
  })
}

test.each(["' OR 1=1 --", '" UNION SELECT sql FROM sqlite_master --'])(
  "SQL in any parameter of any read is a word that is not found: %s",
  { timeout: 60_000 },
  async (said) => {
    const run = await start("flow", { said: "x" })
    const failed: string[] = []
    const paths = await reads(said)
    expect(paths.length).toBeGreaterThan(150)
    for (const path of paths) {
      const answer = await fetch(`${server.url}${path}`, { headers: bearing(rootKey) })
      const isStream = answer.headers.get("content-type")?.startsWith("text/event-stream")
      const text = isStream ? "" : await answer.text()
      await (isStream ? answer.body?.cancel() : undefined)
      if (answer.status >= 500 || /SQLITE|syntax error|CREATE TABLE/.test(text))
        failed.push(`${path}: ${answer.status} ${text}`)
    }
    expect(failed).toEqual([])
    expect((await call("GET", `/workflow-runs/${run.runId}`)).status).toBe(200)
    const db = new Database(join(at.folder, ".waybill", "waybill.db"), { readonly: true })
    expect(db.pragma("integrity_check", { simple: true })).toBe("ok")
    db.close()
  },
)

test("a key in an address opens nothing", async () => {
  for (const name of ["access_token", "key", "api_key", "token", "authorization"])
    expect((await fetch(`${server.url}/api/v1/session?${name}=${rootKey}`)).status).toBe(401)
})

test("templates and expressions in data stay what they are, through each step that reads them", async () => {
  const said = "{{ ctx.__proto__ }} {{ 1 + 1 }} #{7*7} [token:card:00000000.AAAA] <b>"
  const { status, output } = await start("flow", { said })
  expect([status, output]).toEqual(["COMPLETED", { said }])
})

test("who is not in the team any more does not decide, and a decision that says something twice says nothing", async () => {
  await call("POST", "/members", { email: "bob@example.com", role: "operator", password })
  await call("PUT", "/teams/sre", { members: [user] })
  const { key } = await makeKey(server.url, "operator", bearing(rootKey))
  const { runId } = (await call("POST", "/workflow-runs", { workflowId: "gate", input: {} })).body as Run
  const asked = async () => ((await call("GET", `/workflow-runs/${runId}/approvals`)).body as ApprovalPage).items
  await expect.poll(async () => (await asked()).length).toBe(1)
  const [approval] = await asked()
  const path = `/workflow-runs/${runId}/approvals/${approval!.approvalId}`
  const twice = await fetch(`${server.url}/api/v1${path}/decide`, {
    method: "POST",
    headers: { ...bearing(key), "content-type": "application/json" },
    body: '{"outcome": "reject", "outcome": "approve"}',
  })
  expect([twice.status, await twice.json()]).toEqual([400, expect.objectContaining({ code: "malformed_json" })])
  const bob = fromOwnPage(cookieOf(await signIn(server.url, "bob@example.com")))
  await call("PUT", "/teams/sre", { members: [] })
  expect((await call("POST", `${path}/approve`, undefined, bob)).body).toMatchObject({ code: "not_an_approver" })
  await call("PUT", "/teams/sre", { members: [user] })
  const decided = await call("POST", `${path}/approve`, undefined, bob)
  expect([decided.status, (decided.body as Approval).decidedBy]).toEqual([200, [user]])
})
