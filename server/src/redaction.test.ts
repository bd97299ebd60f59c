/** What may not be kept, planted at every door of a whole server, and then looked for everywhere (000, 001; rule 9). */
import { createHash } from "node:crypto"
import { readdirSync, readFileSync, statSync } from "node:fs"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import {
  type AttachmentPage,
  type AuditPage,
  type EventPage,
  type PurgeReport,
  type RedactionVersion,
  type RevealedTokens,
  type Run,
  webhookEvents,
} from "@waybill/contract"
import { fromParquet } from "@waybill/engine/adapters/sqlite/archive/tables"
import Database from "better-sqlite3"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningServer } from "./main.ts"
import { MailServer } from "./testing/mail-server.ts"
import { type PlantedSecret, plantedSecrets } from "./testing/planted-secrets.ts"
import { ask, type Place, place } from "./testing/real-server.ts"

/** Says what it was given by every way an agent has. */
const parrot = `export default {
  name: "parrot",
  async run({ say, how }, ctx) {
    const text = JSON.stringify(say)
    ctx.log.info("was given " + text, { say })
    console.log("on the console: " + text)
    console.error("and as an error: " + text)
    ctx.heartbeat({ say })
    const list = say.list ?? []
    for (const one of list) ctx.usage({ tokens: 1, model: one, provider: one, parameters: { user: one } })
    ctx.attach("said.txt", text)
    ctx.attach("said.json", { say })
    const name = list.find((one) => /^[\\w. -]+$/.test(one))
    if (name !== undefined) ctx.attach(name + ".md", text)
    if (how === "fail") throw Object.assign(new Error("cannot work with " + text), { code: "no_way" })
    if (how === "twice" && ctx.attempt === 1) throw Object.assign(new Error("busy with " + text), { class: "transient" })
    return { said: say, text, nested: [{ deep: { [text.slice(0, 200)]: say } }] }
  },
}`
const echo = `id: echo
version: "1.0"
name: Echo
states:
  - { name: say, type: operation, action: agent.run, input: { agent: parrot, task: "{{ ctx.task ?? 'speak' }}", variables: { say: "{{ ctx.say }}", how: "{{ ctx.how ?? '' }}" } }, retry: { maxAttempts: 2, backoffSeconds: 0.1 }, resultPath: said, next: hear }
  - { name: hear, type: listen, signal: go, resultPath: heard, next: ask }
  - { name: ask, type: operation, action: human.approval, input: { message: "Go on with {{ ctx.say }}?", summaryPath: ctx, approvers: ["user:local"] }, resultPath: decision, end: true }
`
/** Without a form of its own: a rule names its field. */
const nameless = "Wolfgang Amadeus Zwiebelkuchen"
const secrets = plantedSecrets(9)
/** What endpoints are made with: in their addresses, in their headers, and what they sign with. */
const ofEndpoints = plantedSecrets(10)
  .filter(({ secret }) => /^[\w.-]+$/.test(secret))
  .filter((_, index) => index % 19 === 9)
  .slice(0, 12)

let at: Place
let server: RunningServer & { readonly lines: string[] }
let receiver: Server
const mail = new MailServer()
const told: string[] = []
/** All that went out of the server but the answers of \`reveal\`. */
const shown: string[] = []

const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
  const reply = await ask(server.url, method, path, body, headers)
  shown.push(JSON.stringify(reply.body))
  return reply
}
const runOf = async (runId: string) => (await call("GET", `/workflow-runs/${runId}`)).body as Run
const until = (runId: string, status: string) =>
  expect.poll(async () => (await runOf(runId)).status, { timeout: 30_000 }).toBe(status)

