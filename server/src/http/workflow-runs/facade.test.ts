import type { Approval, Run, RunSummary, Step } from "@waybill/contract"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { type AnswerCheck, answerCheck } from "../../testing/answer-schemas.ts"
import { keptKey } from "../../testing/kept-key.ts"
import { AT, approvalRow, runRow, stepRow } from "../../testing/rows.ts"
import { type TestServer, testServer } from "../../testing/test-server.ts"

let server: TestServer
/** Every answer in this file is held against the schema that the server documents for it. */
let fits: AnswerCheck

beforeAll(async () => {
  server = await testServer()
  await server.app.ready()
  fits = answerCheck(server.app.swagger())
})
beforeEach(() => server.engine.reset())
afterAll(() => server.app.close())

const local = { id: "user:local", teams: ["sre"], role: "admin" }

async function call(
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const text = typeof body === "string" ? body : body === undefined ? undefined : JSON.stringify(body)
  const response = await server.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: { ...(text !== undefined && { "content-type": "application/json" }), ...headers },
    ...(text !== undefined && { payload: text }),
  })
  const answer = (response.body === "" ? null : JSON.parse(response.body)) as unknown
  expect(fits(method, `/api/v1${path.split("?")[0]}`, response.statusCode, answer)).toEqual([])
  return { status: response.statusCode, headers: response.headers, body: answer }
}

const asked = () => server.engine.asked[0]

describe("starting a run", () => {
  test("hands every field to the engine, with defaults for what is not said", async () => {
    const full = {
      workflowId: "greet",
      version: 3,
      input: { a: [1, null] },
      environment: "prod",
      businessEventId: "be",
      correlationId: "co",
      parentRunId: "run_p",
      tags: ["x"],
      startPaused: true,
    }
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    await call("POST", "/workflow-runs", full, { traceparent })
    await call("POST", "/workflow-runs", { workflowId: "greet" })
    expect(server.engine.asked.map((one) => one.with[1])).toEqual([
      { ...full, traceparent, trigger: { kind: "api" } },
      {
        workflowId: "greet",
        version: null,
        input: {},
        environment: "default",
        businessEventId: null,
        correlationId: null,
        parentRunId: null,
        tags: [],
        startPaused: false,
        traceparent: null,
        trigger: { kind: "api" },
      },
    ])
  })

  test("answers 201 with the run, its place and the position a read must reach", async () => {
    const { status, body, headers } = await call("POST", "/workflow-runs", {
      workflowId: "greet",
      input: { who: "Ada" },
    })
    expect(status).toBe(201)
    expect(headers.location).toBe("/api/v1/workflow-runs/run_1")
    expect(headers["x-waybill-position"]).toBe("2")
    expect(body).toMatchObject({
      runId: "run_1",
      status: "COMPLETED",
      input: { who: "Ada" },
      output: { who: "Ada" },
      context: { n: 9 },
      createdAt: "2026-11-20T09:30:00.125Z",
      durationMs: 7,
      trigger: { kind: "api" },
      error: null,
    } satisfies Partial<Run>)
  })

  test("waits only when asked to, and no longer", async () => {
    await call("POST", "/workflow-runs", { workflowId: "greet" })
    expect(server.engine.asked.map((one) => one.what)).toEqual(["start"])
    await call("POST", "/workflow-runs?wait=2.5", { workflowId: "greet" })
    expect(server.engine.asked.at(-1)).toEqual({ what: "settled", with: ["run_2", 2500] })
  })

  test.each([
    "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
    "nonsense",
  ])("a traceparent that is not valid is left out: %s", async (traceparent) => {
    await call("POST", "/workflow-runs", { workflowId: "greet" }, { traceparent })
    expect(asked()?.with[1]).toMatchObject({ traceparent: null })
  })

  test.each([
    ["no workflow", {}],
    ["a workflow that is no text", { workflowId: 7 }],
    ["a version that is neither text nor a whole number", { workflowId: "greet", version: 1.5 }],
    ["tags that are no list", { workflowId: "greet", tags: "x" }],
    ["a list", []],
  ])("refuses %s", async (_name, body) => {
    const { status, body: problem } = await call("POST", "/workflow-runs", body)
    expect([status, (problem as { code: string }).code]).toEqual([400, "invalid_request"])
    expect(server.engine.asked).toEqual([])
  })
})

