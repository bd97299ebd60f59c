/** What is left of runs from which somebody was erased (rule 10). Erasing itself comes with the retention policies. */
import { join } from "node:path"
import type { EventPage, Run, VerifyReport } from "@waybill/contract"
import Database from "better-sqlite3"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningServer } from "./main.ts"
import { ask, type Place, place } from "./testing/real-server.ts"

const note = `id: note
version: "1.0"
name: note
states:
  - { name: keep, type: inject, data: { text: "{{ ctx.who }}" }, templated: true, resultPath: kept, end: true }
`

describe("runs of which payloads were erased", () => {
  let at: Place
  let server: RunningServer
  const call = (method: string, path: string, body?: unknown) => ask(server.url, method, path, body)
  const start = async (who: string) =>
    (await call("POST", "/workflow-runs?wait=20", { workflowId: "note", input: { who } })).body as Run
  const database = <T>(use: (db: Database.Database) => T): T => {
    const db = new Database(join(at.folder, ".waybill", "waybill.db"), { timeout: 5_000 })
    try {
      return use(db)
    } finally {
      db.close()
    }
  }
  /** As retention does it, payload and salt, and nothing else; but it was not retention. */
  const erase = (runId: string, type: string) =>
    database((db) =>
      db
        .prepare(
          `UPDATE workflow_run_events SET payload = NULL, salt = NULL
           WHERE type = ? AND run_key = (SELECT run_key FROM workflow_run_keys WHERE run_id = ?)`,
        )
        .run(type, runId),
    )
  let whole: Run
  let written: Run
  let begun: Run

  beforeAll(async () => {
    at = place()
    at.write("workflows/note.workflow.yaml", note)
    server = await at.start()
    whole = await start("Ada")
    written = await start("Grace")
    begun = await start("Edsger")
    erase(written.runId, "context.written")
    erase(begun.runId, "run.created")
  })
  afterAll(async () => {
    await server.close()
    at.remove()
  })

  test("are told apart from what retention took: nobody with the key did this", async () => {
    const found = [
      { runId: begun.runId, seq: 1, what: "payload_removed" },
      { runId: written.runId, seq: expect.any(Number), what: "payload_removed" },
    ].sort((a, b) => (a.runId < b.runId ? -1 : 1))
    expect((await call("POST", "/admin/verify")).body).toMatchObject({ runs: 3, erased: 0, findings: found })
  })

  test("are left as they are by a rebuild, which says why", async () => {
    const skipped = [
      { runId: written.runId, why: expect.stringMatching(/the payload of event \d+ has been erased/) },
      { runId: begun.runId, why: "the payload of event 1 has been erased" },
    ].sort((a, b) => (a.runId < b.runId ? -1 : 1))
    expect((await call("POST", "/admin/rebuild")).body).toMatchObject({ runs: 3, changed: 0, skipped })
    expect((await call("GET", `/workflow-runs/${written.runId}`)).body).toMatchObject({ status: "COMPLETED" })
  })

  test("cannot be checked any more, which is no finding", async () => {
    const { body } = await call("POST", "/admin/fsck")
    expect(body).toMatchObject({ runs: 3, findings: [], skipped: [expect.anything(), expect.anything()] })
  })

  test("show that something was there", async () => {
    const { body } = await call("GET", `/workflow-runs/${written.runId}/events?type=context.written`)
    expect((body as EventPage).items).toMatchObject([
      { type: "context.written", payload: null, hash: expect.any(String) },
    ])
  })

  test("tell their story as far as it can be read, and break nothing", async () => {
    const statuses = async (run: Run) =>
      Promise.all(
        ["", "/steps", "/events", "/context", "/timeline"].map(
          async (part) => (await call("GET", `/workflow-runs/${run.runId}${part}`)).status,
        ),
      )
    expect(await statuses(written)).toEqual([200, 200, 200, 200, 200])
    // Of a run whose beginning is gone there is nothing to fold; its steps' rows are there.
    expect(await statuses(begun)).toEqual([200, 200, 200, 409, 200])
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
  })

  test("and a run of which more was taken than its payload is broken", async () => {
    database((db) =>
      db
        .prepare(
          "UPDATE workflow_run_events SET payload = '{}' WHERE type = 'context.written' AND payload LIKE '%Ada%'",
        )
        .run(),
    )
    const { body } = await call("POST", "/admin/verify")
    expect((body as VerifyReport).findings).toContainEqual({
      runId: whole.runId,
      seq: expect.any(Number),
      what: "payload_altered",
    })
  })
})
