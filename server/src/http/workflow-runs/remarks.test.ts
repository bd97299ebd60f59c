import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { keyedAccess, keyOf, type TestServer, testServer } from "../../testing/test-server.ts"

let server: TestServer

beforeAll(async () => {
  server = await testServer({ authenticate: keyedAccess })
  await server.app.ready()
})
beforeEach(() => {
  server.engine.reset()
  server.engine.commit("run_1", "run.failed", {}, { status: "FAILED" })
})
afterAll(() => server.app.close())

type Method = "GET" | "POST" | "DELETE"

function call(role: "viewer" | "operator", method: Method, path: string, body?: object) {
  return server.app.inject({
    method,
    url: `/api/v1/workflow-runs/run_1/${path}`,
    headers: { authorization: `Bearer ${keyOf(role)}`, ...(body && { "content-type": "application/json" }) },
    ...(body && { payload: JSON.stringify(body) }),
  })
}

const writes: readonly (readonly [Method, string, object | undefined])[] = [
  ["POST", "annotations", { note: "x" }],
  ["DELETE", "annotations/rmk_1", undefined],
  ["POST", "tags", { add: ["x"] }],
  ["POST", "assign", { owner: null }],
  ["POST", "resolve", { state: "acknowledged" }],
  ["DELETE", "resolution", undefined],
]

describe("who may say something beside a run", () => {
  test.each(writes)("an operator, not a viewer: %s %s", async (method, path, body) => {
    const refused = await call("viewer", method, path, body)
    expect([refused.statusCode, refused.json().code]).toEqual([403, "forbidden"])
    expect(server.engine.asked).toEqual([])
    expect((await call("operator", method, path, body)).statusCode).toBeLessThan(300)
    const [actor, runId, , origin] = server.engine.asked[0]!.with
    expect([actor, runId]).toEqual([expect.objectContaining({ role: "operator" }), "run_1"])
    expect(origin).toEqual({ door: "api", address: "127.0.0.1" })
  })

  test.each(["annotations", "remarks"])("a viewer reads %s", async (path) => {
    expect((await call("viewer", "GET", path)).statusCode).toBe(200)
  })
})
