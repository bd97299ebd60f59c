import {
  type Alert,
  type ApiKeyWithSecret,
  type Approval,
  type Bulk,
  type KeyScope,
  keyScopes,
  type Run,
  type WebhookWithSecret,
} from "@waybill/contract"
import { afterAll, beforeAll, expect, test } from "vitest"
import { WebSocket } from "ws"
import { leastRole, type Role, roles } from "./http/shared/auth.ts"
import type { RunningServer } from "./main.ts"
import { addPerson, bearing, fromOwnPage, makeKey, makeWorkspace, rootKey, withPeople } from "./testing/people.ts"
import { ask, type Place, place } from "./testing/real-server.ts"
import { openStream } from "./testing/sse-client.ts"

/** It stands in everything that belongs to `default`, and may come out of no door of another workspace. */
const mark = "zebracrossing"

const gate = `id: gate-${mark}
version: "1.0"
name: Gate ${mark}
start: ask
states:
  - name: ask
    type: operation
    action: human.approval
    input: { message: "Pay ${mark}?", summaryPath: ctx, approvers: ["user:carol@example.com"] }
    end: true
`

interface Operation {
  readonly method: string
  readonly path: string
  readonly id: string
  readonly role: Role
  readonly needs: KeyScope | "any"
  readonly orFor: KeyScope | undefined
  readonly isOfServer: boolean
  readonly isPaged: boolean
  readonly body: unknown
}

let at: Place
let server: RunningServer
let operations: readonly Operation[]
/** By name of the parameter: things of `default`. */
let things: Readonly<Record<string, string>>
let own: Readonly<Record<Role, string>>
let foreign: Readonly<Record<Role, string>>
/** Keys of an admin of \`default\`, by the only scope that they have. */
let narrow: Readonly<Record<KeyScope, string>>

/** Bodies with which the question what the thing is comes before the question what is wrong with the request. */
const bodies: Readonly<Record<string, unknown>> = {
  startRun: { workflowId: `gate-${mark}`, input: {} },
  checkInput: { input: {} },
  sendSignal: { name: "go" },
  rerun: { reason: "again" },
  rerunRecord: { reason: "again" },
  eraseRun: { reason: "asked for" },
  annotateRun: { note: "n" },
  annotateRecord: { note: "n" },
  changeTags: { add: ["t"] },
  tagRecord: { add: ["t"] },
  assignRun: { owner: "user:carol@example.com" },
  resolveRun: { state: "acknowledged" },
  decideApproval: { outcome: "approve" },
  delegateApproval: { to: "user:carol@example.com" },
  startBulk: { action: "cancel", filter: { q: mark }, reason: "r" },
  evaluate: { expression: "1" },
  updateWorkflow: gate,
  createWorkflow: gate.replace(`id: gate-${mark}`, "id: another").replaceAll(mark, ""),
  validateWorkflow: gate.replaceAll(mark, "x"),
  changePassword: { current: "x", next: "twelve letters at least" },
  changeWorkspace: { name: "n" },
  createWorkspace: { slug: "another", admin: "dora@example.com" },
  addMember: { email: "eve@example.com", role: "viewer" },
  changeMember: { role: "viewer" },
  putTeam: { members: [] },
  createKey: { name: "k" },
  createWebhook: { url: "https://example.com/", events: ["run.failed"] },
  createAlert: { kind: "slack", url: "https://example.com/" },
  changeAlert: { name: "n" },
  changeWebhook: { description: "d" },
  assignIssue: { owner: null },
  sayOutcome: { note: "n" },
  putSlo: { workflowId: `gate-${mark}`, objective: "success_rate", target: 0.9 },
}

/** Parameters without which a route asks for them first. */
const queries: Readonly<Record<string, string>> = {
  attachFile: "?name=a.txt",
  diffContext: "?from=1&to=2",
  getStepMetrics: "?workflowId=gate",
  search: `?q=${mark}`,
  compareRuns: "?workflowId=gate&versionA=1&versionB=2",
}

