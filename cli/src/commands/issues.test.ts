import type { Issue } from "@waybill/contract"
import { afterAll, beforeAll, expect, test } from "vitest"
import { issueTable, issueText } from "../show/issue.ts"
import { styleFor } from "../show/style.ts"
import { type RecordingServer, recordingServer } from "../testing/recording-server.ts"

let server: RecordingServer
beforeAll(async () => {
  server = await recordingServer()
})
afterAll(() => server.close())

const now = Date.parse("2026-03-01T12:00:00Z")
const issue: Issue = {
  issueId: "iss_1",
  workflowId: "pay",
  environment: "default",
  step: "charge",
  errorClass: "external_api",
  errorCode: "http_503",
  message: "till <n> is closed",
  frame: "charge (agents/payer.agent.ts)",
  sample: "till 9 is closed",
  count: 12,
  firstSeen: { at: "2026-02-28T12:00:00.000Z", runId: "run_1", versionNumber: 1 },
  lastSeen: { at: "2026-03-01T11:59:00.000Z", runId: "run_12", versionNumber: 3 },
  trend: { hours: Array(24).fill(0), last24h: 4 },
  state: "open",
  owner: "team:tills",
  reason: null,
  ignoredUntil: null,
  resolved: null,
  regressed: { at: "2026-03-01T11:00:00.000Z", versionNumber: 3, times: 1 },
  changedAt: "2026-03-01T11:00:00.000Z",
  changedBy: null,
}

test("an issue that came back is shown as such, with how often, since when and in which version", () => {
  const style = styleFor(false)
  expect(issueTable(style, [issue], now)).toMatch(
    /iss_1 +came back +pay +charge +http_503 +12 +4 +1 min ago +team:tills +till <n> is closed/,
  )
  const run = { runId: "run_12", version: "1.2", versionNumber: 3, status: "FAILED", message: "till 9 is closed" }
  const text = issueText(style, issue, [{ ...run, completedAt: issue.lastSeen.at }], now)
  expect(text).toContain("12 runs, 4 in the last 24 h")
  expect(text).toContain("first 1 d ago in version #1 (run_1)")
  expect(text).toContain("came back 1 h ago in version #3")
  expect(text).toMatch(/run_12 +1\.2 +1 min ago +till 9 is closed/)
})

test("`issues list` says when there is none; one that is not there is a failure with its code", async () => {
  const none = await server.waybill(["issues", "list"])
  expect([none.err, none.code, none.out]).toEqual(["", 0, "no issues\n"])
  const gone = await server.waybill(["issues", "resolve", "iss_none", "--in-version", "2"])
  expect(gone.code).toBe(1)
  expect(gone.err).toContain("issue_not_found")
  expect((await server.waybill(["issues", "resolve", "iss_1", "--undo", "--reason", "x"])).code).toBe(2)
  expect((await server.waybill(["issues", "ignore", "iss_1", "--until", "soon"])).code).toBe(2)
})