beforeAll(async () => {
  receiver = createServer((request, response) => {
    request.setEncoding("utf8").on("data", (part: string) => told.push(part))
    // It says all that it was sent, but the message.
    request.on("end", () => response.writeHead(200).end(JSON.stringify([request.url, request.headers])))
  })
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve))
  at = place()
  at.write("agents/parrot.agent.mjs", parrot)
  at.write("workflows/echo.workflow.yaml", echo)
  await mail.open()
  server = await at.start(
    {
      webhooksAllow: ["127.0.0.0/8"],
      alertsGatherSeconds: 1,
      archive: pathToFileURL(join(at.folder, "archive")).href,
    },
    { WAYBILL_SMTP_URL: mail.url, WAYBILL_SMTP_FROM: "waybill@example.com" },
  )
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
  const headers = Object.fromEntries(
    ofEndpoints.slice(2).map(({ kind, secret }) => [`x-${kind.replaceAll("_", "-")}`, secret]),
  )
  const [inPath, inChannel] = ofEndpoints
  const given = { url: `${url}${inPath!.secret}`, events: webhookEvents, headers }
  // The answer shows the secret, this once.
  const hook = await ask(server.url, "POST", "/webhooks", given)
  expect(hook.status, JSON.stringify(hook.body)).toBe(201)
  const { webhookId } = hook.body as { webhookId: string }
  const turned = await ask(server.url, "POST", `/webhooks/${webhookId}/rotate`)
  for (const { secret } of [hook.body, turned.body] as { secret: string }[])
    ofEndpoints.push({ kind: "webhook_secret", text: secret, secret: secret.slice("whsec_".length) })
  const most = { maxPerHour: 1_000, repeatMinutes: 1 }
  for (const alert of [
    { kind: "email", to: ["ops@example.com", "approvers"] },
    { kind: "slack", url: url + inChannel!.secret },
    { kind: "webhook", webhookId },
  ]) {
    const made = await call("POST", "/alerts", { ...alert, ...most })
    expect(made.status, JSON.stringify(made.body)).toBe(201)
  }
})
afterAll(async () => {
  await server.close()
  await mail.close()
  receiver.close()
  at.remove()
})

/** Every file of the data directory, its log of writes included. */
function filesHolding(secret: string): readonly string[] {
  const folder = join(at.folder, ".waybill")
  return (readdirSync(folder, { recursive: true }) as string[])
    .filter((name) => statSync(join(folder, name)).isFile())
    .filter((name) => readFileSync(join(folder, name)).includes(secret))
}

/** What ended goes there, and every file of it is read as whoever finds it reads it. */
async function archived(): Promise<string> {
  const db = new Database(join(at.folder, ".waybill", "waybill.db"), { timeout: 5_000 })
  db.exec(`UPDATE workflow_runs SET completed_at = completed_at - ${2 * 86_400_000} WHERE completed_at IS NOT NULL`)
  db.close()
  const put = await call("PUT", "/policies/retention", { policy: { logs: 1, io: 1, events: 1, archive: true } })
  expect(put.status, JSON.stringify(put.body)).toBe(200)
  const { archive } = (await call("POST", "/policies/retention/purge")).body as PurgeReport
  expect(archive?.runs).toBeGreaterThan(0)
  const folder = join(at.folder, "archive")
  const names = (readdirSync(folder, { recursive: true }) as string[]).filter((name) =>
    statSync(join(folder, name)).isFile(),
  )
  for (const table of ["runs", "steps", "events", "logs", "attachments"])
    expect(
      names.some((name) => name.endsWith(`${table}.parquet`)),
      table,
    ).toBe(true)
  const texts: string[] = [...names]
  for (const name of names) {
    const bytes = readFileSync(join(folder, name))
    texts.push(name.endsWith(".parquet") ? JSON.stringify(await fromParquet(bytes)) : bytes.toString())
  }
  return texts.join("\n")
}

