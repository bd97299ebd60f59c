import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import type {
  Alert,
  AlertDelivery,
  AlertDeliveryDetail,
  AlertDeliveryPage,
  Approval,
  ApprovalPage,
  Issue,
  IssuePage,
  Run,
  WebhookWithSecret,
} from "@waybill/contract"
import { Webhook } from "standardwebhooks"
import { afterAll, afterEach, beforeAll, expect, test } from "vitest"
import type { RunningServer } from "./main.ts"
import { type AnswerCheck, answerCheck } from "./testing/answer-schemas.ts"
import { MailServer } from "./testing/mail-server.ts"
import { addPerson, bearing, rootKey, withPeople } from "./testing/people.ts"
import { ask, type Place, place } from "./testing/real-server.ts"

const payer = `export default {
  name: "payer",
  description: "Pays, unless it is told to fail.",
  inputSchema: { type: "object" },
  async run({ words }) {
    if (words) throw new Error(words)
    return { paid: true }
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
    input: { agent: payer, task: pay, variables: { words: "{{ ctx.words ?? '' }}" } }
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
    input: { message: "Pay <100>?", summaryPath: ctx, approvers: ["team:tills", "user:gone@example.com"],
      sla: { dueSeconds: 2 }, reminders: [{ everySeconds: 1, max: 1 }] }
    end: true
`

let at: Place
let server: RunningServer
let fits: AnswerCheck | undefined
const mail = new MailServer()
const heard: { path: string; headers: Record<string, string>; body: string }[] = []
let channel: Server
let channelUrl: string

const auth = bearing(rootKey)

beforeAll(async () => {
  await mail.open()
  channel = createServer((request, response) => {
    let body = ""
    request.setEncoding("utf8").on("data", (part) => {
      body += part
    })
    request.on("end", () => {
      heard.push({ path: request.url ?? "", headers: request.headers as Record<string, string>, body })
      response.end("ok")
    })
  })
  await new Promise<void>((resolve) => channel.listen(0, "127.0.0.1", resolve))
  channelUrl = `http://127.0.0.1:${(channel.address() as AddressInfo).port}`
  at = place()
  at.write("agents/payer.agent.ts", payer)
  at.write("workflows/pay.workflow.yaml", pay)
  at.write("workflows/gate.workflow.yaml", gate)
  await start()
  fits = answerCheck(await (await fetch(`${server.url}/openapi.json`)).json())
  for (const name of ["tom", "tina"]) await addPerson(server.url, `${name}@example.com`, "operator")
  await api("PUT", "/teams/tills", { members: ["user:tom@example.com", "user:tina@example.com"] })
}, 60_000)

afterAll(async () => {
  await server.close()
  await mail.close()
  channel.close()
  at.remove()
})

afterEach(async () => {
  mail.hangs = false
  mail.refused.clear()
  const { items } = await api<{ items: Alert[] }>("GET", "/alerts")
  for (const { alertId } of items) await api("DELETE", `/alerts/${alertId}`)
  mail.mails.length = 0
  heard.length = 0
})

async function start(gatherSeconds = 1): Promise<void> {
  server = await at.start(
    { ...withPeople, alertsGatherSeconds: gatherSeconds },
    {
      WAYBILL_SMTP_URL: mail.url,
      WAYBILL_SMTP_FROM: "Waybill <waybill@example.com>",
      WAYBILL_WEBHOOKS_ALLOW: "127.0.0.1/32",
      WAYBILL_WEBHOOKS_RETRY_SECONDS: "0",
    },
  )
}

async function api<T>(method: string, path: string, body?: unknown): Promise<T> {
  const reply = await ask(server.url, method, path, body, auth)
  expect(reply.status, JSON.stringify(reply.body)).toBeLessThan(300)
  if (fits !== undefined) expect(fits(method, `/api/v1${path.split("?")[0]}`, reply.status, reply.body)).toEqual([])
  return reply.body as T
}

const byMail = (more: object = {}) => api<Alert>("POST", "/alerts", { kind: "email", to: ["ops@example.com"], ...more })

const run = (words: string) =>
  api<Run>("POST", "/workflow-runs?wait=20", { workflowId: "pay", input: { words, pin: "4711" } })

