import { cpSync, readdirSync } from "node:fs"
import { createServer } from "node:net"
import { join } from "node:path"
import type { Approval, Event, Run, RunPage, Step, StepPage } from "@waybill/contract"
import { StoreOpenError } from "@waybill/engine/adapters/sqlite/errors"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { ListenError } from "./listen.ts"
import type { RunningServer } from "./main.ts"
import { exitCodeOf } from "./serve.ts"
import { type AnswerCheck, answerCheck } from "./testing/answer-schemas.ts"
import { ask, type Place, place } from "./testing/real-server.ts"
import { openStream } from "./testing/sse-client.ts"

const greeter = `export default {
  name: "greeter",
  description: "Greets, and fails when asked to.",
  inputSchema: { type: "object", properties: { who: { type: "string" }, failures: { type: "integer" } }, required: ["who"] },
  outputSchema: { type: "object", properties: { greeting: { type: "string" } }, required: ["greeting"] },
  async run({ who, failures = 0 }, { attempt }) {
    if (attempt <= failures) throw Object.assign(new Error("not yet"), { code: "ECONNRESET" })
    return { greeting: "hello " + who }
  },
}`
const workflow = (id: string, states: string, more = "") =>
  `id: ${id}\nversion: "1.0"\nname: ${id}\n${more}start: first\nstates:\n${states}`
const greet = `  - name: first
    type: operation
    action: agent.run
    input: { agent: greeter, task: greet, variables: { who: "{{ ctx.who }}", failures: "{{ ctx.failures ?? 0 }}" } }
    retry: { maxAttempts: 3, backoffSeconds: 0 }
    resultPath: steps.first
    end: true
`
const gate = `  - name: first
    type: operation
    action: human.approval
    input: { message: "Greet {{ ctx.who }}?", summaryPath: ctx, approvers: ["user:local"] }
    resultPath: steps.gate
    end: true
`
const listen = `  - name: first
    type: listen
    signal: go
    resultPath: steps.go
    next: second
  - name: second
    type: listen
    signal: stop
    resultPath: steps.stop
    end: true
`

