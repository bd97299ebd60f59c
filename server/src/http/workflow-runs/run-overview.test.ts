import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { type AnswerCheck, answerCheck } from "../../testing/answer-schemas.ts"
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

async function get(path: string) {
  const response = await server.app.inject({ method: "GET", url: `/api/v1/workflow-runs${path}` })
  const route = `/api/v1/workflow-runs${path.split("?")[0]}`
  expect(fits("GET", route, response.statusCode, response.json())).toEqual([])
  return { status: response.statusCode, body: response.json() as never }
}

describe("all runs that match, together", () => {
  test("are counted by status, by the list's own filters", async () => {
    const { body } = await get("/counts?env=prod&query=-tag:x&from=2026-11-20T00:00:00Z")
    expect(body).toEqual({ total: { value: 3, exact: true }, byStatus: { FAILED: 2, RUNNING: 1 } })
    expect(server.engine.asked[0]?.with[0]).toMatchObject({
      environment: ["prod"],
      from: Date.parse("2026-11-20"),
      terms: [{ negated: true }],
    })
  })

  test("are shown over time, each bucket with its first moment", async () => {
    const { body } = await get("/histogram?status=FAILED&from=2026-11-20T00:00:00Z&buckets=2")
    expect(body).toMatchObject({
      from: "2026-11-20T09:30:00.125Z",
      bucketMs: 10,
      buckets: [
        { at: "2026-11-20T09:30:00.125Z", byStatus: { FAILED: 1 } },
        { at: "2026-11-20T09:30:00.135Z", byStatus: {} },
      ],
      exact: false,
    })
    // The time is the window of starts, and no filter of the runs' own time.
    const [filter, asked] = server.engine.asked[0]?.with ?? []
    expect(filter).toMatchObject({ status: ["FAILED"], from: null, to: null })
    expect(asked).toEqual({ from: Date.parse("2026-11-20"), to: null, buckets: 2 })
  })

  test("a window that ends before it begins is refused", async () => {
    const { status, body } = await get("/histogram?from=2026-11-20T00:00:00Z&to=2026-11-19T00:00:00Z")
    expect(status).toBe(400)
    expect(body).toMatchObject({ code: "invalid_request", errors: [{ pointer: "/to" }] })
  })

  test("are told by their most frequent values", async () => {
    const { body } = await get("/facets?query=status:failed")
    expect(body).toEqual({ facets: [{ name: "env", values: [{ value: "prod", count: 3 }], exact: true }], exact: true })
  })
})