beforeAll(async () => {
  at = place()
  at.write("workflows/gate.workflow.yaml", gate)
  server = await at.start(withPeople)
  const root = (method: string, path: string, body?: unknown) => ask(server.url, method, path, body, bearing(rootKey))
  const { runId } = (
    await root("POST", "/workflow-runs?wait=1", {
      workflowId: `gate-${mark}`,
      input: { word: mark },
      tags: [mark],
      businessEventId: mark,
    })
  ).body as Run
  const approvals = (await root("GET", `/workflow-runs/${runId}/approvals`)).body as { items: Approval[] }
  const { stepId } = ((await root("GET", `/workflow-runs/${runId}/steps`)).body as { items: { stepId: string }[] })
    .items[0]!
  const note = (await root("POST", `/workflow-runs/${runId}/annotations`, { note: mark })).body as {
    annotationId: string
  }
  const bulk = (await root("POST", "/bulk", { action: "tag", runIds: [runId], reason: mark, tags: { add: [mark] } }))
    .body as Bulk
  const hook = { url: `https://example.com/${mark}`, events: ["run.failed"] }
  const { webhookId } = (await root("POST", "/webhooks", hook)).body as WebhookWithSecret
  const { deliveryId } = (await root("POST", `/webhooks/${webhookId}/test`)).body as { deliveryId: string }
  const { alertId } = (await root("POST", "/alerts", { kind: "webhook", webhookId, name: mark })).body as Alert
  for (const role of roles) await addPerson(server.url, `${role}-${mark}@example.com`, role)
  await root("PUT", `/slos/${mark}`, bodies.putSlo)
  await root("PUT", `/teams/${mark}`, { members: [`user:viewer-${mark}@example.com`] })
  const key = (await root("POST", "/keys", { name: mark, role: "viewer", service: true })).body as ApiKeyWithSecret
  things = {
    runId,
    run_id: runId,
    id: `gate-${mark}`,
    workflow_id: `gate-${mark}`,
    execution_id: runId,
    approvalId: approvals.items[0]!.approvalId,
    stepId,
    step_id: "ask",
    annotationId: note.annotationId,
    bulkId: bulk.bulkId!,
    webhookId,
    alertId,
    deliveryId,
    sloId: mark,
    businessEventId: mark,
    issueId: "iss_nobodys",
    user: `user:viewer-${mark}@example.com`,
    keyId: key.keyId,
    workspaceId: "default",
    name: mark,
    tag: mark,
    sessionId: "ses_nobody",
    n: "1",
    versions: "1",
    versionNumber: "1",
    range: "1",
    env: "default",
  }
  const made = await Promise.all(
    roles.map(async (role) => [role, (await root("POST", "/keys", { name: role, role, service: true })).body] as const),
  )
  own = Object.fromEntries(made.map(([role, { key }]) => [role, key])) as never
  const scoped = await Promise.all(
    keyScopes.map(async (scope) => {
      const asked = { name: scope, role: "admin", service: true, scopes: [scope] }
      return [scope, ((await root("POST", "/keys", asked)).body as ApiKeyWithSecret).key] as const
    }),
  )
  narrow = Object.fromEntries(scoped) as never
  const other = await makeWorkspace(server.url, "other", "bob@example.com")
  const asBob = fromOwnPage(other.cookie)
  const theirs = await Promise.all(
    roles.map(async (role) => [role, (await makeKey(server.url, role, asBob)).key] as const),
  )
  foreign = Object.fromEntries(theirs) as never
  operations = await readOperations()
}, 60_000)

afterAll(async () => {
  await server.close()
  at.remove()
})

async function readOperations(): Promise<readonly Operation[]> {
  const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as {
    paths: Record<
      string,
      Record<
        string,
        {
          operationId: string
          "x-role"?: Role
          "x-needs"?: KeyScope
          "x-or-for"?: KeyScope
          "x-scope"?: string
          requestBody?: object
          parameters?: readonly { name: string }[]
        }
      >
    >
  }
  const found: Operation[] = []
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(methods)) {
      const role = operation["x-role"]
      if (role === undefined || method === "head") continue
      const id = operation.operationId
      const needs = operation["x-needs"]!
      const isOfServer = operation["x-scope"] === "server"
      const body = bodies[id] ?? (operation.requestBody === undefined ? undefined : {})
      const orFor = operation["x-or-for"]
      const isPaged = operation.parameters?.some(({ name }) => name === "cursor") ?? false
      found.push({ method: method.toUpperCase(), path, id, role, needs, orFor, isOfServer, isPaged, body })
    }
  return found
}