describe("a whole server", () => {
  let at: Place
  let server: RunningServer & { readonly lines: string[] }
  let fits: AnswerCheck
  /** Every answer is held against the schema that the server documents for it. */
  const api = async (method: string, path: string, body?: unknown, headers?: Record<string, string>) => {
    const reply = await ask(server.url, method, path, body, headers)
    expect(fits(method, `/api/v1${path.split("?")[0]}`, reply.status, reply.body)).toEqual([])
    return reply
  }
  const start = async (workflowId: string, input: unknown, wait = 20) =>
    (await api("POST", `/workflow-runs?wait=${wait}`, { workflowId, input })).body as Run

  beforeAll(async () => {
    at = place()
    at.write("agents/greeter.agent.mjs", greeter)
    at.write(
      "workflows/greet.workflow.yaml",
      workflow("greet", greet, "inputSchema: { type: object, required: [who] }\n"),
    )
    at.write("workflows/gate.workflow.yaml", workflow("gate", gate))
    at.write("workflows/listen.workflow.yaml", workflow("listen", listen))
    at.write("workflows/broken.workflow.yaml", "id: broken\nstates: 7\n")
    server = await at.start()
    fits = answerCheck(await (await fetch(`${server.url}/openapi.json`)).json())
  })
  afterAll(async () => {
    await server.close()
    at.remove()
  })

  test("is ready, with the good files loaded and the broken one named in the log", async () => {
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    const { body } = await api("GET", "/workflows")
    const ids = (body as { items: { workflowId: string }[] }).items.map((one) => one.workflowId)
    expect(ids).toEqual(expect.arrayContaining(["gate", "greet", "listen"]))
    expect(server.lines.join("")).toMatch(/broken\.workflow\.yaml:\d+:\d+/)
  })

  test("runs a workflow to its end, and shows how", async () => {
    const run = await start("greet", { who: "Ada", failures: 1 })
    expect(run).toMatchObject({
      status: "COMPLETED",
      input: { who: "Ada" },
      output: { greeting: "hello Ada" },
      context: { who: "Ada", steps: { first: { greeting: "hello Ada" } } },
      counts: { steps: 1, succeeded: 1, retries: 1 },
    })
    const steps = (await api("GET", `/workflow-runs/${run.runId}/steps`)).body as StepPage
    const step = steps.items[0] as Step
    expect(step).toMatchObject({
      name: "first",
      status: "SUCCEEDED",
      input: { who: "Ada", failures: 1 },
      output: { greeting: "hello Ada" },
    })
    expect(step.attempts.map((one) => one.status)).toEqual(["FAILED", "SUCCEEDED"])
    expect(step.attempts[0]?.error).toMatchObject({ class: "transient", detail: "not yet" })
    const context = (await api("GET", `/workflow-runs/${run.runId}/context`)).body as {
      seq: number
      writers: Record<string, string>
    }
    expect(context.seq).toBe(run.seq)
    expect(Object.values(context.writers)).toContain(step.stepId)
    const diff = (await api("GET", `/workflow-runs/${run.runId}/context/diff?from=1`)).body as { changes: unknown[] }
    for (const behind of ["context?at=9999", "context/diff?from=9999", "context/diff?from=1&to=9999"])
      expect(await api("GET", `/workflow-runs/${run.runId}/${behind}`), behind).toMatchObject({
        status: 400,
        body: { code: "invalid_request", errors: [{ hint: `At most ${run.seq}.` }] },
      })
    expect((await api("GET", `/workflow-runs/${run.runId}/context?at=${run.seq}`)).status).toBe(200)
    expect(diff.changes).toContainEqual({ pointer: "/steps", op: "added", to: { first: { greeting: "hello Ada" } } })
    expect(
      (await api("POST", "/expr", { expression: "ctx.steps.first.greeting + '!'", runId: run.runId })).body,
    ).toMatchObject({ value: "hello Ada!" })
  })

  test("says why an input is refused", async () => {
    const { status, body } = await api("POST", "/workflow-runs", { workflowId: "greet", input: {} })
    expect([status, (body as { code: string }).code]).toEqual([422, "input_invalid"])
  })

  test("the same Idempotency-Key starts one run, whatever happens meanwhile", async () => {
    const send = (who: string) =>
      api("POST", "/workflow-runs?wait=20", { workflowId: "greet", input: { who } }, { "idempotency-key": "once" })
    const [a, b] = await Promise.all([send("Ada"), send("Ada")])
    const runs = [a, b].map((reply) => (reply.body as Run).runId)
    expect(runs[0]).toBe(runs[1])
    expect([a.status, b.status].sort()).toEqual([200, 201])
    const other = await send("Bob")
    expect([other.status, (other.body as { code: string }).code]).toEqual([422, "idempotency_key_reused"])
  })

  test("streams a run from its first event to its last, while a person decides", async () => {
    const waiting = await start("gate", { who: "Ada" }, 0)
    const port = Number(new URL(server.url).port)
    const stream = await openStream(port, `/api/v1/workflow-runs/${waiting.runId}/stream`)
    const inbox = async () => {
      const { body } = await api("GET", `/workflow-approvals?assignee=me`)
      return (body as { items: Approval[] }).items.find((one) => one.runId === waiting.runId)
    }
    await stream.until(3)
    const approval = await inbox()
    expect(approval).toMatchObject({ message: "Greet Ada?", summary: { who: "Ada" }, state: "pending" })
    expect(approval?.actions.find((one) => one.name === "approve")).toEqual({ name: "approve", allowed: true })
    const path = `/workflow-runs/${waiting.runId}/approvals/${approval?.approvalId}`
    const first = await api("POST", `${path}/approve`, { comment: "go" })
    expect(first.body).toMatchObject({ state: "approved", decidedBy: ["user:local"], comment: "go" })
    const second = await api("POST", `${path}/reject`)
    expect([second.status, (second.body as { code: string }).code]).toEqual([409, "approval_closed"])
    await stream.ended()
    const { body } = await api("GET", `/workflow-runs/${waiting.runId}/events?limit=200`)
    const events = (body as { items: Event[] }).items
    expect(stream.messages.map((one) => one.data)).toEqual(events)
    expect(events.at(-1)?.type).toBe("run.completed")
    expect((await api("GET", `/workflow-runs/${waiting.runId}`)).body).toMatchObject({
      status: "COMPLETED",
      hitl: "approved",
      output: { outcome: "approve", decidedBy: ["user:local"] },
    })
  })

  test("pauses, takes a signal, resumes, cancels, and runs again", async () => {
    const run = await start("listen", {}, 0)
    const post = (verb: string, body?: unknown) => api("POST", `/workflow-runs/${run.runId}/${verb}`, body)
    expect((await post("pause", { reason: "lunch" })).body).toMatchObject({ status: "PAUSED" })
    expect((await post("pause")).status).toBe(409)
    expect((await post("signals", { name: "go", id: "s1", data: { x: 1 } })).status).toBe(202)
    expect(await post("signals", { name: "go", id: "s1", data: { x: 1 } })).toMatchObject({
      status: 200,
      body: { replayed: true },
    })
    expect((await post("resume")).body).toMatchObject({ status: "WAITING_SIGNAL" })
    expect((await post("signals", { name: "stop", data: { y: 2 } })).status).toBe(202)
    const { body } = await api("GET", `/workflow-runs/${run.runId}?wait=20`)
    expect(body).toMatchObject({ status: "COMPLETED", output: { y: 2 }, context: { steps: { go: { x: 1 } } } })
    const other = await start("listen", {}, 0)
    expect((await api("POST", `/workflow-runs/${other.runId}/cancel`, { reason: "enough" })).status).toBe(200)
    expect((await api("GET", `/workflow-runs/${other.runId}?wait=20`)).body).toMatchObject({ status: "CANCELLED" })
    const plan = await api("POST", `/workflow-runs/${other.runId}/rerun?dryRun=true`, { reason: "again" })
    expect([plan.status, plan.body]).toMatchObject([200, { workflowId: "listen", reused: [] }])
    const again = await api("POST", `/workflow-runs/${other.runId}/rerun`, { reason: "again" })
    expect([again.status, again.body]).toMatchObject([201, { rerunOf: other.runId }])
    await api("POST", `/workflow-runs/${(again.body as Run).runId}/cancel`)
  })

  test("a workflow made over the API gets versions, is rolled back, disabled and deleted", async () => {
    const text = workflow("api-made", listen)
    expect(await api("POST", "/workflows", text)).toMatchObject({
      status: 201,
      body: { versionNumber: 1, source: "api" },
    })
    expect((await api("POST", "/workflows", text)).status).toBe(409)
    expect(await api("PUT", "/workflows/api-made", text)).toMatchObject({ status: 200, body: { versionNumber: 1 } })
    expect(await api("PUT", "/workflows/api-made", text.replace("signal: go", "signal: stop"))).toMatchObject({
      body: { versionNumber: 2 },
    })
    expect((await api("GET", "/workflows/api-made/versions/1...2")).body).toMatchObject({
      changes: [{ pointer: "/states/0/signal", op: "changed", from: "go", to: "stop" }],
    })
    expect(await api("POST", "/workflows/api-made/versions/1/rollback")).toMatchObject({
      status: 200,
      body: { versionNumber: 3 },
    })
    expect((await api("POST", "/workflows/api-made/disable")).body).toMatchObject({ status: "disabled" })
    expect(await api("POST", "/workflow-runs", { workflowId: "api-made" })).toMatchObject({
      status: 409,
      body: { code: "workflow_disabled" },
    })
    expect((await api("DELETE", "/workflows/api-made")).status).toBe(204)
    expect((await api("GET", "/workflows/api-made")).status).toBe(404)
    expect(await api("DELETE", "/workflows/greet")).toMatchObject({ status: 409 })
  })

  test("a workflow that is misspelt is told which was meant", async () => {
    const meant = {
      status: 404,
      body: { code: "workflow_not_found", hint: expect.stringMatching(/Did you mean .?greet/) },
    }
    expect(await api("GET", "/workflows/gret")).toMatchObject(meant)
    expect(await api("POST", "/workflow-runs", { workflowId: "gret" })).toMatchObject(meant)
    expect(await api("POST", "/workflows/gret/disable")).toMatchObject(meant)
  })

  test("a definition with errors is refused with all of them and their places", async () => {
    const { status, body } = await api(
      "POST",
      "/workflows",
      "id: bad\nversion: '1'\nstates:\n  - name: a\n    type: operatoin\n",
    )
    expect(status).toBe(422)
    expect(body).toMatchObject({
      code: "definition_invalid",
      errors: expect.arrayContaining([expect.objectContaining({ line: 5 })]),
    })
    expect((await api("POST", "/workflows/validate", "id: bad\nstates: []\n")).body).toMatchObject({ valid: false })
  })

  test("lists runs by filter, in pages", async () => {
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page = (
        await api(
          "GET",
          `/workflow-runs?workflowId=greet,listen&limit=1${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`,
        )
      ).body as RunPage
      seen.push(...page.items.map((run) => run.runId))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBeGreaterThanOrEqual(4)
    expect(await api("GET", "/workflow-runs?cursor=forged")).toMatchObject({
      status: 400,
      body: { code: "cursor_mismatch" },
    })
    expect((await api("GET", "/workflow-runs?status=canceled&workflowId=listen")).body).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ status: "CANCELLED" })]),
    })
  })

  test("its history verifies, its invariants hold, nothing is rebuilt differently, and a backup is written", async () => {
    expect((await api("POST", "/admin/verify")).body).toMatchObject({ findings: [], erased: 0 })
    expect((await api("POST", "/admin/fsck")).body).toMatchObject({ findings: [] })
    expect((await api("POST", "/admin/rebuild")).body).toMatchObject({ changed: 0, skipped: [] })
    const backup = await api("POST", "/admin/backup", { name: "copy.db" })
    expect(backup).toMatchObject({ status: 201, body: { file: join(at.folder, ".waybill", "backups", "copy.db") } })
    expect(readdirSync(join(at.folder, ".waybill", "backups"))).toContain("copy.db")
  })

  test("what it cannot start twice is told apart", async () => {
    const locked = await at.start().catch((error: unknown) => error)
    expect(locked).toBeInstanceOf(StoreOpenError)
    expect([exitCodeOf(locked), (locked as Error).message]).toEqual([3, expect.stringContaining(String(process.pid))])
    const other = place()
    const taken = await other.start({ port: Number(new URL(server.url).port) }).catch((error: unknown) => error)
    expect(taken).toBeInstanceOf(ListenError)
    expect(exitCodeOf(taken)).toBe(1)
    // Nothing of the failed start holds the folder.
    await (await other.start()).close()
    other.remove()
  })

  test("a body that is too large is answered, not cut off", async () => {
    const reply = await api("POST", "/workflow-runs", { workflowId: "greet", input: { who: "x".repeat(10_000_000) } })
    expect([reply.status, (reply.body as { code: string }).code]).toEqual([413, "payload_too_large"])
  })

  test("what is not HTTP is answered as a problem too", async () => {
    const { connect } = await import("node:net")
    const text = await new Promise<string>((resolve, reject) => {
      let got = ""
      const socket = connect(Number(new URL(server.url).port), "127.0.0.1", () => socket.end("NONSENSE\r\n\r\n"))
      socket.setEncoding("utf8")
      socket.on("data", (part) => {
        got += part
      })
      socket.on("close", () => resolve(got))
      socket.on("error", reject)
    })
    expect(text).toContain("400 Bad Request")
    expect(text).toContain("application/problem+json")
  })
})

