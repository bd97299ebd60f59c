import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { type AnswerCheck, answerCheck } from "../../testing/answer-schemas.ts"
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
  return { status: response.statusCode, body }
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
      },
      alike: {
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
        signal: null,
      },
    })
  })

  test("needs a known caller and a run that is there", async () => {
    expect(await get("/workflow-runs/run_1/why")).toMatchObject({ status: 404, body: { code: "run_not_found" } })
    expect(await get("/workflow-runs/run_1/why", null)).toMatchObject({ status: 401 })
  })
})
