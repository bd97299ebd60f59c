import { createHash } from "node:crypto"
import { Validator } from "@seriousme/openapi-schema-validator"
import type { Problem } from "@waybill/contract"
import { QueryTooSlow } from "@waybill/engine"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { AT, approvalRow, runRow } from "../testing/rows.ts"
import { keyedAccess, keyOf, type TestServer, testServer } from "../testing/test-server.ts"
import { keyAccess, roles } from "./shared/auth.ts"

let server: TestServer

let keyed: TestServer

beforeAll(async () => {
  server = await testServer()
  keyed = await testServer({ authenticate: keyedAccess })
})
beforeEach(() => {
  for (const one of [server, keyed]) {
    one.engine.reset()
    one.logged.length = 0
  }
})
afterAll(() => Promise.all([server.app.close(), keyed.app.close()]))

const json = { "content-type": "application/json" }
const problem = (response: { body: string }): Problem => JSON.parse(response.body) as Problem

describe("what goes wrong is a problem document", () => {
  const cases: [
    string,
    { method: "GET" | "POST" | "PUT"; url: string; headers?: Record<string, string>; payload?: string },
    number,
    string,
  ][] = [
    ["a route that does not exist", { method: "GET", url: "/nowhere" }, 404, "route_not_found"],
    ["a method the route does not know", { method: "PUT", url: "/api/v1/workflow-runs" }, 405, "method_not_allowed"],
    [
      "JSON that does not parse",
      { method: "POST", url: "/api/v1/workflow-runs", headers: json, payload: "{" },
      400,
      "malformed_json",
    ],
    [
      "a duplicate key",
      { method: "POST", url: "/api/v1/workflow-runs", headers: json, payload: '{"workflowId":"a","workflowId":"b"}' },
      400,
      "malformed_json",
    ],
    [
      "a number that JSON would round",
      {
        method: "POST",
        url: "/api/v1/workflow-runs",
        headers: json,
        payload: '{"workflowId":"a","input":9007199254740993}',
      },
      400,
      "malformed_json",
    ],
    [
      "a key that reaches an object's machinery",
      { method: "POST", url: "/api/v1/workflow-runs", headers: json, payload: '{"workflowId":"a","__proto__":{}}' },
      400,
      "malformed_json",
    ],
    [
      "65 levels",
      {
        method: "POST",
        url: "/api/v1/workflow-runs",
        headers: json,
        payload: `{"workflowId":"a","input":${"[".repeat(65)}${"]".repeat(65)}}`,
      },
      400,
      "malformed_json",
    ],
    [
      "a body that is not UTF-8",
      {
        method: "POST",
        url: "/api/v1/workflow-runs",
        headers: json,
        payload: Buffer.from([0x22, 0xff, 0x22]) as unknown as string,
      },
      400,
      "malformed_json",
    ],
    [
      "another content type",
      { method: "POST", url: "/api/v1/workflow-runs", headers: { "content-type": "text/plain" }, payload: "x" },
      415,
      "unsupported_media_type",
    ],
    [
      "a compressed body",
      { method: "POST", url: "/api/v1/workflow-runs", headers: { ...json, "content-encoding": "gzip" }, payload: "x" },
      415,
      "unsupported_media_type",
    ],
    [
      "an unknown field",
      { method: "POST", url: "/api/v1/workflow-runs", headers: json, payload: '{"workflowID":"a"}' },
      400,
      "invalid_request",
    ],
    ["an unknown parameter", { method: "GET", url: "/api/v1/workflow-runs?staus=RUNNING" }, 400, "invalid_request"],
    ["an unknown origin", { method: "GET", url: "/api/v1/workflow-runs?origin=backfil" }, 400, "invalid_request"],
    ["an unknown status", { method: "GET", url: "/api/v1/workflow-runs?status=RUNING" }, 400, "invalid_request"],
    ["a time that is none", { method: "GET", url: "/api/v1/workflow-runs?from=yesterday" }, 400, "invalid_request"],
    ["a list that is too long", { method: "GET", url: "/api/v1/workflow-runs?limit=201" }, 400, "invalid_request"],
    [
      "an idempotency key with a line break",
      {
        method: "POST",
        url: "/api/v1/workflow-runs",
        headers: { ...json, "idempotency-key": "ä" },
        payload: '{"workflowId":"a"}',
      },
      400,
      "invalid_idempotency_key",
    ],
    [
      "a workspace the credential does not have",
      { method: "GET", url: "/api/v1/workflow-runs", headers: { "x-workspace-id": "other" } },
      404,
      "workspace_not_found",
    ],
    [
      "a foreign Host",
      { method: "GET", url: "/api/v1/workflow-runs", headers: { host: "evil.example" } },
      403,
      "host_refused",
    ],
    [
      "a foreign Origin",
      { method: "GET", url: "/api/v1/workflow-runs", headers: { origin: "http://evil.example" } },
      403,
      "origin_refused",
    ],
    [
      "another server on this machine",
      {
        method: "GET",
        url: "/api/v1/workflow-runs",
        headers: { host: "localhost:7420", origin: "http://localhost:5173" },
      },
      403,
      "origin_refused",
    ],
    ["a wait without end", { method: "GET", url: "/api/v1/workflow-runs/run_1?wait=3600" }, 400, "invalid_request"],
    ["a broken percent sign", { method: "GET", url: "/api/v1/workflow-runs/%E0%A4%A" }, 400, "invalid_request"],
  ]

  test.each(cases)("%s", async (_name, request, status, code) => {
    const response = await server.app.inject(request)
    expect(response.statusCode).toBe(status)
    expect(response.headers["content-type"]).toContain("application/problem+json")
    const body = problem(response)
    expect(body).toMatchObject({
      status,
      code,
      type: `urn:waybill:problem:${code}`,
      title: expect.any(String),
      detail: expect.any(String),
    })
    expect(body.instance).toBe(request.url.split("?")[0])
    expect(response.headers["x-request-id"]).toBe(body.requestId)
    expect(body.hint).toBeTruthy()
  })

  test("an unknown field names the nearest known one", async () => {
    const response = await server.app.inject({
      method: "POST",
      url: "/api/v1/workflow-runs",
      headers: json,
      payload: '{"workflowId":"a","businesEventId":"x"}',
    })
    expect(problem(response).errors).toEqual([
      {
        code: "unknown_field",
        message: 'the field "businesEventId" is not known here',
        pointer: "/businesEventId",
        hint: 'Did you mean "businessEventId"?',
      },
    ])
  })

  test("a body of more than 4 MiB is refused before it is read", async () => {
    const response = await server.app.inject({
      method: "POST",
      url: "/api/v1/workflow-runs",
      headers: json,
      payload: `{"workflowId":"a","input":"${"x".repeat(10_000_000)}"}`,
    })
    expect(response.statusCode).toBe(413)
    expect(problem(response).code).toBe("payload_too_large")
    expect(server.engine.asked).toEqual([])
  })

  test("64 levels are still read, 4 MiB minus a little too", async () => {
    const deep = `{"workflowId":"a","input":${"[".repeat(63)}${"]".repeat(63)}}`
    const large = `{"workflowId":"a","input":"${"x".repeat(4 * 1024 * 1024 - 40)}"}`
    for (const payload of [deep, large]) {
      expect(
        (await server.app.inject({ method: "POST", url: "/api/v1/workflow-runs", headers: json, payload })).statusCode,
      ).toBe(201)
    }
  })

  test("405 says which methods there are", async () => {
    const response = await server.app.inject({ method: "DELETE", url: "/api/v1/workflow-runs/run_1/cancel" })
    expect(response.headers.allow).toBe("POST")
  })

  test("a rejection keeps its code, its data and its findings", async () => {
    server.engine.rejection = {
      code: "definition_invalid",
      message: "two problems",
      data: { state: "x" },
      hint: "mend it",
      problems: [
        { code: "dead_end", severity: "error", message: "m", file: null, line: 3, column: 1, pointer: "/states/0" },
      ],
    } as never
    const response = await server.app.inject({
      method: "POST",
      url: "/api/v1/workflows",
      headers: { "content-type": "application/yaml" },
      payload: "id: x",
    })
    expect(response.statusCode).toBe(422)
    expect(problem(response)).toMatchObject({
      code: "definition_invalid",
      detail: "two problems",
      hint: "mend it",
      data: { state: "x" },
      errors: [{ code: "dead_end", line: 3 }],
    })
  })

  test("503 says when and how to try again", async () => {
    server.engine.rejection = { code: "overloaded", message: "too much to write" }
    const response = await server.app.inject({
      method: "POST",
      url: "/api/v1/workflow-runs",
      headers: json,
      payload: '{"workflowId":"a"}',
    })
    expect(response.statusCode).toBe(503)
    expect(response.headers["retry-after"]).toBe("1")
    expect(problem(response).retry).toBe("same key")
  })

  test("a crash answers without its details, and the log has them under the same id", async () => {
    server.engine.fault = new Error("the secret inside")
    const response = await server.app.inject({
      method: "POST",
      url: "/api/v1/workflow-runs",
      headers: { ...json, "x-request-id": "trace-me" },
      payload: '{"workflowId":"a"}',
    })
    expect(response.statusCode).toBe(500)
    expect(response.body).not.toContain("secret inside")
    expect(problem(response)).toMatchObject({ code: "internal_error", requestId: "trace-me" })
    const line = server.logged.find((text) => text.includes("the secret inside"))
    expect(JSON.parse(line ?? "{}")).toMatchObject({ requestId: "trace-me" })
  })

  test("a write that the store did not take is a 503 that may be sent again", async () => {
    const full = new Error("SQLITE_FULL")
    const { app, engine, logged } = await testServer({ isFault: (error) => error === full })
    engine.fault = full
    const response = await app.inject({
      method: "POST",
      url: "/api/v1/workflow-runs",
      headers: json,
      payload: '{"workflowId":"a"}',
    })
    expect([response.statusCode, problem(response).code, problem(response).retry]).toEqual([
      503,
      "store_unavailable",
      "same key",
    ])
    expect(logged.join("")).toContain("SQLITE_FULL")
    await app.close()
  })

  test("a question that holds a reader for too long is a 503 that says to ask for less, and no bug in the log", async () => {
    const { app, engine, logged } = await testServer()
    engine.fault = new QueryTooSlow()
    const response = await app.inject({
      method: "POST",
      url: "/api/v1/workflow-runs",
      headers: json,
      payload: '{"workflowId":"a"}',
    })
    expect([response.statusCode, problem(response).code]).toEqual([503, "query_too_slow"])
    expect(problem(response)).toMatchObject({ hint: expect.stringContaining("Ask for less") })
    // It would take as long again.
    expect(problem(response).retry).toBeUndefined()
    expect(logged.join("")).not.toContain("request failed")
    await app.close()
  })

  test("a request id with control characters is not taken over", async () => {
    const response = await server.app.inject({ method: "GET", url: "/healthz", headers: { "x-request-id": 'a" b{}' } })
    expect(response.headers["x-request-id"]).toMatch(/^req_[\w]+$/)
  })
})

