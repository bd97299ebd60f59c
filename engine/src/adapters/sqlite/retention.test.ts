import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import type { RetentionClass } from "../../core/policy/retention.ts"
import type { AuditDraft } from "../../ports/audit-store.ts"
import { readableKeys } from "../../testing/builders/redaction.ts"
import { hexSha256, operationsRun } from "../../testing/builders/run-history.ts"
import { adminDoor } from "../../usecases/admin/index.ts"
import { FileBlobs } from "../blobs/files.ts"
import { blobFolder, openSqlite, type SqliteData } from "./open.ts"
import { databaseName } from "./open-database.ts"

const later = 10_000_000
let folder: string
let data: SqliteData

/** A tenth of what it is, so that a long run is soon made. */
const clearedPerWrite = 400
const open = (): SqliteData =>
  openSqlite({
    folder,
    blobs: new FileBlobs(blobFolder(folder)),
    port: null,
    readers: 1,
    clearedPerWrite,
    clearedMs: 60_000,
    keys: readableKeys,
  })
const purge = (name: RetentionClass, most = 20) => data.retention.purge("default", name, later, most, later)
const reopen = async () => {
  await data.close()
  data = open()
}
/** @returns how many events it has */
const add = async (runId: string, at: number, steps: number): Promise<number> => {
  const commits = operationsRun(runId, at, steps)
  await data.store.commit(commits)
  return commits[commits.length - 1]!.run.seq
}
const looked = async () => {
  const admin = adminDoor({
    history: data.history,
    audit: null,
    definitions: { byHash: () => null },
    sha256Hex: hexSha256,
    dispatchResumed: () => {},
  })
  const { findings, erased } = await admin.verify({ runId: null, head: null })
  const fsck = await admin.fsck()
  const rebuilt = await admin.rebuild({ runId: null })
  return {
    verify: findings,
    erased,
    fsck: fsck.findings,
    skipped: fsck.skipped.map(({ runId }) => runId),
    changed: rebuilt.changed,
  }
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "waybill-retention-"))
  data = open()
})
afterEach(async () => {
  await data.close()
  rmSync(folder, { recursive: true, force: true })
})