/** One run that meets the given secrets at every door there is, in the given way. */
async function run(planted: readonly PlantedSecret[], how: "well" | "twice" | "fail"): Promise<string> {
  const text = planted.map((one) => one.text)
  const take = (n: number) => text[n % text.length]!
  /** Changed to fit it would have lost its form. */
  const fitting = (n: number, letters: RegExp) =>
    [...text.slice(n % text.length), ...text].find((one) => letters.test(one)) ?? ""
  const body = {
    workflowId: "echo",
    input: {
      say: {
        list: text,
        who: nameless,
        [`for ${take(0)}`]: 1,
        card: 4_111_111_111_111_111,
        headers: { "X-Api-Key": take(1) },
      },
      how,
      task: `work on ${take(2)}`,
    },
    correlationId: take(3).slice(0, 200),
    businessEventId: take(4).slice(0, 200),
    tags: [`t:${take(5).replace(/\s/g, "").slice(0, 60)}`],
  }
  const headers = {
    "idempotency-key": `${how} ${take(6)}`.replace(/[^\x20-\x7e]/g, " ").slice(0, 200),
    "user-agent": `test ${fitting(11, /^[\x20-\x7e]*$/)}`,
    "x-request-id": fitting(12, /^[\w.:-]*$/),
    traceparent: `00-${fitting(13, /^[\x20-\x7e]*$/)}-01`,
    "x-forwarded-for": fitting(14, /^[\x20-\x7e]*$/),
  }
  const started = await call("POST", "/workflow-runs", body, headers)
  expect(started.status, JSON.stringify(started.body)).toBe(201)
  const { runId } = started.body as Run
  for (const [name, type] of [
    [`${how}.txt`, "text/plain"],
    [`${fitting(15, /^[\w. -]*$/)}.json`, `application/json; note=${fitting(16, /^[\w.-]*$/)}`],
  ] as const) {
    const path = `/api/v1/workflow-runs/${runId}/attachments?name=${encodeURIComponent(name)}`
    const content = JSON.stringify({ list: text, who: nameless })
    const attached = await fetch(server.url + path, {
      method: "POST",
      headers: { "content-type": type },
      body: content,
    })
    shown.push(await attached.text())
    expect(attached.status, shown.at(-1)).toBe(201)
  }
  if (how === "fail") {
    await until(runId, "FAILED")
    return runId
  }
  await until(runId, "WAITING_SIGNAL")
  await call("POST", `/workflow-runs/${runId}/pause`, { reason: `because of ${take(7)}` })
  await call("POST", `/workflow-runs/${runId}/resume`, { reason: take(8) })
  await call("POST", `/workflow-runs/${runId}/signals`, { name: "go", id: "s1", data: { list: text, who: nameless } })
  await until(runId, "WAITING_APPROVAL")
  await call("POST", `/workflow-runs/${runId}/annotations`, { note: `note ${take(9)}` })
  const [approval] = (
    (await call("GET", `/workflow-runs/${runId}/approvals`)).body as { items: { approvalId: string }[] }
  ).items
  const decision = { comment: `said ${take(10)}`, form: { list: text } }
  expect(
    (await call("POST", `/workflow-runs/${runId}/approvals/${approval!.approvalId}/approve`, decision)).status,
  ).toBe(200)
  await until(runId, "COMPLETED")
  return runId
}

/** By every way that leads out. */
async function readAll(runId: string): Promise<void> {
  for (const path of [
    "",
    "/steps",
    "/events?limit=200",
    "/context",
    "/timeline",
    "/why",
    "/export",
    "/approvals",
    "/remarks",
    "/logs?limit=200",
    "/attachments",
    "/lineage",
    "/evidence",
    "/webhooks",
  ])
    await call("GET", `/workflow-runs/${runId}${path}`)
  const { items } = (await call("GET", `/workflow-runs/${runId}/attachments`)).body as AttachmentPage
  expect(items.length).toBeGreaterThan(1)
  for (const { url } of items) if (url !== null) shown.push(await (await fetch(new URL(url, server.url))).text())
  for (const path of ["/search?q=list", "/issues", "/workflow-runs/facets", "/audit?limit=200", "/alerts", "/webhooks"])
    await call("GET", path)
  for (const path of [
    `/api/v1/workflow-runs/${runId}/stream`,
    `/api/v1/workflow-runs/export?format=csv`,
    `/api/v1/workflow-runs/export?format=ndjson`,
    `/runs/${runId}`,
    `/runs/${runId}/steps`,
    `/api/workflows/echo/executions`,
    `/api/workflows/executions/${runId}`,
    `/api/workflows/executions/${runId}/timeline`,
    `/metrics`,
  ]) {
    const response = await fetch(`${server.url}${path}`, { headers: { accept: "*/*" } })
    shown.push(await response.text())
  }
}