async function call({ id, method, path, body }: Operation, headers: Record<string, string>, more = "") {
  const url = path.replace(/\{([^}]+)\}/g, (_whole, name: string) => {
    if (things[name] === undefined) throw new Error(`no thing of ${path} to ask for: ${name}`)
    return encodeURIComponent(things[name])
  })
  const isText = typeof body === "string"
  const response = await fetch(`${server.url}${url}${queries[id] ?? ""}${more}`, {
    method,
    redirect: "manual",
    headers: {
      ...(body !== undefined && { "content-type": isText ? "application/yaml" : "application/json" }),
      accept: "application/json",
      ...headers,
    },
    ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  })
  if (response.headers.get("content-type")?.startsWith("text/event-stream")) {
    await response.body?.cancel()
    return { status: response.status, text: "", code: null }
  }
  const text = await response.text()
  return { status: response.status, text, code: /"code":"(\w+)"/.exec(text)?.[1] ?? null }
}

/** What they name is nobody's own: the server's agents, and the session of who asks. */
const shared = new Set(["getAgent", "endSession"])
/** PUT of a name that is free here makes it here. */
const madeByName = new Set(["putTeam", "updateWorkflow"])

test("every door asks for a key, and for the role that it declares", async () => {
  expect(operations.length).toBeGreaterThan(90)
  for (const operation of operations) {
    const none = await call(operation, {})
    expect([operation.id, none.status, none.code]).toEqual([operation.id, 401, "unauthenticated"])
    for (const role of roles.filter((one) => roles.indexOf(one) < roles.indexOf(operation.role))) {
      const low = await call(operation, bearing(own[role]))
      expect([operation.id, role, low.status, low.code]).toEqual([operation.id, role, 403, "forbidden"])
    }
  }
}, 60_000)

test("every door asks a key that has scopes for the one that it declares, whatever its role", async () => {
  expect([...new Set(operations.map(({ needs }) => needs))].sort()).toEqual([...keyScopes, "any"].sort())
  for (const operation of operations)
    for (const scope of keyScopes.filter(
      (one) => operation.needs !== "any" && ![operation.needs, operation.orFor].includes(one),
    )) {
      const answer = await call(operation, bearing(narrow[scope]))
      expect([operation.id, scope, answer.status, answer.code]).toEqual([operation.id, scope, 403, "scope_missing"])
    }
}, 60_000)

test("a key for decisions alone finds, reads and decides what may ask it, and of other approvals there are none", async () => {
  const root = (method: string, path: string, body?: unknown) => ask(server.url, method, path, body, bearing(rootKey))
  const open = gate.replace(`gate-${mark}`, "open-gate").replace(', approvers: ["user:carol@example.com"]', "")
  const made = await fetch(`${server.url}/api/v1/workflows`, {
    method: "POST",
    headers: { ...bearing(rootKey), "content-type": "application/yaml" },
    body: open,
  })
  expect(made.status, await made.text()).toBe(201)
  const { runId } = (await root("POST", "/workflow-runs?wait=1", { workflowId: "open-gate", input: {} })).body as Run
  const narrowly = async <T>(method: string, path: string, body?: unknown) =>
    (await ask(server.url, method, path, body, bearing(narrow["approvals:decide"]))) as { status: number; body: T }
  const inbox = async (query = "") =>
    (await narrowly<{ items: Approval[]; total: { value: number } }>("GET", `/workflow-approvals${query}`)).body
  const { items, total } = await inbox()
  expect([items.map((one) => one.runId), total.value]).toEqual([[runId], 1])
  const [{ approvalId }] = items as [Approval]
  expect((await narrowly("GET", `/workflow-approvals/${approvalId}`)).status).toBe(200)
  expect((await narrowly("GET", `/workflow-approvals/${things.approvalId}`)).status).toBe(404)
  const ofCarol = await narrowly<{ items: [] }>("GET", `/workflow-runs/${things.runId}/approvals`)
  expect([ofCarol.status, ofCarol.body.items]).toEqual([200, []])
  const decided = await narrowly("POST", `/workflow-runs/${runId}/approvals/${approvalId}/approve`, {})
  expect(decided.status, JSON.stringify(decided.body)).toBe(200)
  expect((await inbox("?state=approved")).items.map((one) => one.approvalId)).toEqual([approvalId])
  // Who reads runs sees all of them.
  const all = await ask(server.url, "GET", "/workflow-approvals", undefined, bearing(narrow["runs:read"]))
  expect((all.body as { items: Approval[] }).items.map((one) => one.approvalId)).toContain(things.approvalId)
})