describe("values that are gone", () => {
  const byHand = (sql: string) => {
    const db = new Database(join(folder, databaseName), { timeout: 5_000 })
    db.exec(sql)
    db.close()
  }
  const takeValues = (runId: string) =>
    byHand(`UPDATE workflow_run_events SET payload = NULL, salt = NULL
      WHERE seq = 2 AND run_key = (SELECT run_key FROM workflow_run_keys WHERE run_id = '${runId}')`)
  const purgeUntil = (until: number) => data.retention.purge("default", "io", until, 20, later)
  const verify = async () => {
    const { verify: findings, erased } = await looked()
    return { findings, erased }
  }
  let events = 0
  beforeEach(async () => {
    events = await add("run_a", 1_000, 2)
    await add("run_b", 2_000_000, 2)
    await add("run_c", 4_000_000, 2)
  })

  test("are policy's up to where retention came, and somebody's behind it", async () => {
    expect(await purgeUntil(1_900_000)).toMatchObject({ runs: 1, events })
    expect(await verify()).toEqual({ findings: [], erased: events })
    takeValues("run_b")
    expect(await verify()).toEqual({ findings: [{ runId: "run_b", seq: 2, what: "payload_removed" }], erased: events })
    expect(await purgeUntil(3_900_000)).toMatchObject({ runs: 1, events: events - 1 })
    expect(await verify()).toEqual({ findings: [], erased: 2 * events })
  })

  test.each([
    ["without a signature", "signature = NULL"],
    ["under the signature of the place before", "signature = signature"],
  ])(
    "are somebody's where the place was written by hand too, %s, and retention goes on from none such",
    async (_how, set) => {
      await purgeUntil(1_900_000)
      takeValues("run_c")
      byHand(`UPDATE retention_progress SET completed_at = 9000000, run_key = 9, ${set}`)
      const found = [{ runId: "run_c", seq: 2, what: "payload_removed" }]
      expect((await verify()).findings).toMatchObject([{ runId: "run_a" }, ...found])
      await purgeUntil(3_900_000)
      expect(await verify()).toEqual({ findings: found, erased: 2 * events })
      expect(await data.retention.progress()).toMatchObject([{ completedAt: expect.toSatisfy((at) => at < 3_900_000) }])
    },
  )

  test("are somebody's where the run was dated back, or given to a workspace that keeps less", async () => {
    await purgeUntil(1_900_000)
    takeValues("run_c")
    const found = { findings: [{ runId: "run_c", seq: 2, what: "payload_removed" }] }
    byHand("UPDATE workflow_runs SET completed_at = 1, created_at = 1, started_at = 1 WHERE run_id = 'run_c'")
    expect(await verify()).toMatchObject(found)
    await data.store.commit(operationsRun("run_d", 5_000_000, 2, { workspaceId: "other" }))
    expect(await data.retention.purge("other", "io", later, 20, later)).toMatchObject({ runs: 1 })
    byHand("UPDATE workflow_runs SET workspace_id = 'other' WHERE run_id = 'run_c'")
    expect(await verify()).toMatchObject(found)
  })

  test("of a run that is under way are nobody's to take", async () => {
    await purgeUntil(1_900_000)
    const { runKey } = { runKey: "(SELECT run_key FROM workflow_run_keys WHERE run_id = 'run_b')" }
    byHand(`UPDATE retention_progress SET under_way = ${runKey}`)
    takeValues("run_b")
    expect((await verify()).findings).toMatchObject([{ runId: "run_a" }, { runId: "run_b" }])
  })

  test("are not taken for gone where the salt alone is: the payload may be another", async () => {
    byHand("UPDATE workflow_run_events SET payload = '{}', salt = NULL WHERE seq = 2")
    expect((await verify()).findings).toMatchObject(
      ["run_a", "run_b", "run_c"].map((runId) => ({ runId, seq: 2, what: "payload_altered" })),
    )
  })
})