describe.each(["tokenize", "redact", "hash"] as const)("secrets under the method %s", (method) => {
  const part = secrets.filter((_, index) => index % 3 === ["tokenize", "redact", "hash"].indexOf(method))

  test(`${part.length} of them at every door are nowhere afterwards`, { timeout: 120_000 }, async () => {
    const detectors = Object.fromEntries(
      [...new Set(secrets.map(({ kind }) => kind)), "secret_field"].map((kind) => [kind, method]),
    )
    const policy = { detectors, fields: [{ path: "**.who", method, label: "name" }] }
    const put = await call("PUT", "/policies/redaction", { policy, note: "a test" })
    expect(put.status, JSON.stringify(put.body)).toBe(200)
    const runs: string[] = []
    for (let from = 0; from < part.length; from += 23)
      for (const how of ["well", "twice", "fail"] as const) runs.push(await run(part.slice(from, from + 23), how))
    for (const runId of runs) await readAll(runId)
    await expect.poll(() => told.length, { timeout: 20_000 }).toBeGreaterThan(runs.length)
    await expect
      .poll(() => mail.mails.some(({ text }) => text.includes("cannot work with")), { timeout: 20_000 })
      .toBe(true)
    const inArchive = await archived()
    for (const said of ["was given ", "attachments/", '.md"']) expect(inArchive).toContain(said)
    for (const runId of runs.slice(0, 2)) await readAll(runId)
    const mails = mail.mails.map(({ raw, subject, text }) => `${raw}\n${subject}\n${text}`)
    const out = [...shown, ...told, ...mails, ...server.lines].join("\n")
    const backup = await call("POST", "/admin/backup", { name: `${method}.db` })
    expect(backup.status, JSON.stringify(backup.body)).toBe(201)
    const leaks = [...part, ...ofEndpoints, { kind: "name", secret: nameless }].flatMap(({ kind, secret }) => [
      ...filesHolding(secret).map((file) => `${kind} in ${file}`),
      ...(inArchive.includes(secret) ? [`${kind} in the archive: …${around(inArchive, secret)}…`] : []),
      ...(out.includes(secret) ? [`${kind} in what the server said: …${around(out, secret)}…`] : []),
    ])
    expect(leaks).toEqual([])
    // It was all there, and something stands in its place.
    expect(out).toContain(`[${{ tokenize: "token", redact: "redacted", hash: "hash" }[method]}:name`)
  })
})

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex")
}

function around(out: string, secret: string): string {
  const place = out.indexOf(secret)
  return out.slice(Math.max(0, place - 120), place + secret.length + 40)
}