describe("an Idempotency-Key", () => {
  const keyed = (path: string, body: unknown, key = "k1") => call("POST", path, body, { "idempotency-key": key })
  const header = () => {
    const write = server.engine.asked.findLast((one) => one.what !== "settled")
    return write?.with.at(-1) as { scope: string; key: string; bodyHash: string }
  }

  test("goes to the engine with the scope of workspace, credential and route, and a hash of what it stands for", async () => {
    await keyed("/workflow-runs", { workflowId: "greet" })
    expect(header()).toEqual({
      scope: '["default","open","POST /api/v1/workflow-runs"]',
      key: keptKey("k1"),
      bodyHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      before: [{ key: expect.not.stringContaining(keptKey("k1")), bodyHash: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    })
  })

  test("is replayed with 200 instead of 201", async () => {
    expect((await keyed("/workflow-runs", { workflowId: "greet" }, "seen-before")).status).toBe(200)
  })

  test("the same body to another run is another request; another wait is the same one", async () => {
    server.engine.rows.set("run_a", runRow({ runId: "run_a" }))
    server.engine.rows.set("run_b", runRow({ runId: "run_b" }))
    await keyed("/workflow-runs/run_a/cancel", { reason: "x" })
    const a = header()
    await keyed("/workflow-runs/run_b/cancel", { reason: "x" })
    const b = header()
    expect(a.scope).toBe(b.scope)
    expect(a.bodyHash).not.toBe(b.bodyHash)
    await keyed("/workflow-runs?wait=1", { workflowId: "greet" })
    const first = header()
    await keyed("/workflow-runs?wait=2", { workflowId: "greet" })
    expect(header()).toEqual(first)
  })

  test("covers every write that the engine can replay", async () => {
    server.engine.rows.set("run_1", runRow())
    server.engine.approvals.set("appr_1", approvalRow())
    const writes: [string, unknown][] = [
      ["/workflow-runs/run_1/pause", {}],
      ["/workflow-runs/run_1/resume", {}],
      ["/workflow-runs/run_1/cancel", {}],
      ["/workflow-runs/run_1/signals", { name: "go" }],
      ["/workflow-runs/run_1/retry-now", {}],
      ["/workflow-runs/run_1/rerun", { reason: "again" }],
      ["/workflow-runs/run_1/approvals/appr_1/approve", {}],
      ["/workflow-runs/run_1/approvals/appr_1/decide", { outcome: "approve" }],
      ["/workflow-runs/run_1/approvals/appr_1/delegate", { to: "user:b" }],
    ]
    for (const [path, body] of writes) {
      server.engine.asked.length = 0
      await keyed(path, body)
      expect([path, header().key]).toEqual([path, keptKey("k1")])
    }
  })
})

describe("reading runs", () => {
  test("a list translates its filters, other doors' spellings too", async () => {
    const { status, body } = await call(
      "GET",
      "/workflow-runs?workflowId=a,b&status=running,canceled,waiting_human&env=prod&tag=x&from=2026-11-20&to=2026-11-21T00:00:00Z&hitl=approved&owner=user:ann&resolution=open,wont_fix&origin=live,replay&q=oops&sort=duration&cursor=c&limit=7",
    )
    expect(status).toBe(200)
    expect(asked()?.with).toEqual([
      {
        workflowId: ["a", "b"],
        status: ["RUNNING", "CANCELLED", "WAITING_APPROVAL"],
        environment: ["prod"],
        version: [],
        from: Date.UTC(2026, 10, 20),
        to: Date.UTC(2026, 10, 21),
        tag: ["x"],
        q: "oops",
        errorCode: [],
        hitl: ["approved"],
        actor: [],
        owner: ["user:ann"],
        resolution: ["open", "wont_fix"],
        origin: ["live", "replay"],
        correlationId: null,
        traceId: null,
        businessEventId: null,
        parentRunId: null,
        terms: [],
      },
      "duration",
      "c",
      7,
      [],
    ])
    expect(body).toEqual({ items: [], nextCursor: "next" })
  })

  test("a list takes tags as patterns in slashes beside a query, and no time that ends before it begins", async () => {
    await call("GET", "/workflow-runs?tag=%2F%5Eq%5B1-4%5D%2F&query=status:failed")
    expect(asked()?.with[0]).toMatchObject({
      tag: [],
      terms: [
        { negated: false, test: { field: "tag", any: [{ kind: "pattern" }] } },
        { negated: false, test: { field: "status" } },
      ],
    })
    expect((await call("GET", "/workflow-runs?tag=%2F%28%2F")).body).toMatchObject({ errors: [{ pointer: "/tag" }] })
    expect((await call("GET", "/workflow-runs?from=2026-11-21&to=2026-11-20")).body).toMatchObject({
      code: "invalid_request",
      errors: [{ pointer: "/to" }],
    })
  })

  test("a list's item tells what it waits for, what went wrong, and what this caller may do", async () => {
    server.engine.rows.set(
      "run_1",
      runRow({
        status: "FAILED",
        completedAt: AT + 1500,
        succeededCount: 2,
        errorCode: "boom",
        errorClass: "bug",
        errorMessage: "it broke",
        errorStep: "hello",
        tags: '["a"]',
        blockedOn: JSON.stringify([
          { kind: "approval", since: AT, until: AT + 1000, who: ["team:sre"], stepId: "step_1", name: "gate" },
        ]),
        blockedCount: 1,
      }),
    )
    const { body } = await call("GET", "/workflow-runs")
    expect((body as { items: RunSummary[] }).items[0]).toMatchObject({
      durationMs: 1500,
      error: { code: "boom", class: "bug", detail: "it broke", step: "hello" },
      derived: { partial: true, stalled: false, late: false },
      tags: ["a"],
      blockedOn: [
        {
          kind: "approval",
          since: "2026-11-20T09:30:00.125Z",
          until: "2026-11-20T09:30:01.125Z",
          who: ["team:sre"],
          stepId: "step_1",
          name: "gate",
        },
      ],
      actions: [
        { name: "cancel", allowed: false },
        { name: "resume", allowed: false, reason: "the run is not paused" },
      ],
    })
  })

  test("a failed run read by id has the whole error that was recorded", async () => {
    server.engine.commit("run_9", "run.created", {
      input: { value: 1 },
      trigger: { kind: "schedule", cron: "* * * * *" },
    })
    const error = {
      type: "urn:x",
      class: "bug",
      code: "boom",
      title: "Boom",
      detail: "it broke",
      cause: { code: "deeper" },
      data: { seen: 1 },
    }
    server.engine.commit("run_9", "run.failed", { error }, { status: "FAILED", completedAt: AT + 1, errorCode: "boom" })
    const { body } = await call("GET", "/workflow-runs/run_9")
    expect(body).toMatchObject({ error, trigger: { kind: "schedule", cron: "* * * * *" }, output: null })
  })

  test("a run is read without its values, or without its context alone: of a long run they are megabytes", async () => {
    server.engine.commit("run_9", "run.created", { input: { value: 1 }, trigger: { kind: "api", key: "k" } })
    const { body: whole } = await call("GET", "/workflow-runs/run_9")
    expect(whole).toMatchObject({ input: 1, output: null })
    const { input, context, output, ...head } = whole as unknown as Run
    expect(context).toBeDefined()
    expect((await call("GET", "/workflow-runs/run_9?values=false")).body).toEqual(head)
    expect((await call("GET", "/workflow-runs/run_9?context=false")).body).toEqual({ ...head, input, output })
    expect((await call("GET", "/workflow-runs/run_9?values=none")).status).toBe(400)
  })

  test("a cursor the engine does not know is refused", async () => {
    server.engine.rejection = { code: "cursor_mismatch", message: "another filter" }
    expect((await call("GET", "/workflow-runs?cursor=zzz")).status).toBe(400)
  })

  test.each(["", "/steps", "/events", "/context", "/context/diff?from=1", "/timeline", "/approvals", "/stream"])(
    "of a run that does not exist there is no …%s",
    async (path) => {
      const { status, body } = await call("GET", `/workflow-runs/run_x${path}`)
      expect([status, (body as { code: string }).code]).toEqual([404, "run_not_found"])
    },
  )
})

describe("the history of a run", () => {
  test("steps carry their attempts, with input and output wherever the events keep them", async () => {
    const { engine } = server
    engine.commit("run_1", "run.created", {})
    engine.commit("run_1", "run.started", {})
    const ofStep = (type: string, payload: unknown, at: number) => {
      const event = engine.commit("run_1", type, payload)
      engine.log[engine.log.length - 1] = { ...event, stepId: "step_1", at }
    }
    ofStep("state.entered", {}, AT)
    ofStep(
      "step.scheduled",
      {
        attempt: 1,
        agent: "greeter",
        agentRunId: "agr_1",
        spanId: "bb",
        input: { value: { who: "Ada" } },
        inputSeq: null,
      },
      AT + 1,
    )
    ofStep("step.started", { attempt: 1, delivery: 1, fence: 1, owner: "host" }, AT + 3)
    const models = [{ model: "gpt-4o-mini", provider: "openai", parameters: { temperature: 0 }, tokens: 5 }]
    ofStep(
      "step.succeeded",
      { attempt: 1, fence: 1, output: { blob: "b1", bytes: 99_999 }, usage: { tokens: 5, models } },
      AT + 10,
    )
    ofStep("state.exited", { status: "SUCCEEDED", next: null }, AT + 10)
    engine.steps.set("run_1", [
      stepRow({ status: "SUCCEEDED", completedAt: AT + 10, inputSeq: 4, outputSeq: 6, itemIndex: "[3]" }),
    ])
    const { body } = await call("GET", "/workflow-runs/run_1/steps")
    const [step] = (body as { items: Step[] }).items
    expect(step).toMatchObject({
      name: "hello",
      input: { who: "Ada" },
      output: "the blob b1",
      index: [3],
      queueMs: 5,
      durationMs: 5,
      model: "gpt-4o-mini",
      provider: "openai",
      seq: 3,
    })
    expect(step?.attempts).toEqual([
      {
        attempt: 1,
        status: "SUCCEEDED",
        agent: "greeter",
        agentRunId: "agr_1",
        spanId: "bb",
        error: null,
        retryDelayMs: null,
        scheduledAt: new Date(AT + 1).toISOString(),
        startedAt: new Date(AT + 3).toISOString(),
        completedAt: new Date(AT + 10).toISOString(),
        durationMs: 7,
        queueMs: 2,
        usage: { tokens: 5, computeMs: 0, costUsd: 0 },
        models: [{ ...models[0], tokens: undefined, usage: { tokens: 5, computeMs: 0, costUsd: 0 } }],
        deliveries: [
          {
            delivery: 1,
            fence: 1,
            owner: "host",
            startedAt: new Date(AT + 3).toISOString(),
            lostAt: null,
            lostReason: null,
          },
        ],
      },
    ])
  })

  test("long lists come in pages that join without gap or double", async () => {
    const { engine } = server
    for (let i = 0; i < 7; i++) engine.commit("run_1", "state.entered", { i })
    engine.steps.set(
      "run_1",
      [3, 4, 5, 6].map((seq) => stepRow({ stepId: `step_${seq}`, firstSeq: seq, scheduledAt: null })),
    )
    const all = async (path: string, id: string) => {
      const seen: unknown[] = []
      let cursor: string | null = null
      do {
        const { body } = await call(
          "GET",
          `/workflow-runs/run_1/${path}?limit=2${cursor === null ? "" : `&cursor=${cursor}`}`,
        )
        const page = body as { items: Record<string, unknown>[]; nextCursor: string | null }
        seen.push(...page.items.map((item) => item[id]))
        cursor = page.nextCursor
      } while (cursor !== null)
      return seen
    }
    expect(await all("steps", "stepId")).toEqual(["step_3", "step_4", "step_5", "step_6"])
    expect(await all("events", "seq")).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  test("events are given exactly as they are stored, after a place and of the types asked for", async () => {
    const { engine } = server
    engine.commit("run_1", "run.created", { ünï: 1.5 })
    engine.commit("run_1", "run.paused", { reason: null })
    engine.log[1] = { ...engine.log[1]!, payload: null }
    const { body } = await call("GET", "/workflow-runs/run_1/events")
    expect((body as { items: unknown[] }).items).toEqual([
      {
        seq: 1,
        type: "run.created",
        at: "2026-11-20T09:30:00.125Z",
        actor: "user:local",
        stepId: null,
        payload: { ünï: 1.5 },
        hash: "e".repeat(64),
      },
      {
        seq: 2,
        type: "run.paused",
        at: "2026-11-20T09:30:00.126Z",
        actor: "user:local",
        stepId: null,
        payload: null,
        hash: "e".repeat(64),
      },
    ])
    expect((await call("GET", "/workflow-runs/run_1/events?after=1")).body).toMatchObject({ items: [{ seq: 2 }] })
    expect((await call("GET", "/workflow-runs/run_1/events?type=run.created,step.lost")).body).toMatchObject({
      items: [{ seq: 1 }],
    })
    expect(await call("GET", "/workflow-runs/run_1/events?type=step.suceeded")).toMatchObject({
      status: 400,
      body: { code: "invalid_request", errors: [{ pointer: "/type", hint: "Did you mean step.succeeded?" }] },
    })
  })

  test("the context at a point, what changed between two, and the timeline", async () => {
    server.engine.rows.set("run_1", runRow({ seq: 6 }))
    expect((await call("GET", "/workflow-runs/run_1/context?at=4")).body).toEqual({
      runId: "run_1",
      seq: 4,
      value: { n: 4 },
      scopes: [],
      writers: { n: "step_1" },
    })
    expect((await call("GET", "/workflow-runs/run_1/context/diff?from=4&to=6")).body).toEqual({
      runId: "run_1",
      from: 4,
      to: 6,
      changes: [{ pointer: "/n", op: "changed", from: 4, to: 6 }],
      truncated: false,
    })
    expect((await call("GET", "/workflow-runs/run_1/timeline")).body).toMatchObject({
      lanes: [{ id: "step_1", seq: 2, from: "2026-11-20T09:30:00.125Z", to: null }],
      segments: [{ lane: "step_1", from: "2026-11-20T09:30:00.125Z", to: null }],
    })
    expect((await call("GET", "/workflow-runs/run_1/context?at=0")).status).toBe(400)
    expect((await call("GET", "/workflow-runs/run_1/steps?cursor=abc")).status).toBe(400)
  })
})

describe("what people do to a run", () => {
  const commands: [string, unknown, string, unknown[], number][] = [
    ["pause", { reason: "lunch" }, "pause", [local, "run_1", "lunch", null], 200],
    ["resume", undefined, "resume", [local, "run_1", null, null], 200],
    [
      "cancel",
      { reason: "enough", force: true },
      "cancel",
      [local, "run_1", { reason: "enough", force: true }, null],
      200,
    ],
    [
      "signals",
      { name: "go", id: "s1", data: { x: 1 } },
      "signal",
      [local, "run_1", { name: "go", id: "s1", data: { x: 1 } }, null],
      202,
    ],
    [
      "signals",
      { name: "go", id: "seen-before" },
      "signal",
      [local, "run_1", { name: "go", id: "seen-before", data: null }, null],
      200,
    ],
    ["retry-now", undefined, "retryNow", [local, "run_1", null, null], 200],
    ["retry-now", { stepId: "step_1" }, "retryNow", [local, "run_1", "step_1", null], 200],
    [
      "rerun",
      { reason: "again", from: "failed", version: "2.0", contextPatch: { a: null } },
      "rerun",
      [
        local,
        "run_1",
        { reason: "again", from: "failed", version: "2.0", inputPatch: null, contextPatch: { a: null } },
        null,
      ],
      201,
    ],
    [
      "rerun?dryRun=true",
      { reason: "again" },
      "planRerun",
      [local, "run_1", { reason: "again", from: null, version: null, inputPatch: null, contextPatch: null }],
      200,
    ],
  ]

  test.each(commands)("%s %o", async (path, body, what, args, status) => {
    server.engine.rows.set("run_1", runRow())
    const response = await call("POST", `/workflow-runs/run_1/${path}`, body)
    expect(response.status).toBe(status)
    expect(asked()).toEqual({ what, with: args })
    if (what === "planRerun")
      expect(response.body).toEqual({
        workflowId: "greet",
        versionNumber: 1,
        from: null,
        reused: ["a"],
        actsAgain: ["b"],
        steps: [
          { stepId: "step_1", name: "c", branchPath: "b/left", what: "agent", agent: "greeter", status: "SUCCEEDED" },
        ],
        stepsCount: 1,
        input: { x: 1 },
      })
    else expect(response.body).toMatchObject({ runId: "run_1" })
  })

  test.each(commands)("%s of an unknown run is 404: %o", async (path, body) => {
    expect((await call("POST", `/workflow-runs/run_x/${path}`, body)).status).toBe(404)
  })

  test.each([
    ["pause", { reason: 7 }],
    ["cancel", { force: "yes" }],
    ["signals", {}],
    ["signals", { name: "" }],
    ["rerun", {}],
    ["rerun", { reason: "" }],
  ])("%s refuses %o", async (path, body) => {
    server.engine.rows.set("run_1", runRow())
    expect((await call("POST", `/workflow-runs/run_1/${path}`, body)).status).toBe(400)
    expect(server.engine.asked).toEqual([])
  })
})

describe("approvals", () => {
  beforeEach(() => {
    server.engine.rows.set("run_1", runRow())
    server.engine.approvals.set("appr_1", approvalRow({ requestedSeq: 1 }))
    server.engine.rows.set("run_1", runRow({ seq: 0 }))
    server.engine.commit("run_1", "approval.requested", { summary: { value: { cost: 12 } }, form: { type: "object" } })
  })

  test("show what was asked, and what this caller may do", async () => {
    const { body } = await call("GET", "/workflow-approvals/appr_1")
    expect(body).toMatchObject({
      approvalId: "appr_1",
      summary: { cost: 12 },
      formSchema: { type: "object" },
      approvers: ["team:sre"],
      decidedBy: [],
      dueAt: "2026-11-20T09:31:00.125Z",
      sla: { state: "warning", warnAt: "2026-11-20T09:30:00.125Z", breachAt: "2026-11-20T09:31:00.125Z" },
      remindersSent: 1,
      nextEscalationAt: null,
      escalations: [{ at: "2026-11-20T09:30:00.125Z", to: ["team:leads"] }],
      actions: [{ name: "approve", allowed: true }],
    } satisfies Partial<Approval>)
  })

  test("the inbox shows what is pending unless asked otherwise, and knows who 'me' is", async () => {
    await call("GET", "/workflow-approvals?assignee=me&workflowId=greet&env=prod")
    await call("GET", "/workflow-approvals?state=approved,rejected&assignee=team:sre")
    await call("GET", "/workflow-runs/run_1/approvals")
    expect(server.engine.asked.map((one) => one.with[0])).toEqual([
      {
        runId: null,
        state: ["pending"],
        sort: "-requestedAt",
        workflowId: "greet",
        environment: "prod",
        assignees: ["user:local", "team:sre"],
        cursor: null,
        limit: 50,
      },
      {
        runId: null,
        state: ["approved", "rejected"],
        sort: "-requestedAt",
        workflowId: null,
        environment: null,
        assignees: ["team:sre"],
        cursor: null,
        limit: 50,
      },
      { runId: "run_1", state: [], workflowId: null, environment: null, assignees: [], cursor: null, limit: 50 },
    ])
    server.engine.asked.length = 0
    await call("GET", "/workflow-approvals?sort=dueAt")
    expect(server.engine.asked).toMatchObject([{ with: [{ state: ["pending"], sort: "dueAt" }] }])
    expect((await call("GET", "/workflow-approvals?sort=dueAt&state=approved")).status).toBe(400)
    expect((await call("GET", "/workflow-approvals?state=maybe")).status).toBe(400)
  })

  test.each([
    ["approve", undefined, { outcome: "approve", comment: null, form: null, contentHash: null }],
    ["reject", { comment: "no" }, { outcome: "reject", comment: "no", form: null, contentHash: null }],
    [
      "revise",
      { form: { a: 1 }, contentHash: "abc" },
      { outcome: "revise", comment: null, form: { a: 1 }, contentHash: "abc" },
    ],
    ["decide", { outcome: "later", comment: "c" }, { outcome: "later", comment: "c", form: null, contentHash: null }],
  ])("%s %o", async (path, body, decision) => {
    const response = await call("POST", `/workflow-runs/run_1/approvals/appr_1/${path}`, body)
    expect(response.status).toBe(200)
    expect(asked()).toEqual({ what: "decideApproval", with: [local, "run_1", "appr_1", decision, null] })
    expect(response.body).toMatchObject({ state: "approved", outcome: decision.outcome, decidedBy: ["user:local"] })
  })

  test("delegate names the one who decides instead", async () => {
    const response = await call("POST", "/workflow-runs/run_1/approvals/appr_1/delegate", { to: "user:b" })
    expect(response.body).toMatchObject({ approvers: ["user:b"] })
    expect((await call("POST", "/workflow-runs/run_1/approvals/appr_1/delegate", {})).status).toBe(400)
  })

  test("the loser of a race gets 409 with the winner", async () => {
    server.engine.rejection = {
      code: "approval_closed",
      message: "decided",
      data: { state: "rejected", decidedBy: ["user:b"] },
    }
    const { status, body } = await call("POST", "/workflow-runs/run_1/approvals/appr_1/approve")
    expect(status).toBe(409)
    expect(body).toMatchObject({ code: "approval_closed", data: { decidedBy: ["user:b"] } })
  })

  test("what a form breaks is said where every problem says it, field by field", async () => {
    const broken = { code: "wrong_type", message: "must be a number, is text", pointer: "/amount" }
    server.engine.rejection = {
      code: "form_invalid",
      message: "the form breaks its schema",
      data: { errors: [broken] },
    }
    const { status, body } = await call("POST", "/workflow-runs/run_1/approvals/appr_1/approve")
    expect(status).toBe(422)
    expect(body).toMatchObject({ code: "form_invalid", errors: [broken], data: { errors: [broken] } })
  })

  test.each(["approve", "reject", "revise"])("%s of an unknown approval is 404", async (path) => {
    expect((await call("POST", `/workflow-runs/run_1/approvals/nope/${path}`)).status).toBe(404)
  })

  test("an unknown approval is 404", async () => {
    expect((await call("GET", "/workflow-approvals/nope")).status).toBe(404)
  })
})

describe("workflows", () => {
  const yaml = { "content-type": "application/yaml" }

  test("a definition goes to its reader as it came, as YAML or as JSON, even when it is neither", async () => {
    await call("POST", "/workflows?env=prod&note=first", "id: greet\nid: twice", yaml)
    await call("PUT", "/workflows/greet", '{"a":1,"a":2')
    expect(server.engine.asked.map((one) => one.with.slice(0, 2))).toEqual([
      [
        local,
        {
          environment: "prod",
          workflowId: null,
          text: "id: greet\nid: twice",
          format: "yaml",
          expectNew: true,
          note: "first",
        },
      ],
      [
        local,
        {
          environment: "default",
          workflowId: "greet",
          text: '{"a":1,"a":2',
          format: "json",
          expectNew: false,
          note: null,
        },
      ],
    ])
  })

  test("creating answers 201 with its place", async () => {
    const { status, headers, body } = await call("POST", "/workflows", "id: greet", yaml)
    expect([status, headers.location]).toEqual([201, "/api/v1/workflows/greet?env=default"])
    expect(body).toMatchObject({ workflowId: "greet", versionNumber: 1, createdAt: "2026-11-20T09:30:00.125Z" })
  })

  test("validating stores nothing and names the file", async () => {
    const { body } = await call("POST", "/workflows/validate?file=a.workflow.yaml", "id: greet", yaml)
    expect(body).toEqual({ valid: true, workflowId: "greet", problems: [] })
    expect(asked()).toEqual({ what: "validate", with: ["default", "id: greet", "yaml", "a.workflow.yaml"] })
  })

  test.each([
    ["POST", "/workflows"],
    ["PUT", "/workflows/greet"],
    ["POST", "/workflows/validate"],
  ] as const)("%s %s without a body is 400, with another type 415", async (method, path) => {
    expect((await call(method, path)).status).toBe(400)
    expect((await call(method, path, "x", { "content-type": "text/plain" })).status).toBe(415)
  })

  test("a list, one with its text, its versions and what changed between them", async () => {
    expect((await call("GET", "/workflows?status=active&sync=none&q=gr")).body).toMatchObject({
      items: [{ workflowId: "greet" }],
      total: { value: 1, exact: true },
    })
    expect(asked()?.with[0]).toEqual({
      environment: "default",
      status: "active",
      q: "gr",
      sync: "none",
      cursor: null,
      limit: 50,
    })
    expect((await call("GET", "/workflows/greet")).body).toMatchObject({
      workflowId: "greet",
      format: "yaml",
      text: "id: greet\n",
      definition: { id: "greet" },
    })
    expect((await call("GET", "/workflows/greet/versions")).body).toMatchObject({
      items: [{ versionNumber: 2 }, { versionNumber: 1 }],
      nextCursor: null,
    })
    expect((await call("GET", "/workflows/greet/versions?limit=1")).body).toMatchObject({
      items: [{ versionNumber: 2 }],
      nextCursor: "2",
    })
    expect((await call("GET", "/workflows/greet/versions?limit=1&cursor=2")).body).toMatchObject({
      items: [{ versionNumber: 1 }],
      nextCursor: null,
    })
    expect((await call("GET", "/workflows/greet/versions/1")).body).toMatchObject({
      versionNumber: 1,
      text: "id: greet\n",
    })
    expect((await call("GET", "/workflows/greet/versions/1...2")).body).toMatchObject({
      from: { versionNumber: 1 },
      to: { versionNumber: 2 },
      changes: [{ pointer: "/states", op: "added", to: [] }],
    })
  })

  test("what is not there is 404, each with its own code", async () => {
    const code = async (path: string) => ((await call("GET", path)).body as { code: string }).code
    expect(await code("/workflows/nope")).toBe("workflow_not_found")
    expect(await code("/workflows/nope/versions")).toBe("workflow_not_found")
    expect(await code("/workflows/nope/versions/1")).toBe("workflow_not_found")
    expect(await code("/workflows/greet/versions/99")).toBe("version_not_found")
    expect(await code("/workflows/greet/versions/1...99")).toBe("version_not_found")
    expect((await call("GET", "/workflows/greet/versions/latest")).status).toBe(400)
    for (const path of ["disable", "enable", "versions/1/rollback"])
      expect((await call("POST", `/workflows/nope/${path}`)).status).toBe(404)
    expect((await call("DELETE", "/workflows/nope")).status).toBe(404)
  })

  test("disable, enable, rollback and delete", async () => {
    expect((await call("POST", "/workflows/greet/disable")).body).toMatchObject({ status: "disabled" })
    expect((await call("POST", "/workflows/greet/enable?env=prod")).body).toMatchObject({ status: "active" })
    expect((await call("POST", "/workflows/greet/versions/1/rollback")).body).toMatchObject({ versionNumber: 2 })
    expect((await call("DELETE", "/workflows/greet")).status).toBe(204)
    expect(server.engine.asked.map((one) => [one.what, ...one.with.slice(1)])).toEqual([
      ["setStatus", "default", "greet", "disabled", null],
      ["setStatus", "prod", "greet", "active", null],
      ["rollback", "default", "greet", 1, null],
      ["remove", "default", "greet", null],
    ])
    server.engine.rejection = { code: "workflow_has_runs", message: "runs exist", hint: "disable it" }
    expect(await call("DELETE", "/workflows/greet")).toMatchObject({ status: 409, body: { hint: "disable it" } })
  })
})

describe("expressions, agents and files", () => {
  test("an expression over a run, at an event", async () => {
    expect((await call("POST", "/expr", { expression: "a + 1", runId: "run_1", at: 3 })).body).toEqual({
      value: 42,
      runId: "run_1",
      at: 3,
    })
    expect(asked()?.with).toEqual(["a + 1", "run_1", 3])
    expect((await call("POST", "/expr", { expression: "" })).status).toBe(400)
  })

  test("agents of an environment", async () => {
    expect((await call("GET", "/agents?env=prod")).body).toMatchObject({
      items: [{ name: "greeter", environment: "prod", inputSchema: { type: "object" } }],
      nextCursor: null,
    })
    expect((await call("GET", "/agents/greeter")).body).toMatchObject({ name: "greeter" })
    expect(await call("GET", "/agents/nobody")).toMatchObject({ status: 404, body: { code: "agent_not_found" } })
  })

  test("sync shows the plan or applies it", async () => {
    expect((await call("POST", "/environments/prod/sync", { dryRun: true })).body).toMatchObject({
      environment: "prod",
      applied: false,
      changes: [{ action: "create" }],
    })
    expect((await call("POST", "/environments/prod/sync")).body).toMatchObject({ applied: true })
    expect(server.engine.asked.map((one) => one.with[1])).toEqual([
      { environment: "prod", dryRun: true, force: false, prune: false },
      { environment: "prod", dryRun: false, force: false, prune: false },
    ])
    expect((await call("POST", "/environments/prod/sync", { dryrun: true })).status).toBe(400)
  })
})

describe("looking after the store", () => {
  test("verify, fsck, rebuild, backup and resume", async () => {
    expect((await call("POST", "/admin/verify", { runId: "run_1" })).body).toMatchObject({
      findings: [{ runId: "run_1", seq: 2, what: "gap" }],
    })
    expect((await call("POST", "/admin/fsck")).body).toEqual({ runs: 1, findings: [], skipped: [] })
    expect((await call("POST", "/admin/rebuild")).body).toMatchObject({ changed: 0 })
    expect(await call("POST", "/admin/backup", { name: "friday.db" })).toMatchObject({
      status: 201,
      body: { file: "/data/backups/friday.db" },
    })
    expect((await call("POST", "/admin/resume-all")).body).toEqual({ resumed: true })
  })

  test.each(["../escape", "/etc/passwd", "a/b", ".hidden", ""])("a backup cannot be sent to %o", async (name) => {
    expect((await call("POST", "/admin/backup", { name })).status).toBe(400)
    expect(server.engine.asked).toEqual([])
  })
})