describe("what one write clears away is bounded by events, not by runs", () => {
  test("runs are taken together as long as they have no more events than one write takes", async () => {
    const small = await add("run_a", 1_000, 30)
    for (const [index, id] of ["run_b", "run_c", "run_d"].entries()) await add(id, 2_000_000 * (index + 1), 30)
    expect(small).toBeGreaterThan(clearedPerWrite / 3)
    expect(small).toBeLessThan(clearedPerWrite / 2)
    expect(await purge("events")).toEqual({ runs: 2, events: 2 * small, isDone: false })
    expect(await purge("events", 1)).toEqual({ runs: 1, events: small, isDone: false })
    expect(await purge("events")).toEqual({ runs: 1, events: small, isDone: true })
    expect(await purge("events")).toEqual({ runs: 0, events: 0, isDone: true })
  })

  test.each(["io", "events", "summaries"] as const)(
    "of a long run %s go in pieces, through a restart, without a finding in between",
    async (name) => {
      const big = await add("run_big", 1_000, 140)
      const small = await add("run_small", 2_000_000, 2)
      expect(Math.ceil(big / clearedPerWrite)).toBe(3)
      expect((await looked()).verify).toEqual([])
      let gone = 0
      for (let piece = 1; piece <= 2; piece++) {
        expect(await purge(name)).toEqual({ runs: 0, events: clearedPerWrite, isDone: false })
        gone += clearedPerWrite
        expect(await data.retention.progress()).toMatchObject([{ class: name, completedAt: -1 }])
        expect(await data.measures.restart()).toBe(false)
        expect(await looked()).toMatchObject({ verify: [], erased: gone, skipped: ["run_big"], changed: 0 })
        await reopen()
      }
      expect(await purge(name)).toEqual({ runs: 1, events: big - gone, isDone: false })
      expect(await data.retention.progress()).toMatchObject([
        { class: name, completedAt: expect.toSatisfy((at) => at > 0) },
      ])
      expect(await purge(name)).toEqual({ runs: 1, events: small, isDone: true })
      expect(await looked()).toMatchObject({ verify: [], fsck: [] })
      expect((await data.history.rows("run_big"))?.steps.length ?? 0).toBe(name === "summaries" ? 0 : 140)
    },
  )

  test("logs go before all else, in pieces, and nothing else goes with them", async () => {
    await add("run_big", 1_000, 2)
    await add("run_mute", 2_000_000, 2)
    await add("run_last", 4_000_000, 2)
    const lines = (runId: string, count: number) =>
      Array.from({ length: count }, (_, at) => {
        const message = `line ${at}`
        return { runId, at, stepId: "step_1", attempt: 1, level: "info", message, fields: null } as const
      })
    const most = clearedPerWrite
    await data.logs.add([...lines("run_big", 2 * most + 10), ...lines("run_last", 5)], 10 * most)
    const left = async (runId: string) => {
      const page = { after: 0, level: "debug", stepId: null, attempt: null, limit: 10 * most } as const
      return (await data.logs.page(runId, page)).lines.length
    }
    expect(await purge("logs")).toEqual({ runs: 0, events: most, isDone: false })
    await reopen()
    expect(await purge("logs")).toEqual({ runs: 0, events: most, isDone: false })
    expect(await left("run_big")).toBe(10)
    expect(await purge("logs")).toEqual({ runs: 3, events: 15, isDone: true })
    expect([await left("run_big"), await left("run_last")]).toEqual([0, 0])
    expect(await purge("logs")).toEqual({ runs: 0, events: 0, isDone: true })
    expect(await looked()).toMatchObject({ verify: [], erased: 0, skipped: [] })
    expect(await data.measures.restart()).toBe(true)
  })

  test("the steps of a long run whose events are gone already go in pieces too", async () => {
    await add("run_big", 1_000, 140)
    for (let isDone = false; !isDone; ) isDone = (await purge("events")).isDone
    const left = async () => (await data.history.rows("run_big"))?.steps.length ?? 0
    const pieces: number[] = []
    for (let isDone = false; !isDone; pieces.push(await left())) isDone = (await purge("summaries")).isDone
    expect(pieces).toEqual([expect.any(Number), expect.any(Number), 0])
    expect(pieces[0]! > pieces[1]! && pieces[1]! > 0).toBe(true)
    expect(await looked()).toMatchObject({ verify: [], fsck: [], skipped: [] })
  })
})

test.each(["io", "events"] as const)("nothing is counted anew once %s of a run are gone", async (name) => {
  await add("run_a", 1_000, 2)
  expect(await data.measures.restart()).toBe(true)
  await purge(name)
  expect(await data.measures.restart()).toBe(false)
})

test("a run is found by its issue as long as it is listed", async () => {
  await add("run_a", 1_000, 2)
  const raw = new Database(join(folder, databaseName))
  raw.exec("INSERT INTO issue_runs (issue_id, position, run_id) VALUES ('iss_1', 1, 'run_a')")
  const found: (string | null)[] = []
  for (const name of ["io", "events", "summaries"] as const) {
    while (!(await purge(name)).isDone);
    found.push(await data.issues.issueOf("run_a"))
  }
  expect(found).toEqual(["iss_1", "iss_1", null])
  raw.close()
})

