import type { RunExport } from "@waybill/contract"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { type AnswerCheck, answerCheck } from "../../testing/answer-schemas.ts"
import { AT, approvalRow, runRow, stepRow } from "../../testing/rows.ts"
import { keyedAccess, keyOf, type TestServer, testServer } from "../../testing/test-server.ts"

let server: TestServer
let fits: AnswerCheck

beforeAll(async () => {
  server = await testServer({ authenticate: keyedAccess })
  await server.app.ready()
  fits = answerCheck(server.app.swagger())
})
beforeEach(() => server.engine.reset())
afterAll(() => server.app.close())

async function get(path: string, role: "viewer" | "operator" | "admin" | null = "viewer") {
  const headers = role === null ? {} : { authorization: `Bearer ${keyOf(role)}` }
  const response = await server.app.inject({ method: "GET", url: `/api/v1${path}`, headers })
  const body = JSON.parse(response.body) as { readonly [name: string]: unknown }
  expect(fits("GET", `/api/v1${path.split("?")[0]}`, response.statusCode, body)).toEqual([])
  return { status: response.statusCode, headers: response.headers, body }
}

describe("why a run is where it is", () => {
  test("is told to this caller, every field of it, with times as text", async () => {
    server.engine.commit("run_1", "run.created", {})
    const { status, body } = await get("/workflow-runs/run_1/why")
    expect(status).toBe(200)
    expect(server.engine.asked).toMatchObject([{ what: "why", with: ["run_1", { id: "user:viewer@example.com" }] }])
    expect(body).toEqual({
      runId: "run_1",
      seq: 12,
      status: "FAILED",
      headline: "charge in pay/card failed after 3 attempts: the till is closed",
      cause: {
        step: { runId: "run_1", stepId: "step_1", name: "charge", type: "agent.run", branchPath: "pay/card" },
        path: [
          { runId: "run_1", stepId: "step_0", name: "pay", type: "parallel", branchPath: "" },
          { runId: "run_1", stepId: "step_1", name: "charge", type: "agent.run", branchPath: "pay/card" },
        ],
        error: {
          type: "waybill:http_503",
          class: "external_api",
          code: "http_503",
          title: "Another service failed",
          detail: "the till is closed",
        },
        attempts: 3,
        attemptsMax: 3,
        at: "2026-11-20T09:30:00.125Z",
        agent: "till",
      },
      ended: null,
      changed: {
        runId: "run_0",
        completedAt: "2026-11-20T09:29:59.125Z",
        version: { from: "1.0 (#1)", to: "1.1 (#2)" },
        input: [{ pointer: "/amount", op: "changed", from: 1, to: 2 }],
        inputTruncated: false,
        durationMs: { from: 10, to: 20 },
        agents: ["till"],
        models: [{ step: "charge", from: "gpt-4o", to: "gpt-4o-mini" }],
      },
      alike: {
        issueId: "iss_1",
        total: { value: 4, exact: true },
        since: "2026-11-20T09:29:59.625Z",
        query: "wf:greet code:http_503",
      },
      waits: [
        {
          kind: "approval",
          stepId: "step_2",
          name: "gate",
          branchPath: "",
          who: ["team:sre"],
          what: "Go on?",
          since: "2026-11-20T09:30:00.125Z",
          until: "2026-11-20T09:30:01.125Z",
          otherwise: "Then the run ends as timed out.",
          approvalId: "appr_1",
          attempt: null,
          attemptsMax: null,
          error: null,
        },
      ],
      waitCount: 1,
      doing: [
        {
          stepId: "step_3",
          name: "work",
          branchPath: "",
          agent: "worker",
          attempt: 1,
          attemptsMax: 2,
          since: "2026-11-20T09:30:00.125Z",
          heartbeatAt: "2026-11-20T09:30:00.130Z",
          stalled: false,
        },
      ],
      doingCount: 1,
      next: {
        action: "rerun",
        label: "Run it again from pay",
        because: "The failure may have passed",
        allowed: true,
        reason: null,
        approvalId: null,
        stepId: null,
        from: "failed",
        version: null,
        otherInput: false,
        signal: null,
      },
    })
  })

  test("needs a known caller and a run that is there", async () => {
    expect(await get("/workflow-runs/run_1/why")).toMatchObject({ status: 404, body: { code: "run_not_found" } })
    expect(await get("/workflow-runs/run_1/why", null)).toMatchObject({ status: 401 })
  })
})

describe("the steps of a run", () => {
  test("one by its id, with its attempts and values, and what it did to the context", async () => {
    server.engine.rows.set("run_1", runRow())
    server.engine.steps.set("run_1", [stepRow({ status: "SUCCEEDED", completedAt: AT + 9, itemIndex: "[3]" })])
    expect(await get("/workflow-runs/run_1/steps/step_1")).toMatchObject({
      status: 200,
      body: { stepId: "step_1", name: "hello", index: [3], status: "SUCCEEDED", seq: 3, attempts: [] },
    })
    expect(await get("/workflow-runs/run_1/steps/step_2")).toMatchObject({
      status: 404,
      body: { code: "step_not_found" },
    })
    expect(await get("/workflow-runs/run_1/steps/step_1/context")).toMatchObject({
      status: 200,
      body: {
        runId: "run_1",
        stepId: "step_1",
        writes: [{ seq: 7, path: "steps.hello", mode: "replace", branchPath: "" }],
        changes: [
          { pointer: "/steps/hello", op: "added", to: { fine: true }, writer: null, large: false },
          { pointer: "/n", op: "changed", from: 1, to: 2, writer: "step_0", large: false },
        ],
        truncated: false,
      },
    })
    expect((await get("/workflow-runs/run_1/steps/step_9/context")).status).toBe(404)
  })

  test("up to a thousand a page where their values are not asked for", async () => {
    server.engine.rows.set("run_1", runRow())
    const rows = Array.from({ length: 1_100 }, (_, index) => stepRow({ stepId: `step_${index}`, firstSeq: index + 1 }))
    server.engine.steps.set("run_1", rows)
    const { body } = await get("/workflow-runs/run_1/steps?limit=1000&values=false")
    expect(body.items).toHaveLength(1_000)
    expect(body.nextCursor).toBe("1000")
    expect(server.engine.reads).toBe(0)
    expect(await get("/workflow-runs/run_1/steps?limit=201")).toMatchObject({
      status: 400,
      body: { code: "invalid_request", errors: [{ pointer: "/limit" }] },
    })
    expect((await get("/workflow-runs/run_1/steps?limit=1001&values=false")).status).toBe(400)
  })
})

