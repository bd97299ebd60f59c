/** A whole server over a history of three months, of which the oldest part is past its time (rule 10). */
import { join } from "node:path"
import type {
  AuditPage,
  Metrics,
  PurgeReport,
  Retention,
  RetentionPreview,
  RetentionVersion,
  Run,
  RunEvidence,
  RunPage,
  VerifyReport,
} from "@waybill/contract"
import Database from "better-sqlite3"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { seedStore } from "./compose/seed-history.ts"
import type { RunningServer } from "./main.ts"
import { ask, type Place, place } from "./testing/real-server.ts"

const dayMs = 86_400_000
const runs = 150

let at: Place
let server: RunningServer
const call = async (method: string, path: string, body?: unknown) => {
  const { status, body: answer } = await ask(server.url, method, path, body)
  return { status, body: answer as unknown }
}
const get = async <T>(path: string) => (await call("GET", path)).body as T
const preview = async (body: object) =>
  (await call("POST", "/policies/retention/preview", body)).body as RetentionPreview
const ended = new Map<string, number>()
/** Any run that ended so many days ago. */
const endedBetween = (from: number, to: number): string => {
  const now = Date.now()
  const found = [...ended].find(([, end]) => end <= now - from * dayMs && end > now - to * dayMs)
  if (found === undefined) throw new Error(`no run ended ${from} to ${to} days ago`)
  return found[0]
}
const table = (name: string): number => {
  const db = new Database(join(at.folder, ".waybill", "waybill.db"), { readonly: true })
  try {
    return (db.prepare(`SELECT count(*) AS n FROM ${name}`).get() as { n: number }).n
  } finally {
    db.close()
  }
}

beforeAll(async () => {
  at = place()
  const until = Date.now()
  await seedStore({ dataDir: join(at.folder, ".waybill"), runs, seed: 11, from: until - 90 * dayMs, until }, () => {})
  server = await at.start()
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: RunPage = await get(`/workflow-runs?limit=100${cursor === "" ? "" : `&cursor=${cursor}`}`)
    for (const run of page.items) if (run.completedAt !== null) ended.set(run.runId, Date.parse(run.completedAt))
    cursor = page.nextCursor
  }
}, 60_000)
afterAll(async () => {
  await server.close()
  at.remove()
})

