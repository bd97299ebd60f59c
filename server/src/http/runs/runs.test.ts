import type { RunRecord, StepRecord } from "@waybill/contract"
import { type JsonObject, startStanding } from "@waybill/engine"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { AT, runRow, stepRow } from "../../testing/rows.ts"
import { shapeDiffers } from "../../testing/shape.ts"
import { keyedAccess, keyOf, type TestServer, testServer } from "../../testing/test-server.ts"
import runExample from "./golden/run.json" with { type: "json" }
import stepExample from "./golden/step.json" with { type: "json" }

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

const get = (url: string, headers: Record<string, string> = { accept: "application/json" }) =>
  server.app.inject({ method: "GET", url, headers })
const post = (url: string, payload: unknown) =>
  server.app.inject({
    method: "POST",
    url,
    headers: { "content-type": "application/json" },
    payload: JSON.stringify(payload),
  })
/** What the engine was asked for when it listed. */
const listed = () => {
  const [filter, sort, cursor, limit] = server.engine.asked.findLast(({ what }) => what === "runs")!.with as unknown[]
  return { filter, sort, cursor, limit } as {
    filter: Record<string, unknown>
    sort: string
    cursor: string
    limit: number
  }
}

/** A finished run with all that the engine can know of one. */
function invoice(usage: JsonObject = {}): void {
  const { engine } = server
  engine.commit("run_1", "run.created", { input: { value: { file: "invoice_98421.pdf", pages: 2 } } })
  engine.commit("run_1", "step.scheduled", { input: { value: { content_type: "pdf" } } })
  engine.commit("run_1", "step.succeeded", {
    output: { value: { fields: ["total"] } },
    validation: { passed: true, score: 0.96 },
    usage,
  })
  engine.commit(
    "run_1",
    "run.completed",
    { output: { value: { total: 1732.55, currency: "USD" } } },
    {
      workflowId: "invoice_extraction",
      workflowName: "Invoice extraction",
      workflowVersion: "1.8.3",
      status: "COMPLETED",
      startedAt: AT,
      completedAt: AT + 2_120,
      actor: "system",
      businessEventId: "erp:invoice#98421",
      tags: '["invoice","prod"]',
      outputSeq: 4,
      effectiveness: '{"accuracy":0.97,"throughputDelta":2.3}',
      tokens: 3124,
      computeMs: 480,
    },
  )
  engine.steps.set("run_1", [
    stepRow({
      name: "extract_fields",
      status: "SUCCEEDED",
      completedAt: AT + 805,
      inputSeq: 2,
      outputSeq: 3,
      tokens: 2200,
      computeMs: 380,
    }),
  ])
}