describe("what lies behind a token", () => {
  test("is what the agent worked on, and comes back as the token", async () => {
    await call("PUT", "/policies/redaction", { policy: { fields: [{ path: "**.who", method: "tokenize" }] } })
    const started = await call("POST", "/workflow-runs", { workflowId: "echo", input: { say: { who: nameless } } })
    const { runId } = started.body as Run
    await until(runId, "WAITING_SIGNAL")
    const { items } = (await call("GET", `/workflow-runs/${runId}/events?type=step.succeeded`)).body as EventPage
    const { output } = items[0]!.payload as { output: { value: { text: string; said: { who: string } } } }
    const { text, said } = output.value
    expect(said.who).toMatch(/^\[token:who:/)
    // The agent made a text of what it was given.
    expect(text).toBe(JSON.stringify({ who: said.who }))
    const opened = await ask(server.url, "POST", "/policies/redaction/reveal", { value: text, reason: "ticket 7" })
    expect(opened.body as RevealedTokens).toEqual({ value: JSON.stringify({ who: nameless }), opened: 1 })
    const audit = (await call("GET", "/audit?action=redaction.reveal")).body as AuditPage
    expect(audit.items).toMatchObject([
      { actor: "user:local", outcome: "done", detail: { reason: "ticket 7", opened: 1, tokens: [sha256(said.who)] } },
    ])
  })
})

describe("a policy", () => {
  test("is put with a note that is kept as it says itself", async () => {
    const secret = ["gh", "p_", "N7o".repeat(12)].join("")
    const put = { policy: { detectors: { email: "redact" } }, note: `for ${secret}` }
    expect((await call("PUT", "/policies/redaction", put)).body).toMatchObject({
      note: expect.stringMatching(/^for \[token:github_token:/),
    })
    const kept = { policy: {}, note: `for ann@example.com and ${secret}` }
    expect((await call("PUT", "/policies/retention", kept)).body).toMatchObject({
      note: expect.stringMatching(/^for \[redacted:email\] and \[token:github_token:/),
    })
    await call("PUT", "/policies/redaction", { policy: null })
    expect(filesHolding(secret)).toEqual([])
  })

  test("is tried before it holds, and what is wrong with it is said with its place", async () => {
    const samples = [{ value: { mail: "ann@example.com" } }]
    const tried = await call("POST", "/policies/redaction/dry-run", {
      policy: { detectors: { email: "redact" } },
      samples,
    })
    expect(tried.body).toMatchObject({
      results: [{ value: { mail: "[redacted:email]" }, hits: [{ pointer: "/mail" }] }],
    })
    const wrong = await call("PUT", "/policies/redaction", { policy: { fields: [{ path: "a..b", method: "redact" }] } })
    expect(wrong).toMatchObject({
      status: 422,
      body: { code: "invalid_policy", errors: [{ pointer: "/policy/fields/0/path" }] },
    })
  })

  test("holds in the audit too: why a run was cancelled stands there as the run has it, and no half of a key", async () => {
    const policy = { detectors: { email: "redact" } }
    expect((await call("PUT", "/policies/redaction", { workflowId: "echo", policy })).status).toBe(200)
    const cancelled = async (reason: string) => {
      const { runId } = (await call("POST", "/workflow-runs", { workflowId: "echo", input: { say: "x" } })).body as Run
      expect((await call("POST", `/workflow-runs/${runId}/cancel`, { reason })).status).toBe(200)
      const entries = async () =>
        ((await call("GET", `/audit?action=run.cancel&target=${runId}`)).body as AuditPage).items.map(
          ({ detail }) => (detail as { reason: string }).reason,
        )
      await expect.poll(entries).toHaveLength(1)
      return (await entries())[0]!
    }
    expect(await cancelled("asked by ann@shop.example")).toBe("asked by [redacted:email]")
    const key = `ghp_${"Q7w".repeat(12)}`
    for (const before of [470, 490, 498]) {
      const kept = await cancelled(`${"why ".repeat(125).slice(0, before - 1)} ${key} and so on`)
      expect(kept).toHaveLength(500)
      expect(kept).not.toMatch(/gh|Q7w/)
    }
  })

  test("holds for why many runs were cancelled, and why an issue was left or mended: the audit has the reason as it is kept", async () => {
    const policy = { detectors: { email: "redact" } }
    expect((await call("PUT", "/policies/redaction", { workflowId: "echo", policy })).status).toBe(200)
    const told = async (action: string, target: string) => {
      const entries = async () =>
        ((await call("GET", `/audit?action=${action}&target=${target}`)).body as AuditPage).items.map(
          ({ detail }) => (detail as { reason?: string }).reason,
        )
      await expect.poll(entries).toHaveLength(1)
      return (await entries())[0]
    }
    const { runId } = (
      await call("POST", "/workflow-runs?wait=20", { workflowId: "echo", input: { say: { list: [] }, how: "fail" } })
    ).body as Run
    const issue = async () => (await call("GET", `/workflow-runs/${runId}/issue`)).body as { issueId?: string }
    await expect.poll(async () => (await issue()).issueId).toBeTypeOf("string")
    const issueId = (await issue()).issueId!
    for (const act of ["ignore", "resolve"]) {
      expect((await call("POST", `/issues/${issueId}/${act}`, { reason: `${act}d for ann@shop.example` })).status).toBe(
        200,
      )
      expect(await told(`issue.${act}`, issueId)).toBe(`${act}d for [redacted:email]`)
    }
    const key = `ghp_${"Q7w".repeat(12)}`
    const asked = { action: "tag", runIds: [runId], tags: { add: ["seen"] }, reason: `leaked ${key} here` }
    const bulk = (await call("POST", "/bulk", asked)).body as { bulkId: string; reason: string }
    expect(bulk.reason).toMatch(/^leaked \[token:github_token:[^\]]+\] here$/)
    expect(await told("bulk.start", bulk.bulkId)).toBe(bulk.reason)
  })

  test("of somebody who looked at an older one is refused", async () => {
    const { version } = (await call("PUT", "/policies/redaction", { policy: {} })).body as RedactionVersion
    const late = await call("PUT", "/policies/redaction", { policy: {}, basedOn: version - 1 })
    expect(late).toMatchObject({ status: 409, body: { code: "policy_changed", data: { version } } })
    const versions = (await call("GET", "/policies/redaction/versions?limit=2")).body as { items: RedactionVersion[] }
    expect(versions.items.map((one) => one.version)).toEqual([version, version - 1])
  })

  test("holds for an input's schema: what comes in is checked before it is closed, and fits behind it", async () => {
    at.write(
      "workflows/pay.workflow.yaml",
      `id: pay
version: "1.0"
name: Pay
inputSchema: { type: object, required: [card], properties: { card: { type: string, pattern: "^[0-9]{16}$" } } }
states: [{ name: done, type: inject, data: { ok: true }, end: true }]
`,
    )
    await call("POST", "/environments/default/sync", {})
    const pay = (card: string) => call("POST", "/workflow-runs?wait=20", { workflowId: "pay", input: { card } })
    expect((await pay("4111111111111111")).body).toMatchObject({ status: "COMPLETED" })
    expect(await pay("4111 1111 1111 1111")).toMatchObject({ status: 422, body: { code: "input_invalid" } })
  })
})