describe("what is kept for how long", () => {
  test("is said by class, previewed before it holds, and refused where it makes no sense", async () => {
    expect(await get("/policies/retention")).toMatchObject({
      version: 0,
      policy: { logs: 90, io: 365, events: 365, summaries: 730, archive: false },
    })
    const nowhere = await call("PUT", "/policies/retention", { policy: { archive: true } })
    expect(nowhere).toMatchObject({ status: 422, body: { errors: [{ pointer: "/policy/archive" }] } })
    const wrong = await call("PUT", "/policies/retention", { policy: { io: 0, event: 3 } })
    expect(wrong).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: "/policy/io" }, { pointer: "/policy/event" }] },
    })
    const upside = await call("PUT", "/policies/retention", { policy: { io: 40, events: 30 } })
    expect(upside).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: "/policy/events", message: expect.stringContaining("cannot go before io") }] },
    })
    const preview = (
      await call("POST", "/policies/retention/preview", { policy: { io: 20, events: 40, summaries: 60 } })
    ).body
    const due = (days: number) => [...ended.values()].filter((end) => end <= Date.now() - days * dayMs).length
    expect((preview as RetentionPreview).classes).toMatchObject([
      // Of them nothing was said: they go with the values at the latest.
      { class: "logs", days: 20, runs: { value: due(20), exact: true } },
      { class: "io", days: 20, runs: { value: due(20), exact: true } },
      { class: "events", days: 40, runs: { value: due(40), exact: true } },
      { class: "summaries", days: 60, runs: { value: due(60), exact: true } },
    ])
    expect(due(60)).toBeGreaterThan(10)
    expect((await call("POST", "/policies/retention/preview", {})).body).toMatchObject({
      classes: [{ class: "logs" }, { runs: { value: 0 } }, {}, {}],
    })
  })

  test("goes when it is due, class by class, and what went stands in the audit", async () => {
    const before = { events: table("workflow_run_events"), runs: table("workflow_runs") }
    const put = await call("PUT", "/policies/retention", {
      policy: { io: 20, events: 40, summaries: 60 },
      note: "the law",
    })
    expect(put).toMatchObject({ status: 200, body: { version: 1, by: "user:local" } })
    const due = (days: number) => [...ended.values()].filter((end) => end <= Date.now() - days * dayMs).length
    const report = (await call("POST", "/policies/retention/purge")).body
    // What went whole is counted as that only.
    expect(report).toMatchObject({
      io: { runs: due(20) - due(60) },
      events: { runs: due(40) - due(60) },
      summaries: { runs: due(60) },
    })
    expect((await call("POST", "/policies/retention/purge")).body).toMatchObject({
      io: { runs: 0 },
      events: { runs: 0 },
      summaries: { runs: 0 },
    })
    expect(table("workflow_runs")).toBe(before.runs - due(60))
    const { events, summaries } = report as PurgeReport
    expect(table("workflow_run_events")).toBe(before.events - events.events - summaries.events)
    const audit = await get<AuditPage>("/audit?action=retention.")
    expect(audit.items.map(({ action }) => action)).toEqual(
      expect.arrayContaining(["retention.put", "retention.purge"]),
    )
  })

  test("sampling holds from when it was put: of what ends well then one in so many stays, and what went is counted", async () => {
    const wrong = await call("PUT", "/policies/retention", { policy: { sampling: { afterHours: 0, rules: [{}] } } })
    expect(wrong).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: "/policy/sampling/rules/0/workflow" }, {}] },
    })
    const before = table("workflow_runs")
    const rules = [{ workflow: "sampled*", keepOneIn: 1_000_000 }]
    const put = await call("PUT", "/policies/retention", { policy: { sampling: { afterHours: 0, rules } } })
    expect(put).toMatchObject({ status: 200, body: { policy: { io: 20, sampling: { afterHours: 0, rules } } } })
    const states = (input: object) => [{ name: "only", type: "inject", data: input, end: true }]
    for (const id of ["sampled_a", "whole"])
      await call("POST", "/workflows", { id, version: "1.0", name: id, states: states({ id }) })
    const runs: Run[] = []
    for (const workflowId of ["sampled_a", "whole", "sampled_a"])
      runs.push((await call("POST", "/workflow-runs?wait=20", { workflowId, input: {} })).body as Run)
    expect(runs.map(({ status }) => status)).toEqual(["COMPLETED", "COMPLETED", "COMPLETED"])
    const { since } = (await preview({})).sampled!
    expect(await preview({})).toMatchObject({ sampled: { runs: { value: 2, exact: true } } })
    expect(Date.parse(since)).toBe(Date.parse((put.body as RetentionVersion).at))
    // Another policy would be put now, and leave what has ended alone.
    const other = { sampling: { afterHours: 0, rules: [{ workflow: "*", keepOneIn: 1_000_000 }] } }
    expect(await preview({ policy: other })).toMatchObject({ sampled: { runs: { value: 0, exact: true } } })
    expect(await preview({ policy: { sampling: null } })).toMatchObject({ sampled: null })
    // Nothing goes before it was counted.
    await expect
      .poll(async () => ((await call("POST", "/policies/retention/purge")).body as PurgeReport).sampled.runs, {
        timeout: 10_000,
        interval: 200,
      })
      .toBe(2)
    expect((await preview({})).sampled).toMatchObject({ runs: { value: 0 } })
    expect(table("workflow_runs")).toBe(before + 1)
    expect((await get<Retention>("/policies/retention")).sampled).toMatchObject([{ workflowId: "sampled_a", runs: 2 }])
    expect((await call("GET", `/workflow-runs/${runs[0]!.runId}`)).status).toBe(404)
    const metrics = await get<Metrics>("/insights/metrics?workflowId=sampled_a")
    expect(metrics.total.runs).toBe(2)
    expect((await get<AuditPage>("/audit?action=retention.sampling")).items).toHaveLength(1)
  })

  test("leaves chains that verify and a store that is sound, and a rebuild touches nothing of it", async () => {
    const verified = (await call("POST", "/admin/verify")).body
    expect(verified).toMatchObject({ findings: [], audit: { findings: [] } })
    expect((verified as { erased: number }).erased).toBeGreaterThan(0)
    expect((await call("POST", "/admin/fsck")).body).toMatchObject({ findings: [] })
    expect((await call("POST", "/admin/rebuild")).body).toMatchObject({ changed: 0 })
  })

  test("is not what somebody took out by hand: that still shows", async () => {
    const runId = endedBetween(1, 19)
    const db = new Database(join(at.folder, ".waybill", "waybill.db"), { timeout: 5_000 })
    const of = "(SELECT run_key FROM workflow_run_keys WHERE run_id = ?)"
    const kept = db.prepare(`SELECT * FROM workflow_run_events WHERE run_key = ${of}`).all(runId) as Record<
      string,
      unknown
    >[]
    db.prepare(`DELETE FROM workflow_run_events WHERE run_key = ${of}`).run(runId)
    expect((await call("POST", "/admin/verify")).body).toMatchObject({ findings: [{ runId, what: "cut_tail" }] })
    const names = Object.keys(kept[0]!)
    const back = db.prepare(`INSERT INTO workflow_run_events (${names.join()}) VALUES (${names.map(() => "?").join()})`)
    for (const event of kept) back.run(...Object.values(event))
    db.close()
    expect((await call("POST", "/admin/verify")).body).toMatchObject({ findings: [] })
  })
})