describe("000's documents", () => {
  const free = ["inputs_summary", "outputs_summary", "parameters_redacted", "input_redacted", "output_redacted"]

  test("a run has the fields of 000's example, in its nesting and order", async () => {
    invoice()
    const { engine } = server
    engine.standings.set("run_1", { ...startStanding({ tags: "[]" }), notes: 1, tags: ["invoice", "prod"] })
    const run = (await get("/runs/run_1")).json<RunRecord>()
    expect(shapeDiffers(runExample, run, free)).toEqual([])
    expect(run).toEqual({
      ...runExample,
      id: "run_1",
      environment: "default",
      started_at: "2026-11-20T09:30:00.125Z",
      completed_at: "2026-11-20T09:30:02.245Z",
      tenant_id: "default",
      outputs_summary: { total: 1732.55, currency: "USD" },
      diagnostics: { ...runExample.diagnostics, trace_id: "a".repeat(32) },
      annotations: [{ author: "local", note: "The card was refused.", at: "2026-11-20T09:30:00.125Z" }],
    })
  })

  test("a step has the fields of 000's example; an agent that reports no model is a tool", async () => {
    invoice()
    const { items, next_token } = (await get("/runs/run_1/steps")).json<{ items: StepRecord[]; next_token: null }>()
    const [step] = items
    const details = { tool: "greeter", endpoint: null, parameters_redacted: null }
    expect(shapeDiffers({ ...stepExample, details }, step, free)).toEqual([])
    expect(step).toMatchObject({
      id: "step_1",
      run_id: "run_1",
      name: "extract_fields",
      type: "tool",
      status: "completed",
      duration_ms: 800,
      retries: 0,
      details,
      io: { input_redacted: { content_type: "pdf" }, output_redacted: { fields: ["total"] } },
      validation: { passed: true, score: 0.96 },
    })
    expect(next_token).toBeNull()
  })

  test("a step whose agent reported a model is one of a model, with the details that 000 prints", async () => {
    invoice({ models: [{ model: "gpt-4o-mini", provider: "openai", parameters: { temperature: 0 }, tokens: 2200 }] })
    const { items } = (await get("/runs/run_1/steps")).json<{ items: StepRecord[] }>()
    expect(items[0]).toMatchObject({ type: "model" })
    expect(items[0]!.details).toEqual({ model: "gpt-4o-mini", parameters_redacted: { temperature: 0 } })
    expect(shapeDiffers(stepExample, items[0], free)).toEqual([])
  })

  test("a step that failed is told by the model of its last attempt that named one", async () => {
    const { engine } = server
    const failed = (model: string) =>
      engine.commit("run_1", "step.failed", { error: { code: "x" }, usage: { models: [{ model }] } }, {}, "step_1")
    engine.commit("run_1", "state.entered", {})
    failed("gpt-4o")
    failed("gpt-4o-mini")
    engine.steps.set("run_1", [
      stepRow({ status: "FAILED", firstSeq: 1, retries: 1, error: '{"code":"x","detail":"no"}' }),
    ])
    const { items } = (await get("/runs/run_1/steps")).json<{ items: StepRecord[] }>()
    expect(items).toMatchObject([{ type: "model", details: { model: "gpt-4o-mini" } }])
  })
})

describe("what stands in them", () => {
  test.each([
    ["PENDING", "queued"],
    ["RUNNING", "running"],
    ["WAITING_APPROVAL", "waiting_human"],
    ["WAITING_SIGNAL", "running"],
    ["PAUSED", "running"],
    ["COMPLETED", "completed"],
    ["FAILED", "failed"],
    ["TIMED_OUT", "failed"],
    ["CANCELLED", "canceled"],
  ] as const)("a run that is %s reads %s", async (status, word) => {
    server.engine.rows.set("run_1", runRow({ status }))
    expect((await get("/runs/run_1")).json()).toMatchObject({ status: word })
  })

  test("what nobody knows is null, never a guess", async () => {
    server.engine.rows.set("run_1", runRow({ status: "PENDING", startedAt: null, actor: "key:ci" }))
    expect((await get("/runs/run_1")).json()).toMatchObject({
      started_at: null,
      completed_at: null,
      duration_ms: null,
      actor: "system",
      inputs_summary: null,
      outputs_summary: null,
      effectiveness: { first_pass_success: null, accuracy: null, throughput_delta: null },
      diagnostics: { error_code: null, error_message: null },
    })
  })

  test.each([
    ["completed at once", { status: "COMPLETED" }, true],
    ["completed after a retry", { status: "COMPLETED", retryCount: 1 }, false],
    ["completed after a rejection", { status: "COMPLETED", hitl: "rejected" }, false],
    ["a re-run that completed", { status: "COMPLETED", rerunOf: "run_0" }, false],
    ["failed", { status: "FAILED" }, false],
    ["what the definition says stands above", { status: "FAILED", effectiveness: '{"firstPassSuccess":true}' }, true],
  ] as const)("first pass: %s", async (_what, given, expected) => {
    server.engine.rows.set("run_1", runRow({ completedAt: AT + 5, ...given }))
    expect((await get("/runs/run_1")).json().effectiveness.first_pass_success).toBe(expected)
  })

  test("a run out of time has failed, and its code says so", async () => {
    server.engine.rows.set("run_1", runRow({ status: "TIMED_OUT", errorCode: "run_timeout", errorMessage: "too long" }))
    expect((await get("/runs/run_1")).json().diagnostics).toMatchObject({
      error_code: "timed_out",
      error_message: "too long",
    })
  })

  test("a large value is cut, and lists leave what lies in a file of its own", async () => {
    const input = { text: "x".repeat(300), list: Array.from({ length: 12 }, () => 1) }
    server.engine.commit("run_1", "run.created", { input: { value: input } })
    server.engine.commit("run_2", "run.created", { input: { blob: "b1", bytes: 90_000 } })
    expect((await get("/runs/run_1")).json().inputs_summary).toEqual({
      text: `${"x".repeat(200)}…`,
      list: [...Array.from({ length: 10 }, () => 1), "…"],
    })
    expect((await get("/runs/run_2")).json().inputs_summary).toEqual({ value: "the blob b1" })
    const { items } = (await get("/runs")).json<{ items: RunRecord[] }>()
    expect(items.find(({ id }) => id === "run_2")?.inputs_summary).toEqual({ value: "…" })
  })

  test.each([
    [{ type: "switch", action: null }, "decision"],
    [{ type: "operation", action: "human.approval" }, "decision"],
    [{ type: "operation", action: "agent.run" }, "tool"],
    [{ type: "foreach", action: null }, "io"],
    [{ type: "inject", action: null }, "io"],
  ] as const)("a step of %o is of the type %s", async (given, type) => {
    server.engine.rows.set("run_1", runRow())
    server.engine.steps.set("run_1", [stepRow(given)])
    expect((await get("/runs/run_1/steps")).json().items[0]).toMatchObject({ type, validation: null })
  })

  test("a step whose values did not fit says what did not", async () => {
    const error = {
      type: "waybill:error",
      class: "validation_failed",
      code: "output_invalid",
      title: "",
      detail: "no total",
    }
    server.engine.rows.set("run_1", runRow())
    server.engine.steps.set("run_1", [stepRow({ status: "FAILED", error: JSON.stringify(error), retries: 2 })])
    expect((await get("/runs/run_1/steps")).json().items[0]).toMatchObject({
      status: "failed",
      retries: 2,
      diagnostics: { error_code: "output_invalid", error_message: "no total" },
      validation: { passed: false, reasons: ["no total"] },
    })
  })
})