async function until<T>(what: () => Promise<T | null | false> | T | null | false, seconds = 20): Promise<T> {
  const end = Date.now() + seconds * 1_000
  for (;;) {
    const value = await what()
    if (value !== null && value !== false) return value
    if (Date.now() > end) throw new Error("it did not come in time")
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const deliveries = async (alertId: string, query = "") =>
  (await api<AlertDeliveryPage>("GET", `/alerts/${alertId}/deliveries${query}`)).items

test("hundreds of runs that fail alike are one mail that says how many, and what else fails is another", async () => {
  const { alertId } = await byMail()
  const waiting = Array.from({ length: 150 }, (_, n) => n)
  const begin = async () => {
    for (let n = waiting.pop(); n !== undefined; n = waiting.pop())
      await ask(
        server.url,
        "POST",
        "/workflow-runs",
        { workflowId: "pay", input: { words: `order ${n} was refused` } },
        auth,
      )
  }
  await Promise.all(Array.from({ length: 20 }, begin))
  await until(async () => (await api<IssuePage>("GET", "/issues")).items.some(({ count }) => count === 150), 120)
  await run("the till is closed")
  await until(() => mail.mails.some(({ text }) => text.includes("the till is closed")))
  const storm = mail.mails.filter(({ text }) => text.includes("was refused"))
  expect(storm).toHaveLength(1)
  expect(storm[0]!.subject).toMatch(/^Waybill: pay failed at card: order \d+ was refused \(\d+ runs\)$/)
  for (const words of ["environment default, version 1.0 (#1)", "runs alike", "Since", "Next", "waybill runs why run_"])
    expect(storm[0]!.text).toContain(words)
  const health = async () => (await api<Alert>("GET", `/alerts/${alertId}`)).health
  await until(async () => (await health()).delivered === 2)
  expect(await health()).toMatchObject({ state: "healthy", pending: 0, dead: 0 })
}, 120_000)

test("an issue is told again at once when it comes back after it was resolved, and not while it is ignored", async () => {
  const { alertId } = await byMail()
  await run("the drawer is stuck")
  await until(() => mail.mails.length === 1)
  await run("the drawer is stuck")
  const issue = await until(async () => {
    const { items } = await api<IssuePage>("GET", "/issues")
    return items.find(({ message, count }) => message === "the drawer is stuck" && count === 2) ?? null
  })
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(mail.mails).toHaveLength(1)
  await api<Issue>("POST", `/issues/${issue.issueId}/resolve`, { reason: "oiled" })
  await run("the drawer is stuck")
  const [, again] = await until(() => mail.mails.length === 2 && mail.mails)
  expect(again!.subject).toContain("pay fails again at card")
  expect(again!.text).toMatch(/Came back +it was resolved .* by /)
  await api<Issue>("POST", `/issues/${issue.issueId}/ignore`, {})
  await run("the drawer is stuck")
  await new Promise((resolve) => setTimeout(resolve, 2_500))
  expect(mail.mails).toHaveLength(2)
  expect(await deliveries(alertId)).toHaveLength(2)
}, 60_000)

test("those who may decide are written to, reminded and told when it is overdue, until it is decided", async () => {
  await byMail({ to: ["approvers"], events: ["run.waiting_human", "approval.reminded", "approval.breached"] })
  const { runId } = await api<Run>("POST", "/workflow-runs", { workflowId: "gate", input: { pin: "4711" } })
  const mails = await until(() => mail.mails.length === 3 && mail.mails)
  expect(mails.map(({ subject }) => subject)).toEqual([
    "Waybill: gate waits for a decision: Pay <100>?",
    "Waybill: gate still waits for a decision: Pay <100>?",
    "Waybill: gate has a decision overdue: Pay <100>?",
  ])
  for (const { to, raw, text } of mails) {
    expect([...to].sort()).toEqual(["tina@example.com", "tom@example.com"])
    expect(text).toContain(`run ${runId}`)
    expect(raw).not.toContain("4711")
  }
  const { items } = await api<ApprovalPage>("GET", `/workflow-runs/${runId}/approvals`)
  await api<Approval>("POST", `/workflow-runs/${runId}/approvals/${items[0]!.approvalId}/decide`, {
    outcome: "reject",
  }).catch(() => api("POST", `/workflow-runs/${runId}/cancel`, { reason: "over" }))
}, 30_000)

test("more than an hour may bring is held back and told together when there is room", async () => {
  const { alertId } = await byMail({ maxPerHour: 2 })
  await server.close()
  await start(6)
  const causes = ["no cash", "no card", "no clerk", "no power"]
  await Promise.all(causes.map(run))
  await until(async () =>
    /^waybill_webhooks_behind 0$/m.test(await (await fetch(`${server.url}/metrics`, { headers: auth })).text()),
  )
  // All of them are due when it comes back, however busy the machine is.
  await server.close()
  expect(mail.mails).toEqual([])
  await new Promise((resolve) => setTimeout(resolve, 6_500))
  await start()
  const mails = await until(() => mail.mails.length === 2 && mail.mails, 40)
  expect(mails.map(({ subject }) => subject)).toContainEqual(
    expect.stringMatching(/3 alerts in one: 3 happenings since/),
  )
  for (const { text } of mails) expect(text).not.toBe("")
  const all = mails.map(({ text }) => text).join("\n")
  for (const cause of causes) expect(all).toContain(cause)
  await run("no door")
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  expect(mail.mails).toHaveLength(2)
  expect((await deliveries(alertId)).map(({ event }) => event)).toEqual(["alert.digest", "run.failed"])
}, 90_000)

test("what a run says can neither begin a line of a mail's head nor reach further people", async () => {
  await byMail()
  await run("shut\r\nBcc: thief@example.com\r\n\r\n<script>\u202egnp.exe")
  const [{ to, raw, subject }] = (await until(() => mail.mails.length === 1 && mail.mails)) as [(typeof mail.mails)[0]]
  expect(to).toEqual(["ops@example.com"])
  expect(raw.split("\r\n\r\n")[0]).not.toMatch(/^bcc:/im)
  expect(subject).toContain("shut Bcc: thief@example.com")
  expect(subject).not.toContain("\u202e")
  for (const address of ["a@b.c\r\nBcc: x@y.z", "a@b.c, x@y.z", "<a@b.c>", "A <a@b.c>", "@b", "a b@c"])
    expect((await ask(server.url, "POST", "/alerts", { kind: "email", to: [address] }, auth)).status).toBe(400)
})

test("a mail server that hangs slows nothing; what it does not take is tried again and lies dead until it is sent again", async () => {
  const { alertId } = await byMail()
  mail.refused.add("ops@example.com")
  await run("the roof leaks")
  const [dead] = await until(async () => {
    const found = await deliveries(alertId, "?state=dead")
    return found.length === 1 && found
  })
  expect(dead).toMatchObject({ event: "run.failed", lastStatus: 550, attempts: 1 })
  const path = `/alerts/${alertId}/deliveries/${dead!.deliveryId}`
  expect((await api<AlertDeliveryDetail>("GET", path)).log[0]!.error).toContain("no such person")
  mail.refused.clear()
  await api<AlertDelivery>("POST", `${path}/redeliver`)
  const [sent] = await until(() => mail.mails.length === 1 && mail.mails)
  expect(sent!.raw).toContain(`Message-ID: <${dead!.deliveryId}@example.com>`)
  mail.hangs = true
  await run("the floor is wet")
  const began = performance.now()
  for (let n = 0; n < 5; n++) expect((await run("")).status).toBe("COMPLETED")
  expect(performance.now() - began).toBeLessThan(10_000)
}, 60_000)

test("a server that was killed between the failure and the mail sends it, once", async () => {
  const { alertId } = await byMail()
  await run("the clock stopped")
  await server.close()
  expect(mail.mails).toHaveLength(0)
  await start()
  await until(() => mail.mails.length === 1)
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(mail.mails).toHaveLength(1)
  expect(await deliveries(alertId)).toMatchObject([{ state: "delivered", attempts: 1 }])
}, 60_000)

test("a name that holds a secret is refused: everybody would read it", async () => {
  const name = `ghp_${"Q7w".repeat(12)}`
  const { alertId } = await byMail()
  const refused = { code: "invalid_request", errors: [{ pointer: "/name" }] }
  for (const [method, path, body] of [
    ["POST", "/alerts", { kind: "email", to: ["ops@example.com"], name }],
    ["PATCH", `/alerts/${alertId}`, { name }],
  ] as const)
    expect((await ask(server.url, method, path, body, auth)).body).toMatchObject(refused)
})

test("a channel is told what a person reads, and no run can make a link or call people there", async () => {
  const alert = await api<Alert>("POST", "/alerts", { kind: "slack", url: `${channelUrl}/services/secret` })
  expect(alert.to).toEqual([`${channelUrl}/…`])
  await run("<!channel> & friends")
  const [message] = await until(() => heard.length === 1 && heard)
  const { text } = JSON.parse(message!.body) as { text: string }
  expect(text).toContain("*pay failed at card: &lt;!channel&gt; &amp; friends*")
  expect(text).toContain("Look: waybill runs why run_")
  const inside = { kind: "slack", url: "https://169.254.169.254/services" }
  expect((await ask(server.url, "POST", "/alerts", inside, auth)).body).toMatchObject({ code: "webhook_url_refused" })
  const renamed = await api<Alert>("POST", "/alerts", { kind: "slack", url: "https://localhost:1/hook" })
  await api("POST", `/alerts/${renamed.alertId}/test`)
  const [tried] = await until(async () => {
    const found = await deliveries(renamed.alertId, "?state=dead")
    return found.length === 1 && found
  })
  expect(tried).toMatchObject({ event: "webhook.test", lastStatus: null })
})

test("a webhook is told as a document that it can verify, and an alert names no webhook of others", async () => {
  const hook = { url: `${channelUrl}/hook`, events: ["approval.revised"] }
  const { webhookId, secret } = await api<WebhookWithSecret>("POST", "/webhooks", hook)
  const { alertId } = await api<Alert>("POST", "/alerts", { kind: "webhook", webhookId, workflows: ["pay"] })
  const { runId } = await run("the bank is closed")
  const [message] = await until(() => heard.length === 1 && heard)
  const said = new Webhook(secret).verify(message!.body, message!.headers) as {
    type: string
    data: { about: object[] }
  }
  expect(said).toMatchObject({ type: "alert", data: { alert_id: alertId, about: [{ run_id: runId, count: 1 }] } })
  const foreign = { kind: "webhook", webhookId: "whe_nobodys" }
  expect((await ask(server.url, "POST", "/alerts", foreign, auth)).status).toBe(404)
  expect((await ask(server.url, "GET", `/webhooks/${alertId}`, undefined, auth)).status).toBe(404)
  expect((await ask(server.url, "GET", `/alerts/${webhookId}`, undefined, auth)).status).toBe(404)
  await api("DELETE", `/webhooks/${webhookId}`)
})

test("a test arrives, a changed alert tells of what it names, and one that is off tells nothing", async () => {
  const { alertId } = await byMail({ name: "Nights" })
  await api<AlertDelivery>("POST", `/alerts/${alertId}/test`)
  const [first] = await until(() => mail.mails.length === 1 && mail.mails)
  expect(first).toMatchObject({ from: "waybill@example.com", subject: "Waybill: a test" })
  const changed = await api<Alert>("PATCH", `/alerts/${alertId}`, { workflows: ["gate"], repeatMinutes: 5 })
  expect(changed).toMatchObject({ name: "Nights", workflows: ["gate"], repeatMinutes: 5, maxPerHour: 20 })
  await run("nobody hears of it")
  await api("PATCH", `/alerts/${alertId}`, { workflows: [], enabled: false })
  await run("nobody hears of this either")
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(mail.mails).toHaveLength(1)
  const off = await ask(server.url, "POST", `/alerts/${alertId}/test`, undefined, auth)
  expect([off.status, off.body]).toMatchObject([409, { code: "webhook_disabled" }])
  const both = { kind: "email", to: ["a@example.com"], url: "https://example.com/" }
  expect((await ask(server.url, "POST", "/alerts", both, auth)).status).toBe(400)
  expect((await ask(server.url, "POST", "/alerts", { kind: "slack" }, auth)).status).toBe(400)
})