describe("what somebody took out by hand is found under a seal that was written by hand", () => {
  const signatureOfAnother = "(SELECT signature FROM retention_seals LIMIT 1)"

  test.each([
    ["without a signature", "NULL", "events", "cut_tail"],
    ["with the signature of another", signatureOfAnother, "events", "cut_tail"],
    ["with a signature by a key of their own", "'0badc0de.' || hex(randomblob(32))", "events", "cut_tail"],
    ["and with the run's row taken out as well", signatureOfAnother, "summaries", "run_removed"],
  ])("%s", async (_how, signature, name, missing) => {
    const runId = endedBetween(1, 19)
    const db = new Database(join(at.folder, ".waybill", "waybill.db"), { timeout: 5_000 })
    const runKey = (
      db.prepare("SELECT run_key AS k FROM workflow_run_keys WHERE run_id = ?").get(runId) as { k: number }
    ).k
    const tables = ["workflow_run_events", ...(name === "summaries" ? ["workflow_runs", "workflow_run_keys"] : [])]
    const kept = tables.map((table) => {
      const rows = db.prepare(`SELECT * FROM ${table} WHERE run_key = ?`).all(runKey) as Record<string, unknown>[]
      return { table, rows }
    })
    db.prepare(
      `INSERT INTO retention_seals (run_id, run_key, workspace_id, seq, head_hash, class, at, signature)
       SELECT run_id, run_key, workspace_id, seq, head_hash, ?, 0, ${signature} FROM workflow_runs WHERE run_key = ?`,
    ).run(name, runKey)
    for (const { table } of kept) db.prepare(`DELETE FROM ${table} WHERE run_key = ?`).run(runKey)
    const { findings } = (await call("POST", "/admin/verify")).body as VerifyReport
    for (const { table, rows } of kept.toReversed()) {
      const names = Object.keys(rows[0]!)
      const back = db.prepare(`INSERT INTO ${table} (${names.join()}) VALUES (${names.map(() => "?").join()})`)
      for (const row of rows) back.run(...Object.values(row))
    }
    db.prepare("DELETE FROM retention_seals WHERE run_id = ?").run(runId)
    db.close()
    expect(findings).toMatchObject([
      { runId, what: "seal_forged" },
      { runId, what: missing },
    ])
    expect((await call("POST", "/admin/verify")).body).toMatchObject({ findings: [] })
  })
})

describe("a run of which", () => {
  const none = { state: "expired" }
  const all = { state: "present" }

  test.each([
    ["all is kept", 1, 19, { io: all, events: all, why: null }],
    ["values are gone", 20, 39, { io: none, events: all, why: "the workspace keeps what events say for 20 days" }],
    [
      "events are gone",
      40,
      59,
      { io: none, events: { state: "expired", count: 0 }, why: "the workspace keeps events for 40 days" },
    ],
  ])("%s says so", async (_what, from, to, evidence) => {
    const runId = endedBetween(from, to)
    const { steps, spans, webhooks, ...left } = await get<RunEvidence>(`/workflow-runs/${runId}/evidence`)
    expect(left).toMatchObject({ runId, ...evidence })
    const run = await get<Run>(`/workflow-runs/${runId}`)
    expect(steps).toEqual({ state: "present", count: run.counts.steps })
    const { traceId } = run
    const why = expect.stringContaining("sends none")
    expect(spans).toEqual({ state: "not_collected", why, hint: expect.stringContaining(traceId), traceId })
    expect(webhooks).toEqual({ count: 0, delivered: 0, pending: 0, dead: 0, exact: true })
    expect(await get<Run>(`/workflow-runs/${runId}`)).toMatchObject({ runId, durationMs: expect.any(Number) })
    for (const path of ["steps", "events", "timeline", "why", "lineage", "approvals", "export"])
      expect((await call("GET", `/workflow-runs/${runId}/${path}`)).status, path).toBe(200)
  })

  test("the row is gone is not there any more", async () => {
    expect(await call("GET", `/workflow-runs/${endedBetween(60, 90)}`)).toMatchObject({
      status: 404,
      body: { code: "run_not_found" },
    })
  })

  test.each([
    [20, 39],
    [40, 59],
  ])("what happened is gone is not run again, and that makes nobody worry (%d days)", async (from, to) => {
    const runId = endedBetween(from, to)
    const again = await call("POST", `/workflow-runs/${runId}/rerun`, { reason: "look again" })
    expect(again).toMatchObject({ status: 409, body: { code: "evidence_expired" } })
    expect(await call("POST", `/workflow-runs/${runId}/cancel`, { reason: "no" })).toMatchObject({ status: 409 })
    expect((await call("GET", `/workflow-runs/${runId}/context`)).status).toBe(409)
    const health = (await (await fetch(`${server.url}/healthz`)).json()) as { status: string }
    expect(JSON.stringify(health)).not.toMatch(/quarantine[^0]*[1-9]/)
  })
})