describe("the list", () => {
  test("takes several values of a filter, and every spelling of a status", async () => {
    await get("/runs?workflow=greet,pay&status=failed,waiting_human,RUNNING,canceled,succeeded&env=prod,stage&tag=a,b")
    expect(listed()).toMatchObject({
      filter: {
        workflowId: ["greet", "pay"],
        status: ["FAILED", "TIMED_OUT", "WAITING_APPROVAL", "RUNNING", "CANCELLED", "COMPLETED"],
        environment: ["prod", "stage"],
        tag: ["a", "b"],
        terms: [],
      },
      sort: "-startedAt",
      limit: 50,
    })
    await get("/runs?from=2026-11-20T09:00:00Z&to=2026-11-21&sort=-duration&limit=7&next_token=c")
    expect(listed()).toMatchObject({
      filter: { from: Date.UTC(2026, 10, 20, 9), to: Date.UTC(2026, 10, 21) },
      sort: "-duration",
      cursor: "c",
      limit: 7,
    })
  })

  test("refuses a time that ends before it begins, and says which parameter stands there twice", async () => {
    const turned = await get("/runs?from=2026-11-20T09:00:00Z&to=2026-11-20")
    expect(JSON.parse(turned.body)).toMatchObject({
      code: "invalid_request",
      errors: [{ pointer: "/to", hint: "Swap the two." }],
    })
    const twice = await get("/runs?limit=1&limit=2")
    expect(JSON.parse(twice.body)).toMatchObject({
      errors: [{ pointer: "/limit", message: "is given more than once" }],
    })
    const misspelt = await get("/runs?sort=startd_at")
    expect(JSON.parse(misspelt.body)).toMatchObject({
      errors: [{ pointer: "/sort", hint: 'Did you mean "started_at"?' }],
    })
  })

  test("takes a workflow by its name too", async () => {
    const { name, workflowId } = server.engine.workflows[0]!
    await get(`/runs?workflow=${encodeURIComponent(name)}`)
    expect(listed().filter.workflowId).toEqual([name, workflowId])
  })

  test("takes tags as patterns in slashes, a comma in them included, beside plain ones", async () => {
    await get(`/runs?tag=${encodeURIComponent('/^batch-\\d{1,3}$/,pro"d,/a\\/b/')}`)
    expect(listed().filter).toMatchObject({
      tag: [],
      terms: [
        {
          negated: false,
          test: {
            kind: "text",
            field: "tag",
            any: [
              { kind: "pattern", source: "^batch-\\d{1,3}$" },
              { kind: "is", text: 'pro"d' },
              { kind: "pattern", source: "a/b" },
            ],
          },
        },
      ],
    })
  })

  test.each([
    ["status=nonsense", "status"],
    ["tag=/(/", "tag"],
    [`tag=${Array.from({ length: 101 }, (_, index) => `t${index}`).join(",")}`, "tag"],
    [`tag=${encodeURIComponent("/(?=a)b/")}`, "tag"],
    ["from=yesterday", "from"],
    ["page=0", ""],
    ["limit=201", ""],
    ["sort=tags", ""],
    ["nonsense=1", ""],
  ])("refuses %s and says what it does not understand", async (query, place) => {
    const answer = await get(`/runs?${query}`)
    expect(answer.statusCode).toBe(400)
    expect(answer.json().detail).toContain(place)
  })

  test("goes on by an opaque token, and finds a numbered page by walking there", async () => {
    server.engine.rows.set("run_1", runRow())
    server.engine.rows.set("run_2", runRow({ runId: "run_2" }))
    const first = (await get("/runs?limit=2")).json()
    expect([first.items.length, first.next_token]).toEqual([2, "next"])
    server.engine.asked.length = 0
    const second = (await get("/runs?limit=2&page=2")).json()
    expect(server.engine.asked.map(({ with: args }) => [args[2], args[3]])).toEqual([
      [null, 2],
      ["next", 2],
    ])
    expect([second.items.length, second.next_token]).toEqual([2, null])
    expect((await get("/runs?limit=2&page=3")).json()).toEqual({ items: [], next_token: null })
  })

  test("says how far numbered pages go, and takes one way of paging at a time", async () => {
    const far = await get("/runs?limit=200&page=7")
    expect([far.statusCode, far.json().errors[0].hint]).toEqual([400, "Go on with next_token."])
    expect((await get("/runs?page=2&next_token=c")).statusCode).toBe(400)
  })

  test("steps go on by a token that is bound to their run", async () => {
    server.engine.rows.set("run_1", runRow())
    server.engine.rows.set("run_2", runRow({ runId: "run_2" }))
    server.engine.steps.set(
      "run_1",
      [1, 2, 3].map((firstSeq) => stepRow({ stepId: `step_${firstSeq}`, firstSeq })),
    )
    const first = (await get("/runs/run_1/steps?limit=2")).json()
    expect(first.items.map(({ id }: StepRecord) => id)).toEqual(["step_1", "step_2"])
    const rest = (await get(`/runs/run_1/steps?limit=2&next_token=${first.next_token}`)).json()
    expect([rest.items.map(({ id }: StepRecord) => id), rest.next_token]).toEqual([["step_3"], null])
    for (const url of [`/runs/run_2/steps?next_token=${first.next_token}`, "/runs/run_1/steps?next_token=7"])
      expect((await get(url)).json().code).toBe("cursor_mismatch")
  })
})

