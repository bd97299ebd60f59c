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

const get = (path: string) => call("GET", path)

async function call(method: "GET" | "POST", path: string, payload?: object) {
  const headers = { authorization: `Bearer ${keyOf("viewer")}` }
  const response = await server.app.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) })
  const body = JSON.parse(response.body) as { readonly [name: string]: unknown }
  expect(fits(method, `/api/v1${path.split("?")[0]}`, response.statusCode, body)).toEqual([])
  return { status: response.statusCode, body }
}

describe("how the runs of a workflow went", () => {
  test("is told for a period, in an environment", async () => {
    const { body } = await get("/workflows/greet/stats?env=prod&from=2026-11-01T00:00:00Z&to=2026-11-20T00:00:00.000Z")
    expect(server.engine.asked).toEqual([
      { what: "workflowStats", with: ["prod", "greet", Date.UTC(2026, 10, 1), Date.UTC(2026, 10, 20)] },
    ])
    expect(body).toEqual({
      workflowId: "greet",
      environment: "prod",
      from: "2026-11-01T00:00:00.000Z",
      to: "2026-11-20T00:00:00.000Z",
      runs: { total: { value: 3, exact: true }, byStatus: { COMPLETED: 2, FAILED: 1 } },
      successRate: 2 / 3,
      durationMs: { mean: 15, p50: 10, p95: 20 },
      states: [
        {
          path: "each/charge",
          name: "charge",
          type: "agent.run",
          entered: 7,
          failed: 1,
          retries: 2,
          p50Ms: 5,
          p95Ms: 9,
        },
      ],
      sampledRuns: 3,
    })
  })

  test("is of the last thirty days where nothing else is asked, and refuses what is no period or no workflow", async () => {
    await get("/workflows/greet/stats")
    const [, , from, to] = server.engine.asked[0]!.with as [string, string, number, number]
    expect(to - from).toBe(30 * 86_400_000)
    expect(Math.abs(to - Date.now())).toBeLessThan(60_000)
    expect((await get("/workflows/greet/stats?from=2026-11-02&to=2026-11-01")).status).toBe(400)
    expect((await get("/workflows/none/stats")).body).toMatchObject({ code: "workflow_not_found" })
  })
})

describe("what a start would make of an input", () => {
  test("is asked of the engine for the environment and the version, and told with places and hints", async () => {
    const { status, body } = await call("POST", "/workflows/greet/check-input?env=prod", {
      input: { n: 1 },
      version: 2,
    })
    expect(status).toBe(200)
    expect(server.engine.asked).toMatchObject([
      {
        what: "checkInput",
        with: [
          { id: "user:viewer@example.com" },
          { workflowId: "greet", environment: "prod", version: 2, input: { n: 1 } },
        ],
      },
    ])
    expect(body).toEqual({
      valid: false,
      problems: [{ code: "missing_field", message: "`who` is missing", pointer: "/who", hint: "Whom to greet" }],
      input: { times: 1 },
    })
  })

  test("refuses a body that is none, and tells what is not there", async () => {
    expect((await call("POST", "/workflows/greet/check-input", { inputs: {} })).body).toMatchObject({
      code: "invalid_request",
    })
    server.engine.rejection = { code: "version_not_found", message: "no version 9" }
    expect(await call("POST", "/workflows/greet/check-input", { input: {}, version: 9 })).toMatchObject({ status: 404 })
  })
})