describe("what was given once is never given again, though retention has taken the newest away", () => {
  const newest = () => {
    const raw = new Database(join(folder, databaseName), { readonly: true })
    const row = raw.prepare(
      "SELECT position, run_key AS runKey FROM workflow_run_events ORDER BY position DESC LIMIT 1",
    )
    const { position, runKey } = row.get() as { readonly position: number; readonly runKey: number }
    raw.close()
    return { position, runKey }
  }

  test.each(["events", "summaries"] as const)("a place in the feed, by %s, through restarts", async (name) => {
    await add("run_a", 1_000, 3)
    const before = data.store.position()
    while (!(await purge(name)).isDone);
    expect(data.store.position()).toBe(before)
    await reopen()
    await reopen()
    expect(data.store.position()).toBe(before)
    const events = await add("run_b", 2_000_000, 3)
    expect(newest().position).toBe(before + events)
  })

  test("a run's key, at once and through restarts", async () => {
    await add("run_a", 1_000, 3)
    const { runKey } = newest()
    while (!(await purge("summaries")).isDone);
    await add("run_b", 2_000_000, 3)
    expect(newest().runKey).toBe(runKey + 1)
    while (!(await purge("summaries")).isDone);
    await reopen()
    await add("run_c", 4_000_000, 3)
    expect(newest().runKey).toBe(runKey + 2)
  })

  const audit: AuditDraft = {
    workspaceId: "default",
    at: later,
    actor: "user:ann",
    credential: "none",
    action: "run.erase",
    target: "",
    door: "",
    address: "",
    outcome: "done",
    status: 200,
    requestId: "",
    detail: null,
  }
  const takeNewest = {
    async erasing(runId: string) {
      const erasure = { runId, workspaceId: "default", at: later, audit }
      await data.eraser.intend(erasure)
      while (!(await data.eraser.clear(erasure, later)).isDone);
    },
    async sampling(runId: string) {
      const bounds = { since: 0, until: later, most: 20, now: later }
      while (!(await data.sampling.sample("default", bounds, (run) => run.runId === runId)).isDone);
    },
  }

  test.each(["erasing", "sampling"] as const)(
    "nor when %s took the newest run alone, at once and through a restart, and the index stays as it is",
    async (by) => {
      await add("run_a", 1_000, 3)
      await add("run_b", 2_000_000, 3)
      const { position, runKey } = newest()
      expect(await data.search.advance()).toMatchObject({ position })
      await takeNewest[by]("run_b")
      expect(newest().position).toBeLessThan(position)
      expect(data.store.position()).toBe(position)
      // An index that found itself ahead would begin anew, and be behind.
      expect(await data.search.advance()).toMatchObject({ position, head: position })
      const events = await add("run_c", 3_000_000, 3)
      expect(newest()).toEqual({ position: position + events, runKey: runKey + 1 })
      await takeNewest[by]("run_c")
      await reopen()
      const more = await add("run_d", 4_000_000, 3)
      expect(newest()).toEqual({ position: position + events + more, runKey: runKey + 2 })
    },
  )

  test("nor where a release kept marks that were too low: no run comes under a key that stands under a seal", async () => {
    await add("run_a", 1_000, 3)
    const { runKey } = newest()
    await takeNewest.erasing("run_a")
    await data.close()
    const raw = new Database(join(folder, databaseName))
    raw.exec("UPDATE waybill_meta SET value = '0' WHERE name = 'run_key'")
    raw.close()
    data = open()
    await add("run_b", 2_000_000, 3)
    expect(newest().runKey).toBe(runKey + 1)
  })

  test("nor where a release took them away that kept no marks: whoever follows the feed has been told of them", async () => {
    await add("run_a", 1_000, 3)
    const before = data.store.position()
    const { runKey } = newest()
    await data.webhooks.collect([], before, [])
    while (!(await purge("summaries")).isDone);
    await data.close()
    const raw = new Database(join(folder, databaseName))
    raw.exec("DELETE FROM waybill_meta WHERE name IN ('position', 'run_key')")
    raw.close()
    data = open()
    const events = await add("run_b", 2_000_000, 3)
    expect(newest()).toEqual({ position: before + events, runKey: runKey + 1 })
  })
})

test("a hand that takes out the first events of a run that is kept still shows", async () => {
  await add("run_kept", 1_000, 3)
  await reopen()
  const raw = new Database(join(folder, databaseName))
  raw.exec("DELETE FROM workflow_run_events WHERE seq <= 4")
  raw.close()
  expect((await looked()).verify).toMatchObject([{ runId: "run_kept", seq: 5 }])
})