describe("the timeline", () => {
  test("comes in pages of lanes with their segments, and says how many there are", async () => {
    server.engine.rows.set("run_1", runRow({ stepCount: 12_000 }))
    const { body } = await get("/workflow-runs/run_1/timeline?cursor=7&limit=5000")
    expect(server.engine.asked).toEqual([{ what: "timeline", with: ["run_1", 7, 5_000] }])
    expect(body).toEqual({
      runId: "run_1",
      seq: 2,
      total: 12_000,
      nextCursor: "2",
      lanes: [
        {
          id: "step_1",
          seq: 2,
          name: "hello",
          type: "agent.run",
          parent: null,
          branchPath: "each[3]",
          index: [3],
          visit: 1,
          status: "RUNNING",
          agent: "greeter",
          attempts: 2,
          retries: 1,
          errorCode: "http_503",
          from: "2026-11-20T09:30:00.125Z",
          to: null,
        },
      ],
      segments: [
        { lane: "step_1", kind: "running", attempt: 2, from: "2026-11-20T09:30:00.125Z", to: null, outcome: null },
      ],
    })
    await get("/workflow-runs/run_1/timeline")
    expect(server.engine.asked[1]).toEqual({ what: "timeline", with: ["run_1", 0, 2_000] })
    expect((await get("/workflow-runs/run_1/timeline?limit=5001")).status).toBe(400)
    expect((await get("/workflow-runs/run_9/timeline")).status).toBe(404)
  })
})

describe("the runs around a run", () => {
  test("come with what they are to it, and through whom", async () => {
    server.engine.rows.set("run_1", runRow())
    expect(await get("/workflow-runs/run_1/lineage")).toMatchObject({
      status: 200,
      body: {
        runId: "run_1",
        rootRunId: "run_0",
        relatives: [
          {
            runId: "run_0",
            workflowId: "greet",
            workflowName: "Greet",
            status: "RUNNING",
            createdAt: "2026-11-20T09:30:00.125Z",
            completedAt: null,
            relation: "parent",
            via: "run_1",
            distance: 1,
            circular: true,
          },
          expect.objectContaining({ runId: "run_2", relation: "rerun_of", completedAt: "2026-11-20T09:30:00.130Z" }),
        ],
        truncated: false,
      },
    })
    expect((await get("/workflow-runs/run_9/lineage")).status).toBe(404)
  })
})

describe("all of a run as one file", () => {
  test("has the run, its definition, heads, lineage, approvals, steps and every event as stored", async () => {
    server.engine.commit("run_1", "run.created", { n: 0, input: { value: {} }, trigger: { kind: "api" } })
    for (let index = 1; index < 450; index += 1) server.engine.commit("run_1", "signal.received", { n: index })
    const steps = Array.from({ length: 230 }, (_, index) => stepRow({ stepId: `step_${index}`, firstSeq: index + 1 }))
    server.engine.steps.set("run_1", steps)
    server.engine.approvals.set("appr_1", approvalRow())
    const { status, body, headers } = await get("/workflow-runs/run_1/export")
    expect(status).toBe(200)
    expect(headers["content-disposition"]).toBe('attachment; filename="run_1.json"')
    const whole = body as unknown as RunExport
    expect(Object.keys(whole)).toEqual([
      "format",
      "exportedAt",
      "run",
      "definition",
      "heads",
      "lineage",
      "remarks",
      "approvals",
      "steps",
      "events",
    ])
    expect(whole).toMatchObject({
      format: "waybill-run-export/1",
      run: { runId: "run_1", context: { n: 9 } },
      definition: { format: "yaml", text: "id: greet\n" },
      heads: { run: { seq: 450 }, workspace: null },
      lineage: { relatives: [{ runId: "run_0" }, { runId: "run_2" }] },
      approvals: [{ approvalId: "appr_1" }],
    })
    expect(whole.steps.map(({ stepId }) => stepId)).toEqual(steps.map(({ stepId }) => stepId))
    expect(whole.events.map(({ seq, payload }) => [seq, (payload as { n: number }).n])).toEqual(
      Array.from({ length: 450 }, (_, index) => [index + 1, index]),
    )
  })

  test("of a run that is not there is refused before a byte is written", async () => {
    expect(await get("/workflow-runs/run_9/export")).toMatchObject({ status: 404, body: { code: "run_not_found" } })
  })
})

test("an approval says what becomes of it when nobody decides", async () => {
  server.engine.approvals.set("appr_1", approvalRow({ timeoutAt: AT + 60_000 }))
  expect((await get("/workflow-approvals/appr_1")).body).toMatchObject({
    ifNobodyDecides: { at: "2026-11-20T09:31:00.125Z", otherwise: "It waits until somebody decides." },
  })
  server.engine.approvals.set("appr_1", approvalRow({ state: "approved" }))
  expect((await get("/workflow-approvals/appr_1")).body).toMatchObject({ ifNobodyDecides: null })
})
