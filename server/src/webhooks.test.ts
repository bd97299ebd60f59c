import { readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type IncomingHttpHeaders, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import type {
  Run,
  RunEvidence,
  WebhookDelivery,
  WebhookDeliveryDetail,
  WebhookDeliveryPage,
  Webhook as WebhookDocument,
  WebhookMessage,
  WebhookWithSecret,
} from "@waybill/contract"
import { Webhook } from "standardwebhooks"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import type { RunningServer } from "./main.ts"
import { type AnswerCheck, answerCheck } from "./testing/answer-schemas.ts"
import { ask, type Place, place } from "./testing/real-server.ts"

const payer = `export default {
  name: "payer",
  description: "Pays, unless it is told to fail.",
  inputSchema: { type: "object" },
  outputSchema: { type: "object" },
  async run({ fail = false, pin }) {
    if (fail) throw new Error("the card was refused")
    return { paid: true, pin }
  },
}`
const pay = `id: pay
version: "1.0"
name: Pay
start: card
states:
  - name: card
    type: operation
    action: agent.run
    input: { agent: payer, task: pay, variables: { fail: "{{ ctx.fail ?? false }}", pin: "{{ ctx.pin ?? '' }}" } }
    end: true
`
const gate = `id: gate
version: "1.0"
name: Gate
start: ask
states:
  - name: ask
    type: operation
    action: human.approval
    input: { message: "Pay <100>?", summaryPath: ctx, approvers: ["user:local"] }
    end: true
`

interface Heard {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Stands for whoever is told; what it answers can be changed. */
class Receiver {
  readonly heard: Heard[] = []
  status = 204
  hangs = false
  echoes = false
  /** What it says where it says no. */
  words = "said no"
  #server: Server | null = null
  url = ""

  async open(): Promise<void> {
    this.#server = createServer((request, response) => {
      let body = ""
      request.setEncoding("utf8").on("data", (part) => {
        body += part
      })
      request.on("end", () => {
        this.heard.push({ path: request.url ?? "", headers: request.headers, body })
        const { url, headers } = request
        if (this.echoes) response.writeHead(200).end(JSON.stringify({ url, headers }))
        else if (!this.hangs) response.writeHead(this.status).end(this.status === 204 ? undefined : this.words)
      })
    })
    await new Promise<void>((resolve) => this.#server!.listen(0, "127.0.0.1", resolve))
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  at(path: string): readonly Heard[] {
    return this.heard.filter((one) => one.path === path)
  }

  messages(path: string): readonly WebhookMessage[] {
    return this.at(path).map(({ body }) => JSON.parse(body) as WebhookMessage)
  }

  close(): void {
    this.#server?.closeAllConnections()
    this.#server?.close()
  }
}

let at: Place
let server: RunningServer & { readonly lines: string[] }
let fits: AnswerCheck
const receiver = new Receiver()
let number = 0

beforeAll(async () => {
  await receiver.open()
  at = place()
  at.write("agents/payer.agent.ts", payer)
  at.write("workflows/pay.workflow.yaml", pay)
  at.write("workflows/gate.workflow.yaml", gate)
  await start()
  fits = answerCheck(await (await fetch(`${server.url}/openapi.json`)).json())
}, 60_000)

afterAll(async () => {
  await server.close()
  receiver.close()
  at.remove()
})

afterEach(async () => {
  receiver.status = 204
  receiver.hangs = false
  receiver.echoes = false
  receiver.words = "said no"
  const { body } = await api<{ items: WebhookDocument[] }>("GET", "/webhooks")
  for (const { webhookId } of body.items) await api("DELETE", `/webhooks/${webhookId}`)
})

async function start(): Promise<void> {
  server = await at.start({}, { WAYBILL_WEBHOOKS_ALLOW: "127.0.0.1/32", WAYBILL_WEBHOOKS_RETRY_SECONDS: "0,0" })
}

async function api<T>(method: string, path: string, body?: unknown) {
  const reply = await ask(server.url, method, path, body)
  if (fits !== undefined) expect(fits(method, `/api/v1${path.split("?")[0]}`, reply.status, reply.body)).toEqual([])
  return { status: reply.status, body: reply.body as T }
}

async function hook(more: object = {}): Promise<{ made: WebhookWithSecret; path: string }> {
  const path = `/hook/${++number}`
  const { status, body } = await api<WebhookWithSecret>("POST", "/webhooks", {
    url: `${receiver.url}${path}`,
    events: ["run.started", "run.completed", "run.failed", "run.canceled", "step.completed", "step.failed"],
    ...more,
  })
  expect(status).toBe(201)
  return { made: body, path }
}

async function run(input: object, workflowId = "pay"): Promise<Run> {
  return (await api<Run>("POST", "/workflow-runs?wait=20", { workflowId, input })).body
}

async function until<T>(what: () => Promise<T | null | false> | T | null | false): Promise<T> {
  const end = Date.now() + 15_000
  for (;;) {
    const value = await what()
    if (value !== null && value !== false) return value
    if (Date.now() > end) throw new Error("it did not come in time")
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const deliveries = async (webhookId: string, query = "") =>
  (await api<WebhookDeliveryPage>("GET", `/webhooks/${webhookId}/deliveries${query}`)).body.items

test("what happens to a run is told in order, signed as Standard Webhooks says, and never what ran through it", async () => {
  const { made, path } = await hook({ headers: { "X-Tenant": "acme" } })
  expect(made.secret).toMatch(/^whsec_/)
  const { runId } = await run({ pin: "4711-secret" })
  const heard = await until(() => receiver.at(path).length === 3 && receiver.at(path))
  const verifier = new Webhook(made.secret)
  for (const { headers, body } of heard) {
    expect(verifier.verify(body, headers as Record<string, string>)).toBeTruthy()
    expect(() => verifier.verify(`${body} `, headers as Record<string, string>)).toThrow()
    expect(headers["x-tenant"]).toBe("acme")
    expect(body).not.toContain("4711-secret")
  }
  const messages = receiver.messages(path)
  expect(messages.map(({ type }) => type)).toEqual(["run.started", "step.completed", "run.completed"])
  expect(new Set(heard.map(({ headers }) => headers["webhook-id"])).size).toBe(3)
  expect(messages[2]!.data.run).toMatchObject({
    id: runId,
    workflow_name: "pay",
    status: "completed",
    environment: "default",
    tenant_id: "default",
    url: null,
  })
  expect(messages[1]!.data.step).toMatchObject({ run_id: runId, name: "card", status: "completed", attempt: 1 })
  const told = await until(async () => {
    const { body } = await api<WebhookDeliveryPage>("GET", `/workflow-runs/${runId}/webhooks`)
    return body.items.every((one) => one.state === "delivered") && body.items
  })
  expect(told.map(({ event }) => event)).toEqual(["run.completed", "step.completed", "run.started"])
  const { body: evidence } = await api<RunEvidence>("GET", `/workflow-runs/${runId}/evidence`)
  expect(evidence.webhooks).toEqual({ count: 3, delivered: 3, pending: 0, dead: 0, exact: true })
  const { body } = await api<WebhookDocument>("GET", `/webhooks/${made.webhookId}`)
  expect(body.health).toMatchObject({ state: "healthy", delivered: 3, pending: 0, dead: 0 })
  expect(JSON.stringify(body)).not.toContain(made.secret)
  expect(await (await fetch(`${server.url}/metrics`)).text()).toContain("\nwaybill_webhooks_behind 0\n")
  expect(body.headerNames).toEqual(["x-tenant"])
})

test("while a secret is replaced both sign, and with no time to keep it the old one signs no more", async () => {
  const { made, path } = await hook()
  const { body: second } = await api<WebhookWithSecret>("POST", `/webhooks/${made.webhookId}/rotate`, { keepHours: 1 })
  await api("POST", `/webhooks/${made.webhookId}/test`)
  const [both] = await until(() => receiver.at(path).length === 1 && receiver.at(path))
  for (const { secret } of [made, second])
    expect(new Webhook(secret).verify(both!.body, both!.headers as Record<string, string>)).toMatchObject({
      type: "webhook.test",
    })
  const { body: third } = await api<WebhookWithSecret>("POST", `/webhooks/${made.webhookId}/rotate`, { keepHours: 0 })
  await api("POST", `/webhooks/${made.webhookId}/test`)
  const [, one] = await until(() => receiver.at(path).length === 2 && receiver.at(path))
  const headers = one!.headers as Record<string, string>
  expect(new Webhook(third.secret).verify(one!.body, headers)).toBeTruthy()
  expect(() => new Webhook(second.secret).verify(one!.body, headers)).toThrow()
})

test("an endpoint that fails is asked again under the same id, then its message lies dead until somebody sends it again", async () => {
  const { made, path } = await hook({ events: ["run.failed"] })
  receiver.status = 500
  const { runId } = await run({ fail: true })
  const [dead] = await until(async () => {
    const found = await deliveries(made.webhookId, "?state=dead")
    return found.length === 1 && found
  })
  expect(dead).toMatchObject({ event: "run.failed", runId, attempts: 3, lastStatus: 500, nextAttemptAt: null })
  expect(new Set(receiver.at(path).map(({ headers }) => headers["webhook-id"]))).toEqual(new Set([dead!.deliveryId]))
  expect(receiver.messages(path)[0]!.data.run).toMatchObject({
    status: "failed",
    diagnostics: { error_message: expect.stringContaining("the card was refused") },
  })
  const { body: failing } = await api<WebhookDocument>("GET", `/webhooks/${made.webhookId}`)
  expect(failing.health).toMatchObject({ state: "failing", dead: 1, failedAttempts: 3, lastError: "it answered 500" })
  receiver.status = 200
  const again = await api<WebhookDelivery>(
    "POST",
    `/webhooks/${made.webhookId}/deliveries/${dead!.deliveryId}/redeliver`,
  )
  expect(again).toMatchObject({ status: 202, body: { state: "pending" } })
  const detail = await until(async () => {
    const { body } = await api<WebhookDeliveryDetail>(
      "GET",
      `/webhooks/${made.webhookId}/deliveries/${dead!.deliveryId}`,
    )
    return body.state === "delivered" && body
  })
  expect(detail.log.map(({ status, answer }) => [status, answer])).toEqual([
    [500, "said no"],
    [500, "said no"],
    [500, "said no"],
    [200, "said no"],
  ])
})

test("only what an endpoint asks for is told: its events, workflows and environment", async () => {
  const other = await hook({ workflows: ["gate"] })
  const elsewhere = await hook({ environment: "prod" })
  const own = await hook({ events: ["run.completed"], workflows: ["pay"], environment: "default" })
  await run({})
  await until(() => receiver.at(own.path).length === 1)
  expect(receiver.at(other.path)).toEqual([])
  expect(receiver.at(elsewhere.path)).toEqual([])
})

test("a person who is waited for is told of twice: that it was asked, and that the run waits", async () => {
  const { path } = await hook({ events: ["approval.requested", "run.waiting_human", "run.canceled"] })
  const { body } = await api<Run>("POST", "/workflow-runs", { workflowId: "gate", input: { pin: "4711-secret" } })
  const heard = await until(() => receiver.at(path).length === 2 && receiver.messages(path))
  expect(heard.map(({ type }) => type).sort()).toEqual(["approval.requested", "run.waiting_human"])
  expect(heard[0]!.data).toMatchObject({
    run: { status: "waiting_human" },
    step: { name: "ask", status: "waiting_human" },
    approval: { message: "Pay <100>?", approvers: ["user:local"] },
  })
  expect(JSON.stringify(heard)).not.toContain("4711-secret")
  await api("POST", `/workflow-runs/${body.runId}/cancel`, { reason: "no money" })
  await until(() => receiver.at(path).length === 3)
  expect(receiver.messages(path)[2]).toMatchObject({ type: "run.canceled", data: { run: { status: "canceled" } } })
})

test("an endpoint that hangs keeps neither runs nor other endpoints waiting", async () => {
  const hanging = await hook({ url: `${receiver.url}/hang` })
  const other = new Receiver()
  await other.open()
  try {
    await api("POST", "/webhooks", { url: `${other.url}/quick`, events: ["run.completed"] })
    receiver.hangs = true
    const began = performance.now()
    for (let i = 0; i < 10; i++) expect((await run({})).status).toBe("COMPLETED")
    await until(() => other.at("/quick").length === 10)
    expect(performance.now() - began).toBeLessThan(10_000)
    const { body } = await api<WebhookDocument>("GET", `/webhooks/${hanging.made.webhookId}`)
    expect(body.health.pending).toBeGreaterThan(0)
  } finally {
    other.close()
  }
})

test("what was owed when the server ended is sent by the next one, and nothing of it twice under two ids", async () => {
  const { made, path } = await hook({ events: ["run.completed"] })
  receiver.hangs = true
  const { runId } = await run({})
  await until(() => receiver.at(path).length === 1)
  await server.close()
  receiver.hangs = false
  await start()
  const [one, ...more] = await until(async () => {
    const found = await deliveries(made.webhookId, `?runId=${runId}`)
    return found[0]?.state === "delivered" && found
  })
  expect(more).toEqual([])
  expect(new Set(receiver.at(path).map(({ headers }) => headers["webhook-id"]))).toEqual(new Set([one!.deliveryId]))
  await run({})
  await until(async () => (await deliveries(made.webhookId)).length === 2)
}, 30_000)

test("a disabled webhook is told nothing, and enabled again only what happens from then on", async () => {
  const { made, path } = await hook({ events: ["run.completed"] })
  const { body } = await api<WebhookDocument>("PATCH", `/webhooks/${made.webhookId}`, { enabled: false })
  expect(body).toMatchObject({ enabled: false, changedBy: "user:local", health: { state: "disabled" } })
  await run({})
  expect((await api("POST", `/webhooks/${made.webhookId}/test`)).status).toBe(409)
  await api("PATCH", `/webhooks/${made.webhookId}`, { enabled: true })
  const { runId } = await run({})
  await until(() => receiver.at(path).length === 1)
  expect(receiver.messages(path)[0]!.data.run).toMatchObject({ id: runId })
})

test("an endpoint that says it is gone is disabled by itself, with the reason", async () => {
  const { made } = await hook({ events: ["run.completed"] })
  receiver.status = 410
  await run({})
  const body = await until(async () => {
    const reply = await api<WebhookDocument>("GET", `/webhooks/${made.webhookId}`)
    return !reply.body.enabled && reply.body
  })
  expect(body).toMatchObject({ disabledReason: "it answered 410: gone for good", health: { dead: 1 } })
})

describe("an endpoint whose key is gone", () => {
  const keyFile = () => join(at.folder, ".waybill", "redaction.key")
  const restartWith = async (key: string | null) => {
    await server.close()
    const before = readFileSync(keyFile(), "utf8")
    if (key === null) rmSync(keyFile())
    else writeFileSync(keyFile(), key)
    await start()
    return before
  }
  const find = async (webhookId: string) => (await api<WebhookDocument>("GET", `/webhooks/${webhookId}`)).body

  test("is told nothing and says so, and all that it was owed when the key is back", async () => {
    const { made, path } = await hook({ events: ["run.completed"], headers: { "X-Token": "gateway-token" } })
    expect(made.url).toBe(`${receiver.url}/…`)
    const key = await restartWith(null)
    expect(server.lines.join("")).toContain("nothing is sent to these endpoints")
    const shown = { url: `${receiver.url}/…`, headerNames: ["x-token"], enabled: true }
    expect(await find(made.webhookId)).toMatchObject({ ...shown, health: { state: "locked" } })
    const { runId } = await run({})
    await until(async () => (await find(made.webhookId)).health.pending === 1)
    expect(receiver.at(path)).toEqual([])
    await restartWith(key)
    const [heard] = await until(() => receiver.at(path).length === 1 && receiver.at(path))
    expect(new Webhook(made.secret).verify(heard!.body, heard!.headers as Record<string, string>)).toMatchObject({
      data: { run: { id: runId } },
    })
    expect(heard!.headers["x-token"]).toBe("gateway-token")
  }, 30_000)

  test("is given its address, its headers and a new secret, and told what it was owed", async () => {
    const { made, path } = await hook({ events: ["run.completed"], headers: { "X-Token": "gateway-token" } })
    await restartWith(null)
    await run({})
    await until(async () => (await find(made.webhookId)).health.pending === 1)
    const refused = await ask(server.url, "POST", `/webhooks/${made.webhookId}/test`)
    expect([refused.status, refused.body]).toMatchObject([409, { code: "webhook_locked" }])
    const again = { url: receiver.url + path, headers: { "X-Token": "another-token" } }
    const { body } = await api<WebhookDocument>("PATCH", `/webhooks/${made.webhookId}`, again)
    expect(body.health.state).toBe("locked")
    const { body: after } = await api<WebhookWithSecret>("POST", `/webhooks/${made.webhookId}/rotate`, { keepHours: 9 })
    expect(after).toMatchObject({ previousSecretUntil: null, health: { state: "unused" } })
    const [heard] = await until(() => receiver.at(path).length === 1 && receiver.at(path))
    expect(new Webhook(after.secret).verify(heard!.body, heard!.headers as Record<string, string>)).toBeTruthy()
    expect(heard!.headers["x-token"]).toBe("another-token")
  }, 30_000)
})

test("an answer that repeats what it was sent is kept without headers and address", async () => {
  const headers = { Authorization: "Bearer gateway-token" }
  const { made, path } = await hook({ events: ["run.completed"], headers })
  receiver.echoes = true
  await run({})
  const [told] = await until(async () => {
    const found = await deliveries(made.webhookId)
    return found[0]?.state === "delivered" && found
  })
  const { body } = await api<WebhookDeliveryDetail>("GET", `/webhooks/${made.webhookId}/deliveries/${told!.deliveryId}`)
  expect(receiver.at(path)[0]!.headers.authorization).toBe("Bearer gateway-token")
  expect(body.log[0]!.answer).toContain('"authorization":"…"')
  expect(body.log[0]!.answer).not.toContain(path)
})

test("an answer that holds a secret of anybody is kept as the policy says, and no half of one where it is cut", async () => {
  const token = ["gh", "p_", "a1B2".repeat(9)].join("")
  receiver.status = 500
  receiver.words = `env DB_PASSWORD=hunter22x, ${token} ${"-".repeat(930)}${token}`
  const { made } = await hook({ events: ["run.completed"] })
  await run({})
  const [told] = await until(async () => {
    const found = await deliveries(made.webhookId)
    return found[0]?.state === "dead" && found
  })
  const { body } = await api<WebhookDeliveryDetail>("GET", `/webhooks/${made.webhookId}/deliveries/${told!.deliveryId}`)
  for (const { answer } of body.log) {
    expect(answer).toMatch(/^env DB_PASSWORD=\[token:secret_assignment:.*\[token:github_token:/)
    expect(answer).not.toMatch(/hunter22x|gh[p]_|a1B2/)
    expect(answer.length).toBeLessThanOrEqual(1_024)
  }
})

test("a header's name that looks like a secret is refused, since everybody would read it", async () => {
  const headers = { [["gh", "p_", "a1B2".repeat(9)].join("")]: "x" }
  const { status, body } = await ask(server.url, "POST", "/webhooks", {
    ...{ url: `${receiver.url}/x`, events: ["run.failed"], headers },
  })
  expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining("looks like a secret")])
})

test("a key that would be ignored is refused", async () => {
  const { status, body } = await ask(
    server.url,
    "POST",
    "/webhooks",
    { url: "https://example.com/", events: ["run.failed"] },
    { "idempotency-key": "a" },
  )
  expect([status, body]).toEqual([400, expect.objectContaining({ code: "not_supported_yet" })])
})

test.each([
  ["http where nobody allowed it", { url: "http://example.com/hook" }, 201],
  ["an address of a private network", { url: "https://10.0.0.1/hook" }, 422],
  ["the address where clouds tell their secrets", { url: "https://169.254.169.254/latest" }, 422],
  ["a user and a password", { url: "https://ann:secret@example.com/" }, 422],
  ["no address at all", { url: "somewhere" }, 422],
  ["an address of another kind", { url: "file:///etc/passwd" }, 422],
  ["a header that is ours", { url: "https://example.com/", headers: { "webhook-id": "x" } }, 400],
  ["a header that breaks the request", { url: "https://example.com/", headers: { "x-a": "b\r\nhost: c" } }, 400],
  ["a description that holds a secret", { url: "https://example.com/", description: `ghp_${"Q7w".repeat(12)}` }, 400],
  ["no events", { url: "https://example.com/", events: [] }, 400],
  ["an unknown field", { url: "https://example.com/", secret: "whsec_mine" }, 400],
])("of %s it is said at once whether it can be", async (_what, body, status) => {
  expect((await api("POST", "/webhooks", { events: ["run.failed"], ...body })).status).toBe(status)
})
