import { join } from "node:path"
import type {
  Annotation,
  AnnotationPage,
  Bulk,
  FeedMessage,
  Problem,
  RemarkPage,
  Run,
  RunPage,
  RunStanding,
  Why,
} from "@waybill/contract"
import Database from "better-sqlite3"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningServer } from "./main.ts"
import { type AnswerCheck, answerCheck } from "./testing/answer-schemas.ts"
import { ask, type Place, place } from "./testing/real-server.ts"
import { openStream } from "./testing/sse-client.ts"

const payer = `export default {
  name: "payer",
  description: "Pays, unless it is told to fail.",
  inputSchema: { type: "object", properties: { fail: { type: "boolean" } } },
  outputSchema: { type: "object" },
  async run({ fail = false }) {
    if (fail) throw new Error("the card was refused")
    return { paid: true }
  },
}`
const workflow = `id: pay
version: "1.0"
name: Pay
tags: [money]
start: card
states:
  - name: card
    type: operation
    action: agent.run
    input: { agent: payer, task: pay, variables: { fail: "{{ ctx.fail ?? false }}" } }
    end: true
`

let at: Place
let server: RunningServer & { readonly lines: string[] }
let fits: AnswerCheck

/** Every answer is held against the schema that the server documents for it. */
async function api<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>) {
  const reply = await ask(server.url, method, path, body, headers)
  expect(fits(method, `/api/v1${path.split("?")[0]}`, reply.status, reply.body)).toEqual([])
  return { status: reply.status, body: reply.body as T }
}

async function start(input: unknown): Promise<string> {
  return (await api<Run>("POST", "/workflow-runs?wait=20", { workflowId: "pay", input })).body.runId
}

async function listed(query: string): Promise<readonly string[]> {
  const { body } = await api<RunPage>("GET", `/workflow-runs?${query}`)
  return body.items.map((run) => run.runId)
}

/** What lies beside runs, and is added to: what people say, what is told, counted and attached. */
const beside = [
  ...["workflow_run_remarks", "workflow_run_standing", "workflow_run_tags", "workflow_run_attachments"],
  ...["workflow_bulk_items", "workflow_idempotency", "issue_runs", "webhook_deliveries", "alert_threads"],
]

/** Everything that is stored of a run itself, byte by byte: whatever table has a column that names runs. */
function storedRows(runId: string): string {
  const db = new Database(join(at.folder, ".waybill", "waybill.db"), { readonly: true })
  try {
    const key = db.prepare("SELECT run_key FROM workflow_run_keys WHERE run_id = ?").pluck().get(runId)
    const tables = db
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
      .pluck()
      .all() as string[]
    const stored = tables.flatMap((table) => {
      const columns = (db.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name)
      const named = columns.filter((name) => name === "run_key" || name === "run_id")
      if (beside.includes(table) || named.length === 0) return []
      const where = named.map((name) => `${name} = ${name === "run_key" ? "@key" : "@runId"}`).join(" OR ")
      return [[table, db.prepare(`SELECT * FROM ${table} WHERE ${where}`).all({ key, runId })] as const]
    })
    const told = Object.fromEntries(stored)
    for (const table of ["workflow_runs", "workflow_run_steps", "workflow_run_events", "workflow_workspace_heads"])
      expect(told[table], table).not.toHaveLength(0)
    return JSON.stringify(stored)
  } finally {
    db.close()
  }
}

beforeAll(async () => {
  at = place()
  at.write("agents/payer.agent.mjs", payer)
  at.write("workflows/pay.workflow.yaml", workflow)
  server = await at.start()
  fits = answerCheck(await (await fetch(`${server.url}/openapi.json`)).json())
}, 60_000)
afterAll(async () => {
  await server.close()
  at.remove()
})