describe("a server that ends and starts again", () => {
  test("goes on with what waited, and keeps its definitions", async () => {
    const at = place()
    at.write("workflows/gate.workflow.yaml", workflow("gate", gate))
    const first = await at.start()
    const { runId } = (await ask(first.url, "POST", "/workflow-runs", { workflowId: "gate", input: { who: "Ada" } }))
      .body as Run
    await first.close()
    await first.close()
    const second = await at.start()
    const { items } = (await ask(second.url, "GET", "/workflow-approvals")).body as { items: Approval[] }
    expect(items.map((one) => one.runId)).toEqual([runId])
    await ask(second.url, "POST", `/workflow-runs/${runId}/approvals/${items[0]?.approvalId}/approve`)
    expect((await ask(second.url, "GET", `/workflow-runs/${runId}?wait=20`)).body).toMatchObject({
      status: "COMPLETED",
    })
    await second.close()
    at.remove()
  })

  test("comes back from a backup with its large values, and hands nothing out until somebody has looked", async () => {
    const at = place()
    at.write("agents/greeter.agent.mjs", greeter)
    at.write(
      "workflows/gate.workflow.yaml",
      workflow("gate", gate.replace("end: true", "next: greet") + greet.replace("first\n", "greet\n")),
    )
    const first = await at.start()
    const input = { who: "Ada", note: "x".repeat(100_000) }
    const { runId } = (await ask(first.url, "POST", "/workflow-runs", { workflowId: "gate", input })).body as Run
    expect((await ask(first.url, "POST", "/admin/backup", { name: "b.db" })).status).toBe(201)
    await first.close()
    const restored = place()
    restored.write("agents/greeter.agent.mjs", greeter)
    const backups = join(at.folder, ".waybill", "backups")
    cpSync(join(backups, "b.db"), join(restored.folder, ".waybill", "waybill.db"))
    cpSync(join(backups, "b.db.blobs"), join(restored.folder, ".waybill", "blobs"), { recursive: true })
    const second = await restored.start()
    expect(((await (await fetch(`${second.url}/readyz`)).json()) as { reasons: string[] }).reasons.join()).toContain(
      "restored",
    )
    expect(second.lines.join("")).toMatch(
      /restored from a backup: nothing is handed to agents until `waybill resume-all`/,
    )
    const { items } = (await ask(second.url, "GET", "/workflow-approvals")).body as { items: Approval[] }
    await ask(second.url, "POST", `/workflow-runs/${runId}/approvals/${items[0]?.approvalId}/approve`)
    expect((await ask(second.url, "GET", `/workflow-runs/${runId}?wait=0.5`)).body).toMatchObject({
      status: "RUNNING",
      input,
    })
    expect((await ask(second.url, "POST", "/admin/resume-all")).body).toEqual({ resumed: true })
    expect((await ask(second.url, "GET", `/workflow-runs/${runId}?wait=20`)).body).toMatchObject({
      status: "COMPLETED",
    })
    await second.close()
    for (const one of [at, restored]) one.remove()
  })

  test("a file that changes while it is watched is live without a restart", async () => {
    const at = place()
    at.write("workflows/gate.workflow.yaml", workflow("gate", gate))
    const server = await at.start({ watch: true })
    at.write("workflows/later.workflow.yaml", workflow("later", listen))
    const isThere = async () => (await ask(server.url, "GET", "/workflows/later")).status === 200
    await expect.poll(isThere, { timeout: 10_000 }).toBe(true)
    await server.close()
    at.remove()
  })

  test("with keys, nobody enters without one, and roles hold", async () => {
    const at = place()
    const { createHash } = await import("node:crypto")
    const sha256 = createHash("sha256").update("k1").digest("hex")
    const server = await at.start({ auth: "keys", keys: [{ name: "reader", sha256, role: "viewer" }] })
    expect((await ask(server.url, "GET", "/workflow-runs")).status).toBe(401)
    const headers = { authorization: "Bearer k1" }
    expect((await ask(server.url, "GET", "/workflow-runs", undefined, headers)).status).toBe(200)
    expect((await ask(server.url, "POST", "/workflow-runs", { workflowId: "x" }, headers)).status).toBe(403)
    await server.close()
    at.remove()
  })
})

test("a port that is taken by another program says so", async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve))
  const at = place()
  const { port } = other.address() as { port: number }
  await expect(at.start({ port })).rejects.toThrow(`another program listens on 127.0.0.1:${port}`)
  other.close()
  at.remove()
})
