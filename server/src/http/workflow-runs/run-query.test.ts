import type { ParsedQuery, Problem, QueryFields } from "@waybill/contract"
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

async function get<T>(path: string, query?: string): Promise<{ readonly status: number; readonly body: T }> {
  const url = `/api/v1${path}${query === undefined ? "" : `?query=${encodeURIComponent(query)}`}`
  const response = await server.app.inject({ method: "GET", url })
  expect(fits("GET", `/api/v1${path}`, response.statusCode, response.json())).toEqual([])
  return { status: response.statusCode, body: response.json() as T }
}

describe("a query in the address", () => {
  test("is told back as its terms, with what is wrong at its column, and is never an error of the route", async () => {
    const { status, body } = await get<ParsedQuery>("/workflow-runs/query", "-wf:a stauts:failed")
    expect(status).toBe(200)
    expect(body.terms).toEqual([
      { text: "-wf:a", from: 0, to: 5, field: "workflow", negated: true, value: "a", understood: true },
      { text: "stauts:failed", from: 6, to: 19, field: "stauts", negated: false, value: "failed", understood: false },
    ])
    expect(body.problems).toEqual([
      {
        code: "query_unknown_field",
        message: "there is no field stauts",
        column: 7,
        from: 6,
        to: 19,
        hint: expect.stringContaining("Did you mean `status`?"),
      },
    ])
  })

  test("names the fields there are, for a search box", async () => {
    const { body } = await get<QueryFields>("/workflow-runs/query/fields")
    expect(body.fields.find((field) => field.name === "status")?.words).toContain("waiting_approval")
    expect(body.fields.find((field) => field.name === "workflow")).toMatchObject({ aliases: ["wf"], kind: "text" })
  })

  test("names a hundred tags at most, in whichever way they are named", async () => {
    const tags = Array.from({ length: 101 }, (_, index) => `t${index}`)
    const ask = (url: string) => server.app.inject({ method: "GET", url: `/api/v1${url}` })
    for (const list of ["", "/counts", "/facets"])
      expect((await ask(`/workflow-runs${list}?tag=${tags.slice(1).join(",")}`)).statusCode).toBe(200)
    const paths = ["", "/counts", "/facets"].map((list) => [`/workflow-runs${list}?tag=${tags.join(",")}`, "/tag"])
    const byQuery = `/workflow-runs?tag=${tags.slice(50).join(",")}&query=tag:${tags.slice(0, 50).join(",")}`
    for (const [url, pointer] of [...paths, [byQuery, "/query"]]) {
      const refused = await ask(url!)
      expect(refused.json()).toMatchObject({
        status: 400,
        code: "invalid_request",
        detail: expect.stringContaining("at most 100 tags"),
        errors: [{ pointer }],
      })
    }
  })

  test("stands beside the other parameters of a list: both must hold", async () => {
    const response = await server.app.inject({
      method: "GET",
      url: "/api/v1/workflow-runs?status=FAILED&query=wf:a run_7",
    })
    expect(response.statusCode).toBe(200)
    expect(server.engine.asked[0]?.with[0]).toMatchObject({
      status: ["FAILED"],
      q: "run_7",
      terms: [{ negated: false, test: { kind: "text", field: "workflowId", any: [{ kind: "is", text: "a" }] } }],
    })
  })

  test("refuses a list when it is not understood, rather than listing something else", async () => {
    const { status, body } = await get<Problem>("/workflow-runs", "status:faild dur:>30")
    expect(status).toBe(400)
    expect(body).toMatchObject({
      code: "invalid_query",
      hint: "Did you mean `failed`?",
      errors: [
        { code: "query_unknown_value", column: 8 },
        { code: "query_value_unreadable", column: 18 },
      ],
    })
    expect(server.engine.asked).toEqual([])
  })
})