test("every list refuses a cursor that is none of its own; it would look like the last page", async () => {
  const lists = operations.filter(({ isPaged }) => isPaged)
  expect(lists.length).toBeGreaterThan(20)
  for (const list of lists) {
    const more = queries[list.id] === undefined ? "?" : "&"
    const answer = await call(list, bearing(rootKey), `${more}cursor=zzz`)
    expect([list.id, answer.status, answer.code]).toEqual([list.id, 400, "cursor_mismatch"])
  }
}, 60_000)

test("the role that a scope needs is the lowest that a door of it asks for", () => {
  const declared = keyScopes.map((scope) => [
    scope,
    roles.find((role) => operations.some((one) => one.needs === scope && one.role === role)),
  ])
  expect(keyScopes.map((scope) => [scope, leastRole([scope])])).toEqual(declared)
})

test("behind every door another workspace's things are not there, whatever the role", async () => {
  const inOrder = [...operations].sort((a, b) => Number(madeByName.has(a.id)) - Number(madeByName.has(b.id)))
  for (const operation of inOrder) {
    const { id, path, role, isOfServer } = operation
    for (const one of roles) {
      const answer = await call(operation, bearing(foreign[one]))
      const where = `${id} as ${one}: ${answer.text.slice(0, 300)}`
      expect(answer.status, where).toBeLessThan(500)
      const isNamed = answer.text
        .replaceAll(encodeURIComponent(mark), "")
        .replaceAll(/"(instance|detail)":"[^"]*"/g, "")
      expect(isNamed, where).not.toContain(mark)
      const mayEnter = roles.indexOf(one) >= roles.indexOf(role) && !isOfServer
      if (!mayEnter) expect([id, one, answer.status]).toEqual([id, one, 403])
      else if (path.includes("{") && !shared.has(id) && !madeByName.has(id)) expect(answer.status, where).toBe(404)
    }
  }
}, 60_000)

test("a key of one workspace that names another by header, id or slug, finds no such workspace", async () => {
  for (const name of ["x-workspace-id", "x-workspace-slug"]) {
    const answer = await ask(server.url, "GET", "/workflow-runs", undefined, {
      ...bearing(foreign.admin),
      [name]: "default",
    })
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([404, "workspace_not_found"])
  }
  const both = { ...bearing(own.admin), "x-workspace-id": "default", "x-workspace-slug": "other" }
  expect((await ask(server.url, "GET", "/workflow-runs", undefined, both)).status).toBe(404)
  const query = await fetch(`${server.url}/api/workflows/gate-${mark}/metrics?workspace_slug=default`, {
    headers: bearing(foreign.admin),
  })
  expect(query.status).toBe(404)
})

test("the stream of another workspace's runs tells nothing of ours, not even that something left", async () => {
  const stream = await openStream(
    Number(new URL(server.url).port),
    "/api/v1/workflow-runs/stream?after=0",
    bearing(foreign.viewer),
  )
  const started = await ask(
    server.url,
    "POST",
    "/workflow-runs",
    { workflowId: `gate-${mark}`, input: { word: mark } },
    bearing(own.operator),
  )
  expect(started.status).toBe(201)
  const definition = gate.replaceAll(mark, "ours")
  const made = await ask(server.url, "POST", "/workflows", definition, bearing(foreign.admin))
  expect(made.status).toBe(201)
  const theirs = await ask(
    server.url,
    "POST",
    "/workflow-runs",
    { workflowId: "gate-ours", input: {} },
    bearing(foreign.admin),
  )
  expect(theirs.status).toBe(201)
  const { runId, workspaceId } = theirs.body as Run
  expect(workspaceId).not.toBe("default")
  await stream.until(1)
  expect(stream.messages[0]?.data).toMatchObject({ runId })
  stream.close()
})