describe("what is done to a run", () => {
  test("a re-run is a new run with the reason, the note behind it", async () => {
    server.engine.rows.set("run_1", runRow())
    const answer = await post("/runs/run_1/rerun", { reason: "the till was closed", note: "ask for Ada" })
    expect([answer.statusCode, answer.headers.location]).toEqual([201, "/runs/run_1"])
    expect(answer.json()).toMatchObject({ id: "run_1", status: "running" })
    expect(server.engine.asked.find(({ what }) => what === "rerun")?.with[2]).toEqual({
      from: null,
      version: null,
      inputPatch: null,
      contextPatch: null,
      reason: "the till was closed\nask for Ada",
    })
    expect((await post("/runs/run_1/rerun", {})).json().code).toBe("invalid_request")
  })

  test("a cancel takes a reason, and answers with the run", async () => {
    server.engine.rows.set("run_1", runRow())
    expect((await post("/runs/run_1/cancel", { reason: "not needed" })).json()).toMatchObject({ id: "run_1" })
    expect(server.engine.asked.find(({ what }) => what === "cancel")?.with[2]).toEqual({
      reason: "not needed",
      force: false,
    })
    server.engine.rejection = { code: "run_already_finished", message: "it has ended" }
    expect((await post("/runs/run_1/cancel", {})).statusCode).toBe(409)
  })
})

