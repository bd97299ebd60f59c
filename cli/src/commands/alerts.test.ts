import type { Alert } from "@waybill/contract"
import { afterAll, beforeAll, expect, test } from "vitest"
import { alertDeliveryTable, alertTable, alertText } from "../show/alert.ts"
import { styleFor } from "../show/style.ts"
import { type RecordingServer, recordingServer } from "../testing/recording-server.ts"

let server: RecordingServer
beforeAll(async () => {
  server = await recordingServer()
})
afterAll(() => server.close())

const style = styleFor(false)
const at = "2026-03-01T12:00:00.000Z"
const alert: Alert = {
  ...{ alertId: "alr_1", kind: "email", name: "Nights", to: ["ops@example.com", "approvers"], events: ["run.failed"] },
  ...{ workflows: ["pay"], environment: "prod", maxPerHour: 20, repeatMinutes: 60, enabled: true, disabledAt: null },
  ...{ disabledReason: null, createdAt: at, createdBy: "user:ann", changedAt: at, changedBy: "user:ann" },
  health: {
    ...{ state: "healthy", failingSince: null, lastDeliveredAt: at, lastFailedAt: null, lastError: null },
    ...{ delivered: 7, failedAttempts: 0, pending: 0, dead: 1 },
  },
}

test("an alert is shown with whom it tells of what, how it fares, and what it holds back", () => {
  expect(alertTable(style, [alert])).toMatch(
    /alr_1 +Nights +email +ops@example\.com, approvers +pay in prod +healthy +7 +1/,
  )
  expect(alertText(style, alert)).toContain("20 an hour; an issue that goes on again after 60 min")
  const sent = { deliveryId: "msg_1", alertId: "alr_1", runId: "run_1", event: "run.failed", state: "dead" } as const
  const tried = { createdAt: at, attempts: 8, nextAttemptAt: null, completedAt: at, lastStatus: 550 }
  expect(
    alertDeliveryTable(style, [{ ...sent, ...tried, lastError: "no such person" }], Date.parse(at) + 60_000),
  ).toMatch(/msg_1 +run\.failed +run_1 +dead +1 min ago +8 +no such person/)
})

test("`alerts list` says when nobody is told; what is no event, or has no way, is refused", async () => {
  expect(await server.waybill(["alerts", "list"])).toMatchObject({ code: 0, out: "nobody is told anything\n" })
  const strange = ["alerts", "add", "--kind", "slack", "--channel", "https://example.com/", "--event", "run.flies"]
  expect(await server.waybill(strange)).toMatchObject({ code: 2, err: expect.stringContaining("run.flies") })
  expect((await server.waybill(["alerts", "add", "--to", "ops@example.com"])).code).toBe(2)
  const noServer = await server.waybill(["alerts", "add", "--kind", "email", "--to", "ops@example.com"])
  expect([noServer.code, noServer.err]).toEqual([1, expect.stringContaining("mail_not_configured")])
  const gone = await server.waybill(["alerts", "remove", "alr_none"])
  expect([gone.code, gone.err]).toEqual([1, expect.stringContaining("alert_not_found")])
})

test("`alerts add` makes what it was told to, with the channel's address from standard input if it is to be hidden", async () => {
  const { code, out } = await server.waybill(
    ["alerts", "add", "--kind", "slack", "--channel", "-", "--workflow", "pay", "--event", "run.failed", "--json"],
    { input: "https://hooks.example.com/services/secret\n" },
  )
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ kind: "slack", to: ["https://hooks.example.com/…"], workflows: ["pay"] })
  expect(out).not.toContain("secret")
})
