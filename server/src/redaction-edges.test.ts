/** What a policy must not do while it takes values out: lose a run, break a step, forget a door (rules 9 and 24). */
import { createHash } from "node:crypto"
import { readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import type {
  Approval,
  Bulk,
  BusinessEvent,
  EventPage,
  Run,
  RunCounts,
  RunPage,
  RunRecordPage,
  SearchAnswer,
} from "@waybill/contract"
import Database from "better-sqlite3"
import { afterAll, afterEach, beforeAll, expect, test } from "vitest"
import type { RunningServer } from "./main.ts"
import { ask, type Place, place } from "./testing/real-server.ts"

const agents = {
  parts: `async run({ address }) { return { city: address.city, count: 1, other: 1, text: JSON.stringify(address) } }`,
  show: `async run(input) { return { shown: Buffer.from(JSON.stringify(input)).toString("base64") } }`,
  late: `async run({ who }) { setTimeout(() => console.log("LATE " + who), 200); return {} }`,
  busy: `async run(_, ctx) { if (ctx.attempt === 1) throw Object.assign(new Error("busy"), { class: "transient", retryAfterSeconds: 0.2 }); return {} }`,
}
const done = "{ name: done, type: inject, data: { ok: true }, end: true }"
const step = (agent: string, variables: string, more: string) =>
  `{ name: ${agent}, type: operation, action: agent.run, input: { agent: ${agent}, variables: ${variables} }, resultPath: ${agent}, ${more} }`
const flows = {
  plain: [done],
  keyed: [done],
  named: [done],
  strict: [done],
  child: [done],
  parts: [
    step("parts", '{ address: "{{ ctx.address }}" }', "next: show"),
    step("show", '{ x: "{{ ctx.parts.city }}", y: "{{ ctx.parts.count }}" }', "end: true"),
  ],
  late: [step("late", '{ who: "{{ ctx.who }}" }', "end: true")],
  busy: [step("busy", "{}", "retry: { maxAttempts: 2, backoffSeconds: 0.1 }, end: true")],
  again: [
    "{ name: first, type: inject, data: { ok: true }, next: show }",
    step("show", '{ x: "{{ ctx.mail }}" }', "end: true"),
  ],
  told: [
    "{ name: hear, type: listen, signal: paid, schema: { type: object, properties: { amount: { type: number, maximum: 10 } }, required: [amount] }, resultPath: heard, next: ask }",
    "{ name: ask, type: operation, action: human.approval, input: { message: m, form: { schema: { type: object, properties: { account: { type: string, maxLength: 8 } }, required: [account] } } }, end: true }",
  ],
  hear: ["{ name: hear, type: listen, signal: go, end: true }"],
  parent: ['{ name: call, type: run, workflow: { id: child, input: { mail: "{{ ctx.mail }}" } }, end: true }'],
} as const
const heads: { readonly [name: string]: string } = {
  keyed: 'idempotency: { key: "{{ ctx.mail }}" }\n',
  named: 'businessEventId: "order of {{ ctx.mail }}"\n',
  strict:
    "inputSchema: { type: object, properties: { amount: { type: number, maximum: 10 }, mails: { type: array, uniqueItems: true, items: { type: string } } } }\n",
}

let at: Place
let server: RunningServer & { readonly lines: string[] }
const call = async <T>(method: string, path: string, body?: unknown) => {
  const { status, body: answer } = await ask(server.url, method, path, body)
  return { status, body: answer as T }
}
const policy = async (written: unknown, workflowId: string | null = null) => {
  const put = await call("PUT", "/policies/redaction", { policy: written, workflowId })
  expect(put.status, JSON.stringify(put.body)).toBe(200)
}
const start = (workflowId: string, input: unknown, more: object = {}) =>
  call<Run & { code?: string }>("POST", "/workflow-runs?wait=20", { workflowId, input, ...more })
const outputs = async (runId: string) => {
  const { body } = await call<EventPage>("GET", `/workflow-runs/${runId}/events?type=step.succeeded`)
  return body.items.map(({ payload }) => (payload as { output: { value: Record<string, unknown> } }).output.value)
}
const isKept = (secret: string) => {
  const folder = join(at.folder, ".waybill")
  const files = (readdirSync(folder, { recursive: true }) as string[]).map((name) => join(folder, name))
  return files.some((file) => statSync(file).isFile() && readFileSync(file).includes(secret))
}

beforeAll(async () => {
  at = place()
  for (const [name, body] of Object.entries(agents))
    at.write(`agents/${name}.agent.mjs`, `export default { name: "${name}", ${body} }`)
  for (const [id, states] of Object.entries(flows)) {
    const head = `id: ${id}\nversion: "1.0"\nname: ${id}\n${heads[id] ?? ""}`
    at.write(`workflows/${id}.workflow.yaml`, `${head}states:\n${states.map((one) => `  - ${one}\n`).join("")}`)
  }
  server = await at.start({ recordEnv: ["DB_URL"] }, { DB_URL: "postgres://app:Zaubertrank77@db/x" })
})
afterEach(() => policy(null))
afterAll(async () => {
  await server.close()
  at.remove()
})

test("two starts whose keys were taken out are two runs, and the same key is one run", async () => {
  await policy({ detectors: { email: "redact" } })
  const [ann, bob, again] = [
    await start("keyed", { mail: "ann@example.com" }),
    await start("keyed", { mail: "bob@example.com" }),
    await start("keyed", { mail: "ann@example.com" }),
  ]
  expect([ann.status, bob.status, again.status]).toEqual([201, 201, 200])
  expect(bob.body.runId).not.toBe(ann.body.runId)
  expect(again.body.runId).toBe(ann.body.runId)
  expect(isKept("ann@example.com")).toBe(false)
})

test("names that policy keeps in another form are found by what they were, at every door that is asked for runs", async () => {
  const mail = "asked.for@example.com"
  const forms = [
    { workflowId: "plain", businessEventId: `customer:${mail}`, correlationId: `c ${mail}`, tags: [`of ${mail}`] },
    { workflowId: "late", businessEventId: `customer:${mail}`, correlationId: `c ${mail}`, tags: [`of ${mail}`] },
  ]
  await policy({ detectors: { email: "tokenize" } })
  await policy({ detectors: { email: "hash" } }, "late")
  const ids: string[] = []
  for (const { workflowId, ...names } of forms) ids.push((await start(workflowId, { who: "x" }, names)).body.runId)
  const named = (await start("named", { mail })).body
  expect(named.businessEventId).not.toContain(mail)
  const found = async (query: string) => {
    const { items } = (await call<RunPage>("GET", `/workflow-runs?${query}`)).body
    return items.map(({ runId }) => runId).sort()
  }
  const q = (text: string) => `query=${encodeURIComponent(text)}`
  for (const query of [
    `businessEventId=customer:${mail}`,
    `correlationId=c%20${mail}`,
    `tag=of%20${mail}`,
    q(`event:"customer:${mail}"`),
    q(`correlation:"c ${mail}"`),
    q(`tag:"of ${mail}"`),
  ])
    expect([query, await found(query)]).toEqual([query, [...ids].sort()])
  expect(await found(`businessEventId=order%20of%20${mail}`)).toEqual([named.runId])
  expect(await found(q(`event:"order of ${mail}" -tag:"of ${mail}"`))).toEqual([named.runId])
  expect(
    (await call<RunCounts>("GET", `/workflow-runs/counts?businessEventId=customer:${mail}`)).body.total.value,
  ).toBe(2)
  for (const asked of [`event:"customer:${mail}"`, `correlation:"c ${mail}"`, `tag:"of ${mail}"`]) {
    const { hits } = (await call<SearchAnswer>("GET", `/search?q=${encodeURIComponent(asked)}`)).body
    expect([asked, hits.map(({ id }) => id).sort()]).toEqual([asked, [...ids].sort()])
  }
  const bulk = { action: "cancel", query: `event:"customer:${mail}"`, reason: "r", dryRun: true }
  expect((await call<Bulk>("POST", "/bulk", bulk)).body.counts.total).toBe(2)
  const records = (await (await fetch(`${server.url}/runs?tag=of%20${mail}`)).json()) as RunRecordPage
  expect(records.items.map(({ id }) => id).sort()).toEqual([...ids].sort())
  const outcome = `/outcomes/${encodeURIComponent(`customer:${mail}`)}`
  expect((await call("POST", outcome, { note: "they called" })).status).toBe(201)
  const event = (await call<BusinessEvent>("GET", outcome)).body
  expect([event.runs.length, event.outcomes.map(({ note }) => note)]).toEqual([2, ["they called"]])
  expect(JSON.stringify(event)).not.toContain(mail)
  await policy(null, "late")
  expect(isKept(mail)).toBe(false)
})

test("an Idempotency-Key and its body cannot be found out from the database by trying, and those of before still hold", async () => {
  const [key, body] = ["order 4711", '{"workflowId":"plain","input":{"pin":4711}}']
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex")
  const send = async () => {
    const headers = { "content-type": "application/json", "idempotency-key": key }
    const answer = await fetch(`${server.url}/api/v1/workflow-runs`, { method: "POST", headers, body })
    return [answer.status, ((await answer.json()) as Run).runId]
  }
  const [, runId] = await send()
  expect(await send()).toEqual([200, runId])
  const old = [sha256(key), sha256(`/api/v1/workflow-runs?\n${body}`)] as const
  const db = new Database(join(at.folder, ".waybill", "waybill.db"), { timeout: 5_000 })
  const row = db
    .prepare("SELECT key, body_hash AS body FROM workflow_idempotency WHERE run_id = ?")
    .get(runId) as object
  for (const kept of Object.values(row)) for (const guess of [key, body, ...old]) expect(kept).not.toContain(guess)
  db.prepare("UPDATE workflow_idempotency SET key = ?, body_hash = ? WHERE run_id = ?").run(...old, runId)
  db.close()
  expect(await send()).toEqual([200, runId])
})

test("a rule over everything changes words and nothing that the engine goes by", async () => {
  await policy({ fields: [{ path: "*", method: "redact" }] })
  expect((await start("busy", {})).body.status).toBe("COMPLETED")
  const named = await start("plain", { a: 1 }, { tags: ["a"], correlationId: "c-1" })
  expect(named.body).toMatchObject({ status: "COMPLETED", tags: ["a"], correlationId: "c-1", trigger: { kind: "api" } })
  await policy({ fields: [{ path: "tags", method: "redact", in: ["identifier"] }] })
  expect((await start("plain", {}, { tags: ["a"] })).body.tags).toEqual(["a"])
})

test("what is said later is looked at too: tags, an owner, a signal's id; and the variables that are recorded", async () => {
  const [tag, owner, id] = ["Q7w", "Z9x", "R5v"].map((part) => `ghp_${part.repeat(12)}`)
  const { body } = await start("plain", {})
  expect((await call("POST", `/workflow-runs/${body.runId}/tags`, { add: [tag] })).status).toBe(200)
  expect((await call("POST", `/workflow-runs/${body.runId}/assign`, { owner })).status).toBe(200)
  const waiting = await call<Run>("POST", "/workflow-runs", { workflowId: "hear", input: {} })
  const signal = { name: "go", id, data: {} }
  expect((await call("POST", `/workflow-runs/${waiting.body.runId}/signals`, signal)).status).toBeLessThan(300)
  expect([tag, owner, id, "Zaubertrank77"].filter((secret) => isKept(secret!))).toEqual([])
})

test("what people name is shown to everybody: what looks like a secret is refused there", async () => {
  const secret = ["gh", "p_", "T4k".repeat(12)].join("")
  const note = await call("PUT", `/workflows/plain?note=${secret}`, {})
  const to = await call("POST", "/workflow-runs/run_x/approvals/appr_x/delegate", { to: `user:${secret}` })
  const owner = await call("POST", "/issues/iss_x/assign", { owner: `user:${secret}` })
  const member = await call("POST", "/members", { email: "ann@example.com", name: secret, role: "viewer" })
  const hook = { url: "https://example.com/x", events: ["run.failed"], workflows: [secret] }
  const told = [
    await call("POST", "/webhooks", hook),
    await call("POST", "/webhooks", { ...hook, workflows: [], environment: secret }),
  ]
  for (const { status, body } of [note, to, owner, member, ...told])
    expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining("looks like a secret")])
  expect(isKept(secret)).toBe(false)
})