describe("credentials and roles", () => {
  test("without a key, and with an unknown one, the answer is 401 and says how to send one", async () => {
    for (const headers of [{}, { authorization: "Bearer wrong" }, { authorization: "Basic c2VjcmV0" }]) {
      const response = await keyed.app.inject({ method: "GET", url: "/api/v1/workflow-runs", headers })
      expect(response.statusCode).toBe(401)
      expect(response.headers["www-authenticate"]).toContain("Bearer")
      expect(problem(response).code).toBe("unauthenticated")
    }
  })

  test("a key in the URL is no key", async () => {
    const response = await keyed.app.inject({ method: "GET", url: `/api/v1/session?access_token=${keyOf("admin")}` })
    expect(response.statusCode).toBe(401)
  })

  test.each([
    ["role", { needs: "runs:read" }],
    ["scope", { role: "viewer" }],
    ["role and no scope", {}],
  ] as const)("a server with a route that declares no %s does not start", async (_what, config) => {
    const { app } = await testServer()
    app.get("/forgotten", { config, schema: { hide: true } }, async () => "")
    await expect(app.ready()).rejects.toThrow("without a declared role and scope: GET /forgotten")
    await app.close()
  })

  test("a key of the configuration that has scopes is held to them, and acts with no more of its role", async () => {
    const sha256 = createHash("sha256").update("narrow").digest("hex")
    const authenticate = keyAccess([{ name: "scrape", sha256, role: "admin", scopes: ["metrics:read"] }])
    const { app } = await testServer({ authenticate })
    const get = (url: string) => app.inject({ method: "GET", url, headers: { authorization: "Bearer narrow" } })
    expect((await get("/metrics")).statusCode).toBe(200)
    expect(JSON.parse((await get("/api/v1/session")).body)).toMatchObject({ role: "viewer", scopes: ["metrics:read"] })
    const refused = await get("/api/v1/workflow-runs")
    expect(problem(refused)).toMatchObject({ status: 403, code: "scope_missing", data: { needed: "runs:read" } })
    await app.close()
  })

  test("behind a door that changes something a key acts by that door's scope, not by the highest of its scopes", async () => {
    const sha256 = createHash("sha256").update("two").digest("hex")
    const scopes = ["audit:read", "runs:write"] as const
    const authenticate = keyAccess([{ name: "two", sha256, role: "admin", scopes }])
    const { app, engine } = await testServer({ authenticate })
    const headers = { authorization: "Bearer two" }
    const session = await app.inject({ method: "GET", url: "/api/v1/session", headers })
    expect(JSON.parse(session.body)).toMatchObject({ role: "admin" })
    const payload = { workflowId: "w" }
    await app.inject({ method: "POST", url: "/api/v1/workflow-runs", headers, payload })
    expect(engine.asked[0]?.with[0]).toMatchObject({ id: "key:two", role: "operator" })
    await app.close()
  })

  test("the engine sees the key's user and teams, never what the body says", async () => {
    await keyed.app.inject({
      method: "POST",
      url: "/api/v1/workflow-runs",
      headers: { ...json, authorization: `Bearer ${keyOf("operator")}` },
      payload: '{"workflowId":"a"}',
    })
    expect(keyed.engine.asked[0]?.with[0]).toEqual({
      id: "user:operator@example.com",
      teams: ["sre"],
      role: "operator",
    })
  })

  test("every route of the document refuses every role below its own, and lets the others in", async () => {
    await keyed.app.ready()
    const document = keyed.app.swagger() as unknown as { paths: Record<string, Record<string, { "x-role"?: string }>> }
    keyed.engine.rows.set("run_1", runRow({ status: "COMPLETED", completedAt: AT }))
    keyed.engine.approvals.set("appr_1", approvalRow())
    let checked = 0
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        const needed = operation["x-role"]
        if (needed === undefined || path.endsWith("/workflow-runs/stream")) continue
        const url = path
          .replace("{runId}", "run_1")
          .replace("{approvalId}", "appr_1")
          .replace(/\{[^}]+\}/g, "1")
        for (const role of roles) {
          const response = await keyed.app.inject({
            method: method.toUpperCase() as "GET",
            url: `${url}${url.endsWith("/stream") ? "?after=999" : ""}`,
            headers: { authorization: `Bearer ${keyOf(role)}` },
          })
          const allowed = roles.indexOf(role) >= roles.indexOf(needed as (typeof roles)[number])
          expect([`${method} ${path}`, role, response.statusCode === 403]).toEqual([
            `${method} ${path}`,
            role,
            !allowed,
          ])
          expect(response.statusCode, `${method} ${path}`).not.toBe(401)
          expect(response.statusCode, `${method} ${path}: ${response.body}`).not.toBe(500)
          checked++
        }
      }
    }
    expect(checked).toBeGreaterThan(100)
  })

  test("health needs no key, metrics do", async () => {
    expect((await keyed.app.inject({ method: "GET", url: "/healthz" })).statusCode).toBe(200)
    expect((await keyed.app.inject({ method: "GET", url: "/readyz" })).statusCode).toBe(200)
    expect((await keyed.app.inject({ method: "GET", url: "/metrics" })).statusCode).toBe(401)
  })

  test("a route that declares no role keeps the server from starting", async () => {
    const { app } = await testServer()
    app.get("/forgotten", async () => "x")
    await expect(app.ready()).rejects.toThrow(/GET \/forgotten/)
  })

  test("who the credentials are can be asked", async () => {
    const response = await keyed.app.inject({
      method: "GET",
      url: "/api/v1/session",
      headers: { authorization: `Bearer ${keyOf("viewer")}` },
    })
    expect(response.json()).toEqual({
      actor: "user:viewer@example.com",
      name: null,
      teams: ["sre"],
      role: "viewer",
      scopes: null,
      workspaceId: "default",
      workspaceSlug: "default",
      workspaces: [{ workspaceId: "default", slug: "default", name: "Default", role: "viewer" }],
      environments: ["default", "prod"],
      auth: "keys",
      credential: "key:viewer",
      expiresAt: null,
    })
  })
})

