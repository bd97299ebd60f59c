import { WebhookMessage } from "@waybill/contract"
import type { FeedEvent } from "@waybill/engine"
import { Ajv2020 } from "ajv/dist/2020.js"
import { expect, test } from "vitest"
import { runRow, stepRow } from "../../testing/rows.ts"
import { messageId } from "./collector.ts"
import { messageOf, type Told, textMax } from "./message.ts"

const run = runRow({ runId: "run_1", workflowId: "pay", environment: "prod" })
const told = (type: string, payload: object | null, more: Partial<Told> = {}): Told => ({
  event: {
    runId: "run_1",
    seq: 9,
    position: 70,
    v: 1,
    type,
    at: Date.parse("2026-11-21T10:00:00Z"),
    actor: "engine",
    stepId: null,
    payload: payload === null ? null : JSON.stringify(payload),
    hash: "h",
    workspaceId: "default",
    workflowId: "pay",
    environment: "prod",
    status: "FAILED",
  } satisfies FeedEvent,
  run,
  step: null,
  approval: null,
  baseUrl: "https://way.example",
  ...more,
})
const error = { class: "external_api", code: "agent_error", detail: "no <money> & no card", step: "card" }
const fits = new Ajv2020({ strict: false, formats: { "date-time": true } }).compile(WebhookMessage)

test("a message is as the contract says, with the run's page where the server knows its address", () => {
  const message = messageOf("run.failed", told("run.failed", { error }))
  expect(fits(message), JSON.stringify(fits.errors)).toBe(true)
  expect(message.data.run).toMatchObject({
    status: "failed",
    completed_at: "2026-11-21T10:00:00.000Z",
    url: "https://way.example/runs/run_1",
    diagnostics: { error_code: "agent_error", error_message: error.detail },
  })
})

test("a run that ran out of time says so, and an event whose words were erased still tells that it happened", () => {
  expect(messageOf("run.failed", told("run.timed_out", { error })).data.run).toMatchObject({
    diagnostics: { error_code: "timed_out" },
  })
  expect(messageOf("run.failed", told("run.failed", null)).data.run).toMatchObject({
    status: "failed",
    diagnostics: { error_message: null },
  })
})

test("before a run's own end is told it runs, also where one commit did both", () => {
  const step = stepRow({ runId: "run_1", name: "card" })
  const failed = messageOf("step.failed", told("step.failed", { error, attempt: 1 }, { step }))
  expect(failed.data.run).toMatchObject({ status: "running", completed_at: null, duration_ms: null })
})

test("a step's output is not told, nor why its check failed, and its error is cut", () => {
  const step = stepRow({ runId: "run_1", name: "card" })
  const done = told(
    "step.succeeded",
    { attempt: 2, output: { value: "4711" }, validation: { passed: true, reasons: ["4711"] } },
    { step },
  )
  expect(JSON.stringify(messageOf("step.completed", done))).not.toContain("4711")
  expect(messageOf("step.completed", done).data.step).toMatchObject({ attempt: 2, validation: { passed: true } })
  const failed = told("step.failed", { attempt: 1, error: { ...error, detail: "x".repeat(5_000) } }, { step })
  const { diagnostics } = messageOf("step.failed", failed).data.step as { diagnostics: { error_message: string } }
  expect(diagnostics.error_message).toHaveLength(textMax)
})

test("the id of a message is its event's and its endpoint's, and no other event's at the same place", () => {
  const event = { runId: "run_1", seq: 9, hash: "h" }
  expect(messageId("whe_1", "run.failed", event)).toBe(messageId("whe_1", "run.failed", { ...event }))
  const others = [
    messageId("whe_2", "run.failed", event),
    messageId("whe_1", "run.waiting_human", event),
    messageId("whe_1", "run.failed", { ...event, hash: "after a restore" }),
  ]
  expect(new Set([messageId("whe_1", "run.failed", event), ...others]).size).toBe(4)
})
