import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { AT, runRow, stepRow } from "../../testing/rows.ts"
import { shapeDiffers } from "../../testing/shape.ts"
import { keyedAccess, keyOf, type TestServer, testServer } from "../../testing/test-server.ts"
import executionExample from "./golden/execution.json" with { type: "json" }
import pageExample from "./golden/executions.json" with { type: "json" }
import metricsExample from "./golden/metrics.json" with { type: "json" }
import timelineExample from "./golden/timeline.json" with { type: "json" }
import { executionMetrics } from "./metrics.ts"

let server: TestServer
let keyed: TestServer
beforeAll(async () => {
  server = await testServer()
  keyed = await testServer({ authenticate: keyedAccess })
})
beforeEach(() => {
  server.engine.reset()
  keyed.engine.reset()
})
afterAll(() => Promise.all([server.app.close(), keyed.app.close()]))

const get = (path: string, headers: Record<string, string> = {}) =>
  server.app.inject({ method: "GET", url: `/api/workflows${path}`, headers })
const free = ["input_summary", "output_summary", "input_variables", "results", "output_data"]
const asked = (what: string) => server.engine.asked.findLast((one) => one.what === what)?.with

/** Its first state is done after a retry, its second was never entered. */
function half(given: Parameters<typeof runRow>[0] = {}): void {
  const { engine } = server
  engine.commit("run_1", "run.created", { input: { value: { mode: "standard" } } })
  engine.commit("run_1", "step.scheduled", { input: { value: { batch_size: 100 } } })
  engine.commit("run_1", "step.succeeded", { output: { value: { records: 100 } } })
  engine.commit("run_1", "state.exited", {}, { startedAt: AT, outputSeq: 3, executionNumber: 7, ...given })
  engine.steps.set("run_1", [
    stepRow({
      status: "SUCCEEDED",
      startedAt: AT,
      completedAt: AT + 30_000,
      retries: 1,
      inputSeq: 2,
      outputSeq: 3,
      firstSeq: 1,
    }),
  ])
}

describe("002's documents", () => {
  test("a timeline has the fields of 002's example, steps in the definition's order", async () => {
    half({ status: "COMPLETED", completedAt: AT + 150_500 })
    const timeline = (await get("/executions/run_1/timeline")).json()
    expect(shapeDiffers(timelineExample, timeline, free)).toEqual([])
    expect(timeline).toEqual({
      execution_id: "run_1",
      workflow_id: "greet",
      status: "completed",
      started_at: "2026-11-20T09:30:00.125Z",
      completed_at: "2026-11-20T09:32:30.625Z",
      total_duration_seconds: 150.5,
      step_count: 2,
      completed_step_count: 1,
      failed_step_count: 0,
      skipped_step_count: 1,
      step_timeline: [
        {
          step_id: "hello",
          step_name: "hello",
          step_order: 1,
          status: "completed",
          started_at: "2026-11-20T09:30:00.125Z",
          completed_at: "2026-11-20T09:30:30.125Z",
          duration_seconds: 30,
          retry_count: 1,
          error_message: null,
          input_summary: { batch_size: 100 },
          output_summary: { records: 100 },
        },
        {
          step_id: "goodbye",
          step_name: "goodbye",
          step_order: 2,
          status: "skipped",
          started_at: null,
          completed_at: null,
          duration_seconds: null,
          retry_count: 0,
          error_message: null,
          input_summary: null,
          output_summary: null,
        },
      ],
      error_message: null,
    })
  })

  test("what was not entered is pending until the execution ends", async () => {
    half()
    const { step_timeline, skipped_step_count, completed_at } = (await get("/executions/run_1/timeline")).json()
    expect(step_timeline[1]).toMatchObject({ step_name: "goodbye", status: "pending" })
    expect([skipped_step_count, completed_at]).toEqual([0, null])
  })

  test("items share their step's place, and stand in the order they were entered", async () => {
    server.engine.rows.set("run_1", runRow())
    server.engine.steps.set("run_1", [
      stepRow({ stepId: "a", name: "check", branchPath: "hello[0]", itemIndex: "[0]", firstSeq: 1 }),
      stepRow({ stepId: "b", name: "check", branchPath: "hello[1]", itemIndex: "[1]", firstSeq: 2, status: "FAILED" }),
    ])
    const { step_timeline } = (await get("/executions/run_1/timeline")).json()
    expect(step_timeline.filter(({ step_name }: { step_name: string }) => step_name === "check")).toMatchObject([
      { step_id: "hello/check", status: "running" },
      { step_id: "hello/check", status: "failed" },
    ])
  })

  test("an execution has the fields of 002's example, its values uncut", async () => {
    half({ status: "COMPLETED", completedAt: AT + 150_000 })
    const execution = (await get("/executions/run_1")).json()
    expect(shapeDiffers(executionExample, execution, free)).toEqual([])
    expect(execution).toMatchObject({
      id: "run_1",
      execution_number: 7,
      status: "completed",
      duration: 150,
      input_variables: { mode: "standard" },
      results: { records: 100 },
      step_executions: [{ id: "step_1", execution_id: "run_1", step_id: "hello", duration: 30, retry_count: 1 }],
      created_at: "2026-11-20T09:30:00.125Z",
      updated_at: "2026-11-20T09:32:30.125Z",
    })
    const text = "x".repeat(1_000)
    server.engine.commit("run_2", "run.created", { input: { value: { text } } })
    expect((await get("/executions/run_2")).json().input_variables).toEqual({ text })
  })

  test("a list has the fields of 002's example, its values cut where they are large", async () => {
    half()
    server.engine.commit("run_2", "run.created", { input: { value: { text: "x".repeat(1_000) } } })
    const page = (await get("/greet/executions?skip=20&limit=2&status=running")).json()
    expect(shapeDiffers(pageExample, page, free)).toEqual([])
    expect(page).toMatchObject({ total: 42, skip: 20, limit: 2 })
    expect(page.items[1].input_variables).toEqual({ text: `${"x".repeat(200)}…` })
    expect(asked("workflowPage")).toEqual([
      {
        workflowId: "greet",
        environment: null,
        statuses: ["RUNNING", "WAITING_APPROVAL", "WAITING_SIGNAL", "PAUSED"],
        skip: 20,
        limit: 2,
      },
    ])
  })

  test("ten are listed unless more are asked for, at most a hundred", async () => {
    await get("/greet/executions?env=prod&status=failed,timeout")
    expect(asked("workflowPage")).toMatchObject([
      { environment: "prod", statuses: ["FAILED", "TIMED_OUT"], skip: 0, limit: 10 },
    ])
    for (const query of ["limit=101", "skip=-1", "status=nonsense"])
      expect((await get(`/greet/executions?${query}`)).statusCode).toBe(400)
  })

  test("metrics have the fields of 002's example", async () => {
    const metrics = (await get("/greet/metrics")).json()
    expect(shapeDiffers(metricsExample, metrics)).toEqual([])
    expect(metrics).toEqual({
      total_duration_seconds: 450.75,
      success_rate: 87.5,
      total_executions: 10,
      successful_executions: 7,
      failed_executions: 1,
      average_duration_seconds: 45.075,
      min_duration_seconds: 25.3,
      max_duration_seconds: 120.5,
    })
    expect(asked("workflowTotals")).toEqual([null, "greet"])
  })
})