test("a child is started under its own policy", async () => {
  await policy({ fields: [{ path: "mail", method: "redact" }] }, "child")
  await start("parent", { mail: "carl@example.com" })
  const { body } = await call<RunPage>("GET", "/workflow-runs?workflowId=child&limit=1")
  const first = await call("GET", `/workflow-runs/${body.items[0]!.runId}/events?type=run.created`)
  expect(JSON.stringify(first.body)).not.toContain("carl@example.com")
  await policy(null, "child")
})

test("a re-run from a state takes the old context over under the policy of today", async () => {
  const { body } = await start("again", { mail: "dora@example.com" })
  await policy({ detectors: { email: "redact" } })
  const rerun = await call<Run>("POST", `/workflow-runs/${body.runId}/rerun`, { from: "show", reason: "again" })
  const events = await call("GET", `/workflow-runs/${rerun.body.runId}/events`)
  expect(JSON.stringify(events.body)).not.toContain("dora@example.com")
})

test("an agent's answer gets the token of each part that it repeats, and numbers that nobody opened stay", async () => {
  await policy({ fields: [{ path: "address", method: "tokenize", in: ["input"] }] })
  const { body } = await start("parts", { address: { city: "Berlin-Mitte", street: 'Haus "Zwiebel" 4' } })
  const [parts, shown] = await outputs(body.runId)
  expect(parts).toMatchObject({ city: expect.stringMatching(/^\[token:address:/), count: 1, other: 1 })
  expect(JSON.parse(Buffer.from(String(shown!.shown), "base64").toString())).toEqual({ x: "Berlin-Mitte", y: 1 })
  expect(isKept("Zwiebel")).toBe(false)
})

test("what an agent says after its end is closed too", async () => {
  await policy({ fields: [{ path: "**.who", method: "tokenize" }] })
  await start("late", { who: "Quintilia Spät" })
  await expect
    .poll(() => server.lines.filter((line) => line.includes("LATE [token:who:")).length, { timeout: 10_000 })
    .toBe(1)
  expect(server.lines.join("\n")).not.toContain("Quintilia")
})

test("what a signal or a form says is held against its schema as it came, and then fits though it was taken out", async () => {
  await policy({
    fields: [
      { path: "**.amount", method: "redact" },
      { path: "**.account", method: "tokenize" },
    ],
  })
  const { runId } = (await call<Run>("POST", "/workflow-runs", { workflowId: "told", input: {} })).body
  const signal = (amount: unknown) =>
    call<{ code: string }>("POST", `/workflow-runs/${runId}/signals`, { name: "paid", data: { amount } })
  for (const wrong of [11, "ten"]) {
    const { status, body } = await signal(wrong)
    expect([wrong, status, body.code]).toEqual([wrong, 422, "signal_invalid"])
  }
  expect((await signal(7)).status).toBeLessThan(300)
  const asked = await expect
    .poll(async () => (await call<{ items: Approval[] }>("GET", `/workflow-runs/${runId}/approvals`)).body.items)
    .toHaveLength(1)
    .then(async () => (await call<{ items: Approval[] }>("GET", `/workflow-runs/${runId}/approvals`)).body.items[0]!)
  const decide = (account: unknown) =>
    call<{ code: string }>("POST", `/workflow-runs/${runId}/approvals/${asked.approvalId}/approve`, {
      form: { account },
    })
  for (const wrong of ["longer than eight", 7]) {
    const { status, body } = await decide(wrong)
    expect([wrong, status, body.code]).toEqual([wrong, 422, "form_invalid"])
  }
  expect((await decide("4711-001")).status).toBe(200)
  const events = await call("GET", `/workflow-runs/${runId}/events`)
  expect(JSON.stringify(events.body)).not.toContain("4711-001")
})

test("a schema is held against what came, and a marker that somebody types is no way around it", async () => {
  expect((await start("strict", { amount: "drop table [redacted:x]" })).status).toBe(422)
  await policy({ detectors: { email: "redact" } })
  expect((await start("strict", { mails: ["a@example.com", "b@example.com"] })).body.status).toBe("COMPLETED")
  expect((await start("strict", { mails: ["a@example.com", "a@example.com"] })).status).toBe(422)
})