describe("what is said beside a run", () => {
  test("a note and tags, each answered with the run; the history is left alone", async () => {
    server.engine.rows.set("run_1", runRow())
    expect((await post("/runs/run_1/annotate", { note: "Valid totals." })).json()).toMatchObject({ id: "run_1" })
    expect((await post("/runs/run_1/tags", { add: ["late"], remove: ["new"] })).json()).toMatchObject({ id: "run_1" })
    expect(server.engine.asked.filter(({ what }) => what === "say").map(({ with: args }) => args[2])).toEqual([
      { kind: "annotate", note: "Valid totals.", stepId: null },
      { kind: "tag", add: ["late"], remove: ["new"] },
    ])
    expect((await post("/runs/run_1/annotate", {})).statusCode).toBe(400)
    expect((await post("/runs/run_9/annotate", { note: "x" })).statusCode).toBe(404)
  })
})

describe("who gets what", () => {
  test("the same address is a page to a browser and a document to a program, and says so to whoever keeps answers", async () => {
    server.engine.rows.set("run_1", runRow())
    for (const url of ["/runs", "/runs/run_1"]) {
      const page = await get(url, { accept: "text/html,application/xhtml+xml,*/*;q=0.8" })
      expect([page.headers["content-type"], page.headers.vary]).toEqual(["text/html; charset=utf-8", "accept"])
      for (const accept of ["application/json", "*/*", ""]) {
        const document = await get(url, accept === "" ? {} : { accept })
        expect([document.statusCode, document.headers.vary]).toEqual([200, "accept"])
        expect(document.headers["content-type"]).toContain("application/json")
      }
    }
    const missing = await get("/runs/run_9")
    expect([missing.statusCode, missing.headers.vary]).toEqual([404, "accept"])
  })

  test("a run of another workspace is not there, whatever is asked of it", async () => {
    server.engine.rows.set("run_1", runRow({ workspaceId: "other" }))
    for (const url of ["/runs/run_1", "/runs/run_1/steps"]) expect((await get(url)).json().code).toBe("run_not_found")
    for (const url of ["/runs/run_1/rerun", "/runs/run_1/cancel"])
      expect((await post(url, { reason: "x" })).json().code).toBe("run_not_found")
    expect(server.engine.asked).toEqual([])
  })

  test("a viewer reads, an operator acts, nobody else does either", async () => {
    keyed.engine.rows.set("run_1", runRow())
    const ask = async (method: "GET" | "POST", url: string, role: "viewer" | "operator" | null) => {
      const headers = {
        ...(role !== null && { authorization: `Bearer ${keyOf(role)}` }),
        ...(method === "POST" && { "content-type": "application/json" }),
      }
      const payload = method === "POST" ? '{"reason":"x"}' : undefined
      return (await keyed.app.inject({ method, url, headers, ...(payload !== undefined && { payload }) })).statusCode
    }
    expect(await ask("GET", "/runs", "viewer")).toBe(200)
    expect(await ask("GET", "/runs", null)).toBe(401)
    expect(await ask("POST", "/runs/run_1/cancel", "viewer")).toBe(403)
    expect(await ask("POST", "/runs/run_1/cancel", "operator")).toBe(200)
  })
})