describe("the document of all routes", () => {
  test("is valid OpenAPI 3.1, and every operation has a name, a tag and a problem as its other answer", async () => {
    const response = await server.app.inject({ method: "GET", url: "/openapi.json" })
    const document = response.json() as {
      openapi: string
      paths: Record<
        string,
        Record<
          string,
          { operationId?: string; tags?: string[]; responses: Record<string, unknown>; security?: unknown }
        >
      >
      components: { schemas: Record<string, unknown> }
    }
    const result = await new Validator().validate(structuredClone(document) as never)
    expect(result.errors ?? []).toEqual([])
    expect(result.valid).toBe(true)
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
    expect(operations.length).toBeGreaterThan(40)
    const names = operations.map((operation) => operation.operationId)
    expect(names).not.toContain(undefined)
    expect(new Set(names).size).toBe(names.length)
    for (const operation of operations) {
      expect(operation.tags?.length).toBe(1)
      if (operation.security !== undefined) expect(operation.responses).toHaveProperty("default")
    }
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(["Run", "Step", "Approval", "Problem", "Workflow"]),
    )
  })

  test("of every schema a validator or a serialiser can be made, also of those that nobody has asked for yet", async () => {
    await server.app.lateSchemas.finish()
    expect(server.app.lateSchemas.unmade).toBe(0)
  })

  test("its reader is served from disk with a policy that loads nothing from elsewhere", async () => {
    const page = await server.app.inject({ method: "GET", url: "/docs/" })
    expect(page.statusCode).toBe(200)
    expect(page.headers["content-security-policy"]).toContain("default-src 'none'")
    const script = await server.app.inject({ method: "GET", url: "/docs/static/swagger-ui-bundle.js" })
    expect(script.statusCode).toBe(200)
    expect(script.body.length).toBeGreaterThan(100_000)
  })
})

describe("health", () => {
  test("a server that is draining is alive and not ready", async () => {
    server.engine.health_ = { ...server.engine.health_, ready: false, draining: true, reasons: ["draining"] }
    expect((await server.app.inject({ method: "GET", url: "/healthz" })).statusCode).toBe(200)
    const ready = await server.app.inject({ method: "GET", url: "/readyz" })
    expect(ready.statusCode).toBe(503)
    expect(ready.json()).toMatchObject({ draining: true, reasons: ["draining"] })
  })

  test("metrics are Prometheus text, every sample with its help and type", async () => {
    const { body, headers } = await server.app.inject({ method: "GET", url: "/metrics" })
    expect(headers["content-type"]).toContain("text/plain; version=0.0.4")
    expect(body).toContain("# TYPE waybill_runs_started_total counter\nwaybill_runs_started_total 3\n")
    expect(body).toContain("waybill_runs_completed_total 2\n")
    expect(body).toContain("# TYPE waybill_runs_in_memory gauge\nwaybill_runs_in_memory 4\n")
    for (const line of body.trimEnd().split("\n")) expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+ [\d.e+-]+)$/)
  })
})
