import { expect, test } from "vitest"
import type { RunError } from "../run/events.ts"
import { fingerprintOf, normalised } from "./fingerprint.ts"
import { afterDeed, afterFailure, type Failure, type Issue } from "./issue.ts"

test.each([
  ["order 17 not found", "order <n> not found"],
  ['no such customer "Ann Lee"', "no such customer <text>"],
  ["can't open 'a b' of run_01JD8Q2M5X", "can't open <text> of <id>"],
  ["GET https://api.example.com/v1/17?x=1 answered 503", "GET <url> answered <n>"],
  ["connect ECONNREFUSED 127.0.0.1:4333", "connect ECONNREFUSED <address>"],
  ["mail to ann@example.com at 2026-11-21T10:00:00.123Z failed", "mail to <email> at <time> failed"],
  ["key 3f2504e0-4f89-41d3-9a0c-0305e82c3301\n  is taken", "key <id> is taken"],
  ["took -12.5 of 1,000 ms", "took <n> of <n> ms"],
])("what differs from run to run is taken out of %j", (message, normal) => {
  expect(normalised(message)).toBe(normal)
  expect(normalised(normal)).toBe(normal)
})

const error: RunError = {
  type: "waybill:retry_exhausted",
  class: "external_api",
  code: "retry_exhausted",
  title: "Given up",
  detail: "tried 3 times",
  cause: {
    type: "waybill:http_503",
    class: "external_api",
    code: "http_503",
    title: "It answered 503",
    detail: "till 9 is closed",
    stack:
      "Error: till 9 is closed\n    at node:internal/x:1:2\n    at charge (file:///srv/environments/default/agents/payer.agent.ts?v=3:17:9)",
  },
}

test("a failure is told by what it began with, by its place without item numbers, and by the author's own code", () => {
  expect(fingerprintOf(error, "orders[17]/charge")).toEqual({
    step: "orders[*]/charge",
    errorClass: "external_api",
    errorCode: "http_503",
    message: "till <n> is closed",
    frame: "charge (agents/payer.agent.ts)",
  })
})

test("a bare text beneath an agent's error gives the message, and neither the code nor the class", () => {
  const bare = {
    type: "waybill:cause",
    class: "bug",
    code: "cause",
    title: "Caused by",
    detail: "ENOENT: '/a/7'",
  } as const
  const missing = {
    type: "waybill:file_missing",
    class: "validation_failed",
    code: "file_missing",
    title: "x",
  } as const
  const print = { errorClass: "validation_failed", errorCode: "file_missing", message: "ENOENT: <text>" }
  expect(fingerprintOf({ ...missing, detail: "no file a/7", cause: { ...bare, cause: bare } }, null)).toMatchObject(
    print,
  )
})

function failure(at: number, version = 1, more: Partial<Failure> = {}): Failure {
  const named = { issueId: "iss_1", workspaceId: "default", environment: "default", workflowId: "pay" }
  const print = fingerprintOf(error, "charge")
  return {
    ...named,
    ...print,
    position: at,
    runId: `run_${at}`,
    versionNumber: version,
    createdAt: at - 1,
    at,
    sample: `at ${at}`,
    ...more,
  }
}

const after = (...failures: readonly Failure[]) => failures.reduce<Issue | null>(afterFailure, null)!

test("an issue knows when and in which version it was first and last seen, and how often", () => {
  expect(after(failure(10), failure(20, 2))).toMatchObject({
    count: 2,
    firstSeenAt: 10,
    firstVersion: 1,
    firstRunId: "run_10",
    lastSeenAt: 20,
    lastVersion: 2,
    lastRunId: "run_20",
    sample: "at 20",
    state: "open",
    regressions: 0,
  })
})

test("a failure after it was resolved opens it again and says in which version; a run begun before does not", () => {
  const resolved = afterDeed(after(failure(10)), { kind: "resolve", reason: "fixed", version: null }, 50, "user:ann")
  const early = afterFailure(resolved, failure(60, 1, { createdAt: 40 }))
  expect(early).toMatchObject({ state: "resolved", count: 2, regressions: 0 })
  expect(afterFailure(early, failure(70, 3))).toMatchObject({
    state: "open",
    count: 3,
    regressions: 1,
    regressedAt: 70,
    regressedVersion: 3,
    changedBy: null,
  })
})

test("resolved in a version, older versions may go on to fail", () => {
  const resolved = afterDeed(after(failure(10)), { kind: "resolve", reason: null, version: 4 }, 50, "user:ann")
  expect(afterFailure(resolved, failure(60, 3)).state).toBe("resolved")
  expect(afterFailure(resolved, failure(60, 4))).toMatchObject({ state: "open", regressedVersion: 4 })
})

test("an ignored issue stays so until the time, or until there are so many more", () => {
  const one = after(failure(10))
  const ignore = (untilAt: number | null, failures: number | null) =>
    afterDeed(one, { kind: "ignore", reason: "known", untilAt, failures }, 50, "user:ann")
  expect([99, 100].map((at) => afterFailure(ignore(100, null), failure(at)).state)).toEqual(["ignored", "open"])
  const second = afterFailure(ignore(null, 2), failure(60))
  expect([second.state, afterFailure(second, failure(61)).state]).toEqual(["ignored", "open"])
  expect(afterFailure(ignore(null, null), failure(1_000_000)).state).toBe("ignored")
})

test("counted anew, what people said of it stays, and it does not come back a second time", () => {
  const open = afterFailure(
    afterDeed(after(failure(10)), { kind: "resolve", reason: "fixed", version: null }, 50, "user:ann"),
    failure(70),
  )
  const owned = afterDeed(open, { kind: "assign", owner: "user:bob" }, 80, "user:ann")
  const again = [failure(10), failure(70)].reduce<Issue>(afterFailure, { ...owned, count: 0 })
  expect(again).toEqual({ ...owned })
})