describe("the metrics of a workflow", () => {
  const none = { runs: 0, totalMs: 0, minMs: null, maxMs: null }

  test("say zero, and no extremes, where nothing has ended", () => {
    expect(executionMetrics({ byStatus: { RUNNING: 3, PENDING: 1 }, durations: none })).toEqual({
      total_duration_seconds: 0,
      success_rate: 0,
      total_executions: 4,
      successful_executions: 0,
      failed_executions: 0,
      average_duration_seconds: 0,
      min_duration_seconds: null,
      max_duration_seconds: null,
    })
  })

  test("count a run out of time as failed, and leave cancelled and open ones out of the rate", () => {
    const byStatus = { COMPLETED: 3, TIMED_OUT: 1, CANCELLED: 5, WAITING_APPROVAL: 2 }
    expect(executionMetrics({ byStatus, durations: none })).toMatchObject({
      success_rate: 75,
      total_executions: 11,
      failed_executions: 1,
    })
  })
})

describe("the workspace", () => {
  test.each([
    "/executions/run_9/timeline",
    "/executions/run_9",
    "/nowhere/metrics",
    "/nowhere/executions",
    "/greet/metrics?env=nowhere&workspace_id=other",
  ])("%s is not found", async (path) => {
    expect((await get(path)).statusCode).toBe(404)
  })

  test("is the credential's own, by header or in the address; in any other nothing is found", async () => {
    half()
    const path = "/executions/run_1/timeline"
    for (const one of ["default"]) {
      for (const name of ["x-workspace-id", "x-workspace-slug"])
        expect((await get(path, { [name]: one })).statusCode).toBe(200)
      for (const name of ["workspace_id", "workspace_slug"])
        expect((await get(`${path}?${name}=${one}`)).statusCode).toBe(200)
    }
    for (const answer of [
      await get(path, { "x-workspace-id": "other" }),
      await get(`${path}?workspace_id=other`),
      await get(`${path}?workspace_slug=other`),
    ])
      expect([answer.statusCode, answer.json().code]).toEqual([404, "workspace_not_found"])
    server.engine.rows.set("run_1", runRow({ workspaceId: "other" }))
    expect((await get(path)).json().code).toBe("run_not_found")
  })

  test("nobody reads without a key", async () => {
    keyed.engine.rows.set("run_1", runRow())
    const url = "/api/workflows/executions/run_1"
    expect((await keyed.app.inject({ method: "GET", url })).statusCode).toBe(401)
    const headers = { authorization: `Bearer ${keyOf("viewer")}` }
    expect((await keyed.app.inject({ method: "GET", url, headers })).statusCode).toBe(200)
  })
})