describe("what people add beside a run", () => {
  test("leaves every stored byte of a finished run as it was, and nothing to find for verify, fsck and rebuild", async () => {
    const runId = await start({ fail: true })
    const before = storedRows(runId)
    const path = `/workflow-runs/${runId}`
    const run = (await api<Run>("GET", path)).body
    expect(run).toMatchObject({ tags: ["money"], owner: null, resolution: { state: "open" }, annotationCount: 0 })
    const steps = (await api<{ items: { stepId: string }[] }>("GET", `${path}/steps`)).body.items
    const note = await api<Annotation>("POST", `${path}/annotations`, { note: "Refused.", stepId: steps[0]!.stepId })
    expect(note).toMatchObject({
      status: 201,
      body: { author: "user:local", origin: { door: "api" }, withdrawn: null },
    })
    await api("POST", `${path}/annotations`, { note: "The bank is down." })
    await api("DELETE", `${path}/annotations/${note.body.annotationId}`)
    await api("POST", `${path}/tags`, { add: ["vip", "q1"], remove: ["money"] })
    await api("POST", `${path}/assign`, { owner: "user:ann" })
    await api("POST", `${path}/resolve`, { state: "acknowledged" })
    await api("POST", `${path}/resolve`, { state: "wont_fix", reason: "a test card" })
    // Neither does what is refused of it, what is made from it, nor what looks at it.
    for (const refused of ["cancel", "pause", "resume", "retry-now"])
      expect((await api("POST", `${path}/${refused}`, refused === "retry-now" ? {} : { reason: "late" })).status).toBe(
        409,
      )
    expect((await api("POST", `${path}/signals`, { name: "go", data: {} })).status).toBe(409)
    for (const rerun of [{ inputPatch: { fail: false } }, { from: "card", contextPatch: { more: 1 } }])
      expect((await api("POST", `${path}/rerun?wait=20`, { reason: "again", ...rerun })).status).toBe(201)
    const many = await api<Bulk>("POST", "/bulk", {
      action: "tag",
      runIds: [runId],
      tags: { add: ["many"] },
      reason: "x",
    })
    await expect
      .poll(async () => (await api<Bulk>("GET", `/bulk/${many.body.bulkId}`)).body.state, { timeout: 10_000 })
      .toBe("done")
    await api("POST", `${path}/tags`, { remove: ["many"] })
    for (const look of ["why", "lineage", "timeline", "context", "evidence", "events", "logs", "remarks"])
      expect((await api("GET", `${path}/${look}`)).status).toBe(200)
    const shown = (await api<Run>("GET", path)).body
    expect(shown).toMatchObject({ tags: ["vip", "q1"], owner: "user:ann", annotationCount: 1 })
    expect(shown.resolution).toMatchObject({ state: "wont_fix", reason: "a test card", by: "user:local" })
    expect({ seq: shown.seq, headHash: shown.headHash }).toEqual({ seq: run.seq, headHash: run.headHash })
    expect(storedRows(runId)).toBe(before)
    expect((await api<{ findings: [] }>("POST", "/admin/verify", {})).body.findings).toEqual([])
    expect((await api<{ findings: [] }>("POST", "/admin/fsck", {})).body.findings).toEqual([])
    expect((await api<{ changed: number }>("POST", "/admin/rebuild", {})).body.changed).toBe(0)
    expect(await listed("tag=vip&owner=user:ann&resolution=wont_fix")).toEqual([runId])
    expect(await listed("tag=money&resolution=wont_fix")).toEqual([])
  })

  test("is made again from its trail by rebuild, and the trail cannot be altered", async () => {
    const runId = await start({ fail: true })
    const path = `/workflow-runs/${runId}`
    await api("POST", `${path}/tags`, { add: ["rebuilt"] })
    await api("POST", `${path}/assign`, { owner: "user:bob" })
    const before = (await api<Run>("GET", path)).body
    const db = new Database(join(at.folder, ".waybill", "waybill.db"))
    expect(() => db.prepare("UPDATE workflow_run_remarks SET actor = 'nobody'").run()).toThrow("never changed")
    expect(() => db.prepare("DELETE FROM workflow_run_remarks").run()).toThrow("never deleted")
    const rows = "run_key = (SELECT run_key FROM workflow_run_keys WHERE run_id = ?)"
    db.prepare(`DELETE FROM workflow_run_standing WHERE ${rows}`).run(runId)
    db.prepare(`DELETE FROM workflow_run_tags WHERE ${rows}`).run(runId)
    db.close()
    const found = (await api<{ findings: { runId: string }[] }>("POST", "/admin/fsck", {})).body.findings
    expect(found.map((one) => one.runId)).toEqual([runId])
    expect((await api<{ changed: number }>("POST", "/admin/rebuild", {})).body.changed).toBe(1)
    expect((await api<Run>("GET", path)).body).toEqual(before)
    expect(await listed("tag=rebuilt")).toEqual([runId])
    expect((await api<{ findings: [] }>("POST", "/admin/fsck", {})).body.findings).toEqual([])
  })

  test("is read back page by page, with who, when, from where and what", async () => {
    const runId = await start({ fail: true })
    const path = `/workflow-runs/${runId}`
    const ids: string[] = []
    for (const note of ["one", "two", "three"])
      ids.push((await api<Annotation>("POST", `${path}/annotations`, { note })).body.annotationId)
    await api("DELETE", `${path}/annotations/${ids[1]}`)
    const first = (await api<AnnotationPage>("GET", `${path}/annotations?limit=2`)).body
    expect(first.items.map(({ note, withdrawn }) => [note, withdrawn?.by ?? null])).toEqual([
      ["three", null],
      ["two", "user:local"],
    ])
    const next = (await api<AnnotationPage>("GET", `${path}/annotations?limit=2&cursor=${first.nextCursor}`)).body
    expect([next.items.map((one) => one.note), next.nextCursor]).toEqual([["one"], null])
    const trail = (await api<RemarkPage>("GET", `${path}/remarks?limit=2`)).body
    expect(trail.items[0]).toMatchObject({
      number: 4,
      kind: "note.withdrawn",
      actor: "user:local",
      origin: { door: "api", address: "127.0.0.1" },
      details: { remarkId: ids[1] },
    })
    const kinds = (await api<RemarkPage>("GET", `${path}/remarks?kind=note.withdrawn`)).body
    expect(kinds.items).toHaveLength(1)
  })

  test("happens once for one Idempotency-Key, also by the answer", async () => {
    const path = `/workflow-runs/${await start({ fail: true })}`
    const key = { "idempotency-key": "note-1" }
    const first = await api<Annotation>("POST", `${path}/annotations`, { note: "once" }, key)
    expect(await api("POST", `${path}/annotations`, { note: "once" }, key)).toEqual(first)
    const reused = await api<Problem>("POST", `${path}/annotations`, { note: "twice" }, key)
    expect(reused).toMatchObject({ status: 422, body: { code: "idempotency_key_reused" } })
    expect((await api<Run>("GET", path)).body.annotationCount).toBe(1)
  })

  test("supersedes a failed run by the re-run that completes; the undoing holds", async () => {
    const runId = await start({ fail: true })
    const path = `/workflow-runs/${runId}`
    const body = { inputPatch: { fail: false }, reason: "another card" }
    const again = (await api<Run>("POST", `${path}/rerun?wait=20`, body)).body
    expect(again).toMatchObject({ status: "COMPLETED", resolution: null })
    const { resolution, actions } = (await api<Run>("GET", path)).body
    expect(resolution).toMatchObject({ state: "superseded", by: "system", runId: again.runId, reason: null })
    expect(actions.filter((one) => one.allowed).map((one) => one.name)).toEqual([
      "rerun",
      "annotate",
      "tag",
      "assign",
      "resolve",
    ])
    // There is nothing left to be done about it, and why says so.
    expect((await api<Why>("GET", `${path}/why`)).body.next).toMatchObject({
      action: "none",
      because: `Its re-run ${again.runId} completed`,
    })
    const undone = (await api<RunStanding>("DELETE", `${path}/resolution`)).body
    expect(undone).toMatchObject({ resolution: { state: "open" }, remark: { kind: "resolution.undone" } })
    expect((await api<Why>("GET", `${path}/why`)).body.next?.action).not.toBe("none")
    expect(await listed("resolution=open")).toContain(runId)
  })

  test("says what is left to be done: nothing, once it is resolved; what it was, while it is only acknowledged", async () => {
    const path = `/workflow-runs/${await start({ fail: true })}`
    const next = async () => (await api<Why>("GET", `${path}/why`)).body.next
    const before = await next()
    await api("POST", `${path}/resolve`, { state: "acknowledged" })
    expect(await next()).toEqual(before)
    await api("POST", `${path}/resolve`, { state: "wont_fix", reason: "a test card" })
    expect(await next()).toMatchObject({
      action: "none",
      because: "It is left as it is, says user:local: a test card",
    })
    await api("POST", `${path}/resolve`, { state: "resolved", reason: "paid by hand" })
    expect(await next()).toMatchObject({ action: "none", because: "It was resolved by user:local: paid by hand" })
  })

  test("is refused with a problem where it cannot be", async () => {
    const path = `/workflow-runs/${await start({})}`
    const code = async (...asked: Parameters<typeof api>) => (await api<Problem>(...asked)).body.code
    expect(await code("POST", `${path}/resolve`, { state: "resolved", reason: "x" })).toBe("nothing_to_resolve")
    expect(await code("POST", `${path}/annotations`, { note: "" })).toBe("invalid_request")
    expect(await code("POST", `${path}/annotations`, { note: "x".repeat(4_001) })).toBe("invalid_request")
    expect(await code("POST", `${path}/annotations`, { note: "x", stepId: "step_none" })).toBe("step_not_found")
    expect(await code("DELETE", `${path}/annotations/rmk_none`)).toBe("annotation_not_found")
    expect(await code("POST", `${path}/assign`, {})).toBe("invalid_request")
    for (const what of ["annotations", "remarks"])
      expect(await code("GET", `/workflow-runs/run_none/${what}`)).toBe("run_not_found")
  })

  test("reaches open lists at once, and again after a break", async () => {
    const runId = await start({ fail: true })
    const port = Number(new URL(server.url).port)
    const live = await openStream(port, "/api/v1/workflow-runs/stream")
    const filtered = await openStream(port, "/api/v1/workflow-runs/stream?tag=money")
    const path = `/workflow-runs/${runId}`
    await api("POST", `${path}/assign`, { owner: "user:ann" })
    await api("POST", `${path}/tags`, { remove: ["money"] })
    await Promise.all([live.until(2), filtered.until(2)])
    const told = (client: typeof live) =>
      client.messages.map((message) => {
        const { runId, remark, matches, status } = message.data as FeedMessage
        return [message.id, message.event, runId, remark?.kind, matches, status]
      })
    expect(told(live)).toEqual([
      [null, "run.remarked", runId, "owner.set", true, "FAILED"],
      [null, "run.remarked", runId, "tags.changed", true, "FAILED"],
    ])
    // The second takes it out of the filter, and says so.
    expect(told(filtered).map((one) => one[4])).toEqual([true, false])
    const { position } = live.messages[0]!.data as FeedMessage
    const resumed = await openStream(port, `/api/v1/workflow-runs/stream?after=${position}`)
    await resumed.until(2)
    expect(told(resumed)).toEqual(told(live))
    for (const client of [live, filtered, resumed]) client.close()
  })
})
