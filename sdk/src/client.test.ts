import { expect, test } from "vitest"
import { createClient } from "./client.ts"
import { ProblemError, UnreachableError } from "./connection.ts"

interface Sent {
  readonly method: string
  readonly url: string
  readonly headers: Record<string, string>
  readonly body: unknown
}

/** A client whose requests are kept, all answered alike. */
function recorded(answer: () => Response, options = {}) {
  const sent: Sent[] = []
  const client = createClient({
    url: "http://waybill.example/",
    fetch: async (url, init = {}) => {
      sent.push({
        method: init.method ?? "GET",
        url: String(url),
        headers: init.headers as Record<string, string>,
        body: typeof init.body === "string" ? init.body : undefined,
      })
      return answer()
    },
    ...options,
  })
  return { client, sent }
}

test("a request goes to /api/v1 with its key, its filters and only what was given", async () => {
  const { client, sent } = recorded(() => Response.json({ items: [] }), { apiKey: "k", workspace: "w" })
  await client.runs.list({ status: ["FAILED", "TIMED_OUT"], q: undefined, limit: 5, cursor: null })
  expect(sent[0]).toMatchObject({
    method: "GET",
    url: "http://waybill.example/api/v1/workflow-runs?status=FAILED%2CTIMED_OUT&limit=5",
    headers: { authorization: "Bearer k", "x-workspace-slug": "w" },
    body: undefined,
  })
})

test("ids are one piece of the path, whatever is in them", async () => {
  const { client, sent } = recorded(() => Response.json({}))
  await client.workflows.get("../admin?x=1", { env: "a b" })
  expect(sent[0]?.url).toBe("http://waybill.example/api/v1/workflows/..%2Fadmin%3Fx%3D1?env=a+b")
})

test("a start carries its Idempotency-Key, and may wait for the end", async () => {
  const { client, sent } = recorded(() => Response.json({}, { status: 201 }))
  await client.runs.start({ workflowId: "w", input: { a: 1 } }, { wait: 30, idempotencyKey: "nightly" })
  expect(sent[0]).toMatchObject({
    url: "http://waybill.example/api/v1/workflow-runs?wait=30",
    headers: { "idempotency-key": "nightly", "content-type": "application/json" },
    body: '{"workflowId":"w","input":{"a":1}}',
  })
})

test("a definition is sent as it was written", async () => {
  const { client, sent } = recorded(() => Response.json({}))
  await client.workflows.create("id: x\n", "yaml")
  expect(sent[0]).toMatchObject({ headers: { "content-type": "application/yaml" }, body: "id: x\n" })
})

test("a refusal is thrown with the server's code; words of something in between have a code as well", async () => {
  const problem = { code: "run_finished", detail: "the run has ended", status: 409, hint: "start another" }
  const refused = recorded(() => Response.json(problem, { status: 409 }))
  const error = await refused.client.runs.cancel("run_1").catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ProblemError)
  expect((error as ProblemError).problem).toEqual(problem)
  const proxy = recorded(() => new Response("<h1>Bad Gateway</h1>", { status: 502 }))
  await expect(proxy.client.runs.get("run_1")).rejects.toMatchObject({ problem: { code: "http_502", status: 502 } })
})

test("a server that is not there is told from one that refuses", async () => {
  const client = createClient({
    url: "http://waybill.example",
    fetch: () => Promise.reject(Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNREFUSED" } })),
  })
  await expect(client.runs.get("run_1")).rejects.toThrow(UnreachableError)
})

test("a server that does not answer in time is given up", async () => {
  const client = createClient({
    url: "http://waybill.example",
    timeoutMs: 1,
    fetch: (_url, init) =>
      new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason))),
  })
  await expect(client.runs.get("run_1")).rejects.toThrow(UnreachableError)
})

test("one that takes no work says so with 503, which is an answer when it is asked for that", async () => {
  const { client, sent } = recorded(() => Response.json({ ready: false, reasons: ["draining"] }, { status: 503 }))
  expect(await client.readiness()).toMatchObject({ ready: false })
  expect(sent[0]?.url).toBe("http://waybill.example/readyz")
})

test("a file of runs is handed over unread, and a refusal of it is thrown like any other", async () => {
  const file = recorded(() => new Response("runId\r\nrun_1\r\n", { headers: { "content-type": "text/csv" } }))
  const response = await file.client.runs.export({ query: "tag:a b", format: "csv" })
  expect(file.sent[0]?.url).toBe("http://waybill.example/api/v1/workflow-runs/export?query=tag%3Aa+b&format=csv")
  expect(response.bodyUsed).toBe(false)
  expect(await response.text()).toBe("runId\r\nrun_1\r\n")
  const refusal = { code: "invalid_query", detail: "column 1", status: 400 }
  const refusing = recorded(() => Response.json(refusal, { status: 400 }))
  await expect(refusing.client.runs.export({ query: "stauts:x" })).rejects.toThrow(ProblemError)
})

test("a walk over the whole store is told of on the way, and ends with its report or its problem", async () => {
  const lines = (...said: object[]) => new Response(said.map((one) => `${JSON.stringify(one)}\n`).join(""))
  const report = { runs: 2, findings: [], skipped: [] }
  const { client, sent } = recorded(() => lines({ progress: { runs: 1, events: 9 } }, { report }))
  const told: unknown[] = []
  expect(await client.admin.fsck((at) => told.push(at))).toEqual(report)
  expect([told, sent[0]?.headers.accept]).toEqual([[{ runs: 1, events: 9 }], "application/x-ndjson"])
  const problem = { code: "internal_error", detail: "no", status: 500 }
  await expect(recorded(() => lines({ problem })).client.admin.fsck()).rejects.toBeInstanceOf(ProblemError)
  await expect(recorded(() => lines({ progress: {} })).client.admin.fsck()).rejects.toBeInstanceOf(UnreachableError)
})
