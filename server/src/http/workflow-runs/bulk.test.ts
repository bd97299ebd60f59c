import type { Bulk, BulkItemPage, BulkPage, Problem } from "@waybill/contract"
import { noFilter } from "@waybill/engine"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { type AnswerCheck, answerCheck } from "../../testing/answer-schemas.ts"
import { keptKey } from "../../testing/kept-key.ts"
import { type TestServer, testServer } from "../../testing/test-server.ts"

let server: TestServer
let fits: AnswerCheck

beforeAll(async () => {
  server = await testServer()
  await server.app.ready()
  fits = answerCheck(server.app.swagger())
})
beforeEach(() => server.engine.reset())
afterAll(() => server.app.close())

async function call<T>(method: "GET" | "POST", path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await server.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
    ...(body !== undefined && { payload: JSON.stringify(body) }),
  })
  const answer = response.json() as unknown
  expect(fits(method, `/api/v1${path.split("?")[0]}`, response.statusCode, answer)).toEqual([])
  return { status: response.statusCode, headers: response.headers, body: answer as T }
}

const reason = "the service is back"

describe("the same thing done to many runs", () => {
  test("is started for the runs of a query, and says where to look", async () => {
    const asked = { action: "rerun", query: "status:failed", reason, from: "failed" }
    const { status, headers, body } = await call<Bulk>("POST", "/bulk", asked, { "idempotency-key": "k" })
    expect(status).toBe(201)
    expect(headers.location).toBe("/api/v1/bulk/bulk_1")
    expect(body).toMatchObject({ bulkId: "bulk_1", counts: { total: 5, done: 2, refused: 1, left: 2 }, refusals: null })
    const [, request, header] = server.engine.asked[0]?.with ?? []
    const failed = { kind: "text", field: "status", any: [{ kind: "is", text: "FAILED" }] }
    expect(request).toEqual({
      action: "rerun",
      cohort: { filter: { ...noFilter, terms: [{ negated: false, test: failed }] } },
      query: "status:failed",
      reason,
      from: "failed",
      change: null,
    })
    expect(header).toMatchObject({ key: keptKey("k") })
  })

  test.each([
    [
      { action: "tag", tags: { add: ["q1"] } },
      { kind: "tag", add: ["q1"], remove: [] },
    ],
    [
      { action: "assign", owner: null },
      { kind: "assign", owner: null },
    ],
    [
      { action: "resolve", state: "wont_fix" },
      { kind: "resolve", state: "wont_fix", reason: null },
    ],
  ])("says beside each run what is asked: %j", async (asked, change) => {
    const { status } = await call<Bulk>("POST", "/bulk", { ...asked, query: "status:failed", reason })
    expect(status).toBe(201)
    expect(server.engine.asked[0]?.with[1]).toMatchObject({ action: asked.action, change })
  })

  test.each([
    [{ action: "tag" }],
    [{ action: "tag", tags: { add: [] } }],
    [{ action: "assign" }],
    [{ action: "resolve" }],
    [{ action: "cancel", owner: "user:ann" }],
    [{ action: "tag", tags: { add: ["a"] }, state: "resolved" }],
  ])("refuses what does not say what to do, or says it for another action: %j", async (asked) => {
    const { status, body } = await call<Problem>("POST", "/bulk", { ...asked, query: "", reason })
    expect([status, body.code]).toEqual([400, "invalid_request"])
  })

  test("is started for runs that are named, or only looked at", async () => {
    const asked = { action: "cancel", runIds: ["run_1", "run_2"], reason }
    expect((await call("POST", "/bulk", asked)).status).toBe(201)
    const preview = await call<Bulk>("POST", "/bulk", { ...asked, dryRun: true })
    expect([preview.status, preview.body.bulkId, preview.body.state]).toEqual([200, null, "preview"])
    expect(server.engine.asked.map((one) => one.what)).toEqual(["bulk.start", "bulk.preview"])
    expect(server.engine.asked[0]?.with[1]).toMatchObject({ cohort: { runIds: ["run_1", "run_2"] }, query: null })
  })

  test.each([
    ["both runs and a query", { action: "cancel", runIds: ["a"], query: "", reason }, "invalid_request"],
    ["neither", { action: "cancel", reason }, "invalid_request"],
    ["no reason", { action: "cancel", runIds: ["a"] }, "invalid_request"],
    ["a place to begin for a cancel", { action: "cancel", runIds: ["a"], from: "failed", reason }, "invalid_request"],
    ["a query that is not understood", { action: "cancel", query: "status:faild", reason }, "invalid_query"],
    ["an action there is not", { action: "delete", runIds: ["a"], reason }, "invalid_request"],
  ])("is refused with %s", async (_what, body, code) => {
    const answer = await call<Problem>("POST", "/bulk", body)
    expect([answer.status, answer.body.code]).toEqual([400, code])
    expect(server.engine.asked).toEqual([])
  })

  test("is told as a whole, and run by run", async () => {
    expect((await call<BulkPage>("GET", "/bulk?limit=1")).body).toMatchObject({
      nextCursor: `n.${Buffer.from("bulk_1").toString("base64url")}`,
    })
    expect((await call<Bulk>("GET", "/bulk/bulk_1")).body.counts.left).toBe(2)
    const { body } = await call<BulkItemPage>("GET", "/bulk/bulk_1/items?state=refused&cursor=6&limit=2")
    expect(server.engine.asked.at(-1)?.with).toEqual(["bulk_1", "refused", 6, 2])
    expect(body.nextCursor).toBe("8")
    expect(body.items[1]).toEqual({
      runId: "run_3",
      state: "refused",
      code: "run_not_finished",
      message: "it goes on",
      newRunId: null,
    })
    expect((await call<Problem>("GET", "/bulk/bulk_9/items")).body.code).toBe("bulk_not_found")
  })

  test("says of runs that waited when it was aborted that they are left, and no more that they wait", async () => {
    for (const asked of ["", "?state=left", "?state=waiting"]) {
      const { body } = await call<BulkItemPage>("GET", `/bulk/bulk_2/items${asked}`)
      expect(body.items, asked).toMatchObject([{ runId: "run_1", state: "left" }])
    }
    expect((await call<BulkItemPage>("GET", "/bulk/bulk_1/items?state=left")).body.items).toEqual([])
  })

  test.each([
    ["pause", "paused"],
    ["resume", "running"],
    ["abort", "aborted"],
  ])("can be steered: %s", async (verb, state) => {
    expect((await call<Bulk>("POST", `/bulk/bulk_1/${verb}`)).body.state).toBe(state)
    server.engine.rejection = { code: "bulk_finished", message: "the bulk action is done", data: { state: "done" } }
    const refused = await call<Problem>("POST", `/bulk/bulk_1/${verb}`)
    expect([refused.status, refused.body.data]).toEqual([409, { state: "done" }])
  })
})
