import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { hexSha256, operationsRun } from "../../testing/builders/run-history.ts"
import { adminDoor } from "../../usecases/admin/index.ts"
import { FileBlobs } from "../blobs/files.ts"
import { blobFolder, openSqlite, type SqliteData } from "./open.ts"
import { databaseName } from "./open-database.ts"

const clearedPerWrite = 400
const now = 1_700_000_000_000
let folder: string
let data: SqliteData
let number = 0

const open = (): SqliteData =>
  openSqlite({
    folder,
    blobs: new FileBlobs(blobFolder(folder)),
    port: null,
    readers: 1,
    clearedPerWrite,
    clearedMs: 60_000,
  })
const add = async (runId: string, at: number, row: Parameters<typeof operationsRun>[3] = {}, steps = 2) => {
  number += 1
  await data.store.commit(operationsRun(runId, at, steps, { workflowId: "tick", executionNumber: number, ...row }))
}
const change = (sql: string, ...values: unknown[]) => {
  const db = new Database(join(folder, databaseName), { timeout: 5_000 })
  try {
    return db.prepare(sql).run(...values).changes
  } finally {
    db.close()
  }
}
const sample = (given: { since?: number; until?: number; most?: number } = {}, asked: string[] = []) =>
  data.sampling.sample("default", { since: 0, until: now, most: 20, now, ...given }, ({ runId }) => {
    asked.push(runId)
    return !runId.startsWith("run_keep")
  })
const isThere = async (runId: string) => (await data.queries.run(runId)) !== null
const findings = async () => {
  const { history } = data
  const definitions = { byHash: () => null }
  const admin = adminDoor({ history, audit: null, definitions, sha256Hex: hexSha256, dispatchResumed: () => {} })
  const { findings: chains } = await admin.verify({ runId: null, head: null })
  return [...chains, ...(await admin.fsck()).findings]
}

beforeEach(() => {
  number = 0
  folder = mkdtempSync(join(tmpdir(), "waybill-sampling-"))
  data = open()
})
afterEach(async () => {
  await data.close()
  rmSync(folder, { recursive: true, force: true })
})

describe("sampling", () => {
  test("takes a run whole, counts it by its workflow, and leaves chains that verify", async () => {
    for (const [index, id] of ["run_a", "run_keep", "run_b"].entries()) await add(id, 1_000 * (index + 1))
    await add("run_other", 9_000, { workflowId: "tock" })
    expect(await findings()).toEqual([])
    const gone = await sample()
    expect(gone).toMatchObject({ runs: 3, isDone: true })
    expect(await Promise.all(["run_a", "run_keep", "run_b", "run_other"].map(isThere))).toEqual([
      false,
      true,
      false,
      false,
    ])
    expect(await data.queries.events("run_a", { after: 0, types: [], limit: 10 })).toEqual([])
    const counts = await data.sampling.counts("default", 10)
    expect(counts.map(({ workflowId, runs }) => [workflowId, runs])).toEqual([
      ["tick", 2],
      ["tock", 1],
    ])
    expect(counts.reduce((sum, { events }) => sum + events, 0)).toBe(gone.events)
    expect(await findings()).toEqual([])
    expect(await sample()).toEqual({ runs: 0, events: 0, isDone: true })
  })

  test("never asks for what failed, what a person had to do with, or what has relatives", async () => {
    await add("run_parent", 1_000)
    await add("run_child", 2_000, { parentRunId: "run_parent", rootRunId: "run_parent" })
    await add("run_first", 3_000)
    await add("run_again", 4_000, { rerunOf: "run_first" })
    await add("run_decided", 5_000, { hitl: "approved" })
    await add("run_noted", 6_000)
    await add("run_failed", 7_000)
    await add("run_plain", 8_000)
    change("UPDATE workflow_runs SET status = 'FAILED' WHERE run_id = 'run_failed'")
    change(
      `INSERT INTO workflow_run_remarks (remark_id, run_key, number, position, at, actor, door, address, kind, body)
       SELECT 'rmk_1', run_key, 1, 1, 1, 'user:ann', 'api', '', 'annotated', '{}' FROM workflow_runs WHERE run_id = 'run_noted'`,
    )
    const asked: string[] = []
    expect(await sample({}, asked)).toMatchObject({ runs: 1 })
    expect(asked).toEqual(["run_plain"])
  })

  test("looks at what ended since the policy was put and has waited long enough, each run once, through a restart", async () => {
    for (let at = 1; at <= 6; at++) await add(`run_${at}`, at * 10_000)
    const asked: string[] = []
    const bounds = { since: 15_000, until: 55_000, most: 2 }
    expect(await sample(bounds, asked)).toMatchObject({ runs: 2, isDone: false })
    await data.close()
    data = open()
    expect(await sample(bounds, asked)).toMatchObject({ runs: 2, isDone: false })
    expect(await sample(bounds, asked)).toEqual({ runs: 0, events: 0, isDone: true })
    expect(asked).toEqual(["run_2", "run_3", "run_4", "run_5"])
    expect([await isThere("run_1"), await isThere("run_6")]).toEqual([true, true])
    // Another policy begins anew where it was put, not where the last one was.
    expect(await sample({ since: 62_000, until: now }, asked)).toEqual({ runs: 0, events: 0, isDone: true })
  })

  test("takes a long run in pieces, without a finding in between", async () => {
    await add("run_big", 1_000, {}, 140)
    await add("run_small", 2_000_000)
    expect(await sample()).toMatchObject({ runs: 0, isDone: false })
    expect(await findings()).toEqual([])
    expect(await isThere("run_big")).toBe(true)
    let pieces = 1
    while (!(await sample()).isDone) pieces += 1
    expect(pieces).toBeGreaterThan(1)
    expect([await isThere("run_big"), await isThere("run_small")]).toEqual([false, false])
    expect(await data.sampling.counts("default", 10)).toMatchObject([{ runs: 2 }])
    expect(await findings()).toEqual([])
  })
})
