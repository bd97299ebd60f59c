import type { Approval, ApprovalPage, Run, WebhookDeliveryDetail, WebhookDeliveryPage } from "@waybill/contract"
import { afterEach, beforeEach, expect, test } from "vitest"
import type { RunningServer } from "./main.ts"
import { ask, type Place, place } from "./testing/real-server.ts"

const gate = (id: string, input: string) => `id: ${id}
version: "1.0"
name: Gate
start: ask
states:
  - name: ask
    type: operation
    action: human.approval
    input: { message: "Pay?", approvers: ["user:local"], ${input} }
    end: true
`

let at: Place
let server: RunningServer

beforeEach(async () => {
  at = place()
  at.write(
    "workflows/clocks.workflow.yaml",
    gate(
      "clocks",
      `reminders: [{ everySeconds: 0.2, max: 2 }], sla: { warnSeconds: 0.1, dueSeconds: 1.5 },
      escalation: [{ afterSeconds: 0.6, to: ["user:boss"] }, { afterSeconds: 3600, to: ["user:top"] }], delegation: { allowed: true }`,
    ),
  )
  at.write(
    "workflows/nights.workflow.yaml",
    gate(
      "nights",
      `reminders: [{ everySeconds: 0.8, max: 5 }], sla: { dueSeconds: 3 },
      escalation: [{ afterSeconds: 2.5, to: ["user:boss"] }, { afterSeconds: 3600, to: ["user:top"] }]`,
    ),
  )
  at.write("workflows/calm.workflow.yaml", gate("calm", "sla: { dueSeconds: 3600 }"))
  server = await at.start()
})
afterEach(async () => {
  await server.close()
  at.remove()
})

async function api<T>(method: string, path: string, body?: unknown): Promise<T> {
  const reply = await ask(server.url, method, path, body)
  expect(reply.status, JSON.stringify(reply.body)).toBeLessThan(300)
  return reply.body as T
}

async function until<T>(look: () => Promise<T>, isSo: (seen: T) => boolean): Promise<T> {
  const end = Date.now() + 15_000
  for (;;) {
    const seen = await look()
    if (isSo(seen)) return seen
    if (Date.now() > end) throw new Error(`it did not come in time: ${JSON.stringify(seen)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function begin(workflowId: string): Promise<Approval> {
  const { runId } = await api<Run>("POST", "/workflow-runs?wait=0.1", { workflowId, input: {} })
  const look = () => api<ApprovalPage>("GET", `/workflow-runs/${runId}/approvals`)
  return (await until(look, ({ items }) => items.length === 1)).items[0]!
}

const look = (approvalId: string) => () => api<Approval>("GET", `/workflow-approvals/${approvalId}`)
const ms = (time: string | null) => Date.parse(time!)

test("people are reminded and others asked when it is time, once each, also by a server that was down in between", async () => {
  const asked = await begin("nights")
  await server.close()
  await new Promise((resolve) => setTimeout(resolve, ms(asked.requestedAt) + 3_000 - Date.now()))
  server = await at.start()
  const { approvalId } = asked
  const breached = await until(look(approvalId), ({ sla }) => sla?.state === "breached")
  expect(breached.approvers).toEqual(["user:local", "user:boss"])
  expect(breached.escalations.map(({ to }) => to)).toEqual([["user:boss"]])
  expect(ms(breached.escalations[0]!.at) - ms(asked.requestedAt)).toBeGreaterThanOrEqual(2_500)
  expect(ms(breached.nextEscalationAt) - ms(asked.requestedAt)).toBe(3_600_000)
  expect(breached.sla!.breachAt).toBe(breached.dueAt)
  const types = await until(
    async () =>
      (await api<{ items: { type: string }[] }>("GET", `/workflow-runs/${asked.runId}/events`)).items.map(
        ({ type }) => type,
      ),
    (seen) => seen.includes("approval.warned") && seen.filter((type) => type === "approval.reminded").length > 1,
  )
  expect(types.filter((type) => type === "approval.escalated")).toHaveLength(1)
  expect(types.filter((type) => type === "approval.warned")).toHaveLength(1)
  // What was missed is not made up for: the next ones are those behind it.
  const { remindersSent, lastRemindedAt } = await look(approvalId)()
  expect(remindersSent).toBe(types.filter((type) => type === "approval.reminded").length)
  expect(ms(lastRemindedAt)).toBeGreaterThan(ms(asked.requestedAt) + 3_000)
})

test("the inbox is sorted by time to breach, and an approval that was handed on says by whom and why", async () => {
  const calm = await begin("calm")
  const soon = await begin("clocks")
  const { items } = await api<ApprovalPage>("GET", "/workflow-approvals?sort=dueAt")
  expect(items.map(({ approvalId }) => approvalId)).toEqual([soon.approvalId, calm.approvalId])
  expect(items[1]).toMatchObject({ sla: { state: "ok", warnAt: null }, nextReminderAt: null, remindersSent: 0 })
  const path = `/workflow-runs/${soon.runId}/approvals/${soon.approvalId}`
  await api("POST", `${path}/delegate`, { to: "user:eve", comment: "on leave" })
  const handed = await look(soon.approvalId)()
  expect(handed.delegations).toEqual([
    { at: expect.any(String), from: "user:local", to: "user:eve", comment: "on leave" },
  ])
  await api("POST", `${path}/approve`)
  expect(await look(soon.approvalId)()).toMatchObject({
    state: "approved",
    nextReminderAt: null,
    nextEscalationAt: null,
    delegations: [{ to: "user:eve" }],
  })
})

test("webhooks tell of each step of an approval, with what is asked and of whom, and not what was said", async () => {
  const events = ["reminded", "warned", "breached", "escalated", "delegated", "approved"].map(
    (one) => `approval.${one}`,
  )
  const { webhookId } = await api<{ webhookId: string }>("POST", "/webhooks", {
    url: "https://nowhere.invalid/",
    events,
  })
  const { approvalId, runId } = await begin("clocks")
  await until(look(approvalId), ({ sla }) => sla?.state === "breached")
  const path = `/workflow-runs/${runId}/approvals/${approvalId}`
  await api("POST", `${path}/delegate`, { to: "user:eve", comment: "4711-why" })
  await api("POST", `${path}/approve`, { comment: "4711-said" })
  const list = () => api<WebhookDeliveryPage>("GET", `/webhooks/${webhookId}/deliveries`)
  const { items } = await until(list, ({ items }) => items.some(({ event }) => event === "approval.approved"))
  const told = items.map(({ event }) => event).reverse()
  expect(told).toEqual([
    "approval.warned",
    "approval.reminded",
    "approval.reminded",
    "approval.escalated",
    "approval.breached",
    "approval.delegated",
    "approval.approved",
  ])
  const bodyOf = async (event: string) => {
    const { deliveryId } = items.find((one) => one.event === event)!
    const { body } = await api<WebhookDeliveryDetail>("GET", `/webhooks/${webhookId}/deliveries/${deliveryId}`)
    expect(body).not.toContain("4711")
    return JSON.parse(body).data
  }
  expect((await bodyOf("approval.reminded")).approval).toMatchObject({ id: approvalId, message: "Pay?", reminders: 2 })
  expect((await bodyOf("approval.escalated")).approval).toMatchObject({ escalated_to: ["user:boss"] })
  expect((await bodyOf("approval.breached")).run).toMatchObject({ status: "waiting_human" })
  const { approval, step } = await bodyOf("approval.approved")
  expect(approval).toMatchObject({ outcome: "approve", decided_by: ["user:local"] })
  expect(step).toMatchObject({ status: "completed" })
})