test("a socket on another workspace's workflow is refused before it is one", async () => {
  const watch = (key: string) =>
    new Promise<number>((resolve) => {
      const socket = new WebSocket(`${server.url.replace("http", "ws")}/ws/workflows/gate-${mark}`, {
        headers: bearing(key),
      })
      socket.on("open", () => {
        socket.close()
        resolve(101)
      })
      socket.on("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0))
      socket.on("error", () => {})
    })
  expect(await watch(foreign.admin)).toBe(404)
  expect(await watch(own.viewer)).toBe(101)
})

test("a socket on one's own workflow tells nothing of another workspace's that has the same id", async () => {
  const twin = gate.replaceAll(mark, "twin")
  for (const key of [own.admin, foreign.admin])
    expect((await ask(server.url, "POST", "/workflows", twin, bearing(key))).status).toBe(201)
  const told: { readonly data: object }[] = []
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/ws/workflows/gate-twin`, {
    headers: bearing(foreign.viewer),
  })
  socket.on("message", (text) => told.push(JSON.parse(String(text))))
  await new Promise((resolve) => socket.once("open", resolve))
  const start = async (key: string) =>
    (await ask(server.url, "POST", "/workflow-runs", { workflowId: "gate-twin", input: {} }, bearing(key))).body as Run
  const ours = await start(own.operator)
  const theirs = await start(foreign.operator)
  await expect.poll(() => told.length).toBeGreaterThan(0)
  socket.close()
  expect(JSON.stringify(told)).toContain(theirs.runId)
  expect(JSON.stringify(told)).not.toContain(ours.runId)
})

test.each([
  { action: "cancel" },
  { action: "rerun" },
  { action: "tag", tags: { add: ["not-theirs"] } },
  { action: "assign", owner: "user:carol@example.com" },
  { action: "resolve", state: "acknowledged" },
])("a bulk action over our ids does nothing to them when another workspace asks for it: $action", async (change) => {
  const { runId } = things as { runId: string }
  const see = async () =>
    (await ask(server.url, "GET", `/workflow-runs/${runId}`, undefined, bearing(own.viewer))).body as Run
  const before = await see()
  const asked = { ...change, runIds: [runId], reason: "not theirs" }
  const answer = await ask(server.url, "POST", "/bulk", asked, bearing(foreign.operator))
  const { bulkId } = answer.body as Bulk
  await expect
    .poll(async () => (await ask(server.url, "GET", `/bulk/${bulkId}`, undefined, bearing(foreign.operator))).body)
    .toMatchObject({ state: "done" })
  const items = await ask(server.url, "GET", `/bulk/${bulkId}/items`, undefined, bearing(foreign.operator))
  expect(items.body).toMatchObject({ items: [{ state: "refused", code: "run_not_found" }] })
  expect({ ...(await see()), durationMs: null }).toEqual({ ...before, durationMs: null })
  expect(before.status).toBe("WAITING_APPROVAL")
})

test("every door lets in whoever has its role, or a key with its scope alone, in the workspace of the thing", async () => {
  const last = new Set([
    "eraseRun",
    "deleteWorkflow",
    "removeMember",
    "removeTeam",
    "revokeKey",
    "removeWebhook",
    "removeSlo",
  ])
  const inOrder = [...operations].sort((a, b) => Number(last.has(a.id)) - Number(last.has(b.id)))
  for (const operation of inOrder) {
    const enough = roles.filter((one) => roles.indexOf(one) >= roles.indexOf(operation.role))
    const keys = [
      ...enough.map((role) => own[role]),
      ...(operation.needs === "any" ? [] : [narrow[operation.needs]]),
      ...(operation.orFor === undefined ? [] : [narrow[operation.orFor]]),
    ]
    for (const [n, key] of keys.entries()) {
      const answer = await call(operation, bearing(key))
      const where = `${operation.id} as ${enough[n] ?? operation.needs}: ${answer.text.slice(0, 300)}`
      expect(answer.status, where).toBeLessThan(500)
      expect(answer.status, where).not.toBe(401)
      expect(["forbidden", "scope_missing"], where).not.toContain(answer.code)
    }
  }
}, 60_000)
