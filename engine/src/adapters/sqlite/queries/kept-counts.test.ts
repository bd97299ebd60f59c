import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { parseRunQuery, withQuery } from "../../../core/views/run-language/index.ts"
import { noFilter } from "../../../core/views/run-query.ts"
import { facetNames, type HistogramWindow } from "../../../core/views/run-tally.ts"
import type { RunQuestion } from "../../../ports/run-question.ts"
import { RunHistory } from "../../../testing/builders/run-history.ts"
import { FileBlobs } from "../../blobs/files.ts"
import { blobFolder, openSqlite, type SqliteData } from "../open.ts"

const hourMs = 3_600_000
const now = 1_795_176_000_000
const runs = 240

let folder: string
let data: SqliteData

/** One each 2 h 10 min, the newest twelve of which go on. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "waybill-counts-"))
  data = openSqlite({ folder, blobs: new FileBlobs(blobFolder(folder)), port: null, readers: 1, clearedMs: 60_000 })
  const commits = Array.from({ length: runs }, (_, number) => {
    const history = new RunHistory(`run_${String(number).padStart(20, "0")}`, now - (runs - number) * 7_800_000, {
      workflowId: `flow_${number % 3}`,
      environment: number % 7 === 0 ? "dev" : "prod",
      actor: `user:${number % 5}`,
      workflowVersion: `v${number % 2}`,
      hitl: number % 10 === 0 ? "approved" : null,
      origin: number % 11 === 0 ? "backfill" : "live",
    })
    const begun = [history.created(), history.started()]
    if (number >= runs - 12) return begun
    history.at += 1_000
    return [...begun, number % 6 === 0 ? history.failed(`code_${number % 4}`) : history.completed()]
  }).flat()
  const outcome = await data.store.commit(commits)
  expect(outcome.kind).toBe("durable")
})
afterEach(async () => {
  await data.close()
  rmSync(folder, { recursive: true, force: true })
})

const question = (query: string): RunQuestion => ({
  workspaceId: "default",
  filter: withQuery(noFilter, parseRunQuery(query)),
  now,
})

async function listed(query: string) {
  const answer = await data.queries.runs({ ...question(query), sort: "startedAt", cursor: null, limit: runs + 1 })
  if (!answer.ok) throw new Error(answer.message)
  return answer.page.items
}

function change(sql: string): void {
  const db = new Database(join(folder, "waybill.db"))
  db.exec(sql)
  db.close()
}

describe("counts that are kept of finished runs", () => {
  test("are those of the list, whatever is asked of the fields they are kept by", async () => {
    for (const query of [
      "",
      "status:failed",
      "wf:flow_* env:dev",
      "-env:prod code:code_2",
      "has:hitl",
      "version:v1",
      "origin:live wf:flow_1",
      "origin:backfill",
    ]) {
      const rows = await listed(query)
      const { value, exact } = await data.queries.countsByStatus(question(query))
      expect(exact).toBe(true)
      expect(Object.values(value).reduce((sum, count) => sum + count, 0)).toBe(rows.length)
      const facets = await data.queries.facets(question(query), facetNames, 20)
      expect(facets.exact).toBe(true)
      const actors = facets.value.find(({ name }) => name === "actor")!.values
      expect(actors.reduce((sum, { count }) => sum + count, 0)).toBe(rows.length)
    }
  })

  test.each([
    { from: now - 400 * hourMs, to: now, bucketMs: 24 * hourMs },
    { from: now - 400 * hourMs + 1_234_567, to: now - 7_654_321, bucketMs: 5 * hourMs + 17 },
    { from: now - 3 * hourMs - 1, to: now + 1, bucketMs: hourMs },
  ])("make a histogram of whole hours, and of those that a bucket ends in: $bucketMs ms", async (window) => {
    const rows = await listed("")
    const { value, exact } = await data.queries.histogram(question(""), window)
    expect(exact).toBe(true)
    expect(value.map((counts) => Object.values(counts).reduce((sum, count) => sum + count, 0))).toEqual(
      bucketSizes(
        rows.map(({ startedAt }) => startedAt!),
        window,
      ),
    )
  })

  const summed = (counts: object) => Object.values(counts).reduce((sum: number, count: number) => sum + count, 0)
  const areTheRows = async () => {
    expect(await data.history.countsAdrift(10)).toEqual([])
    const { value, exact } = await data.queries.countsByStatus(question(""))
    expect(exact).toBe(true)
    expect(summed(value)).toBe((await listed("")).length)
    return value
  }

  test("stay those of the rows when retention clears runs away, and when rows are made anew", async () => {
    const before = await areTheRows()
    const purged = await data.retention.purge("default", "summaries", now - 300 * hourMs, 1_000, now)
    expect(purged.runs).toBeGreaterThan(10)
    const after = await areTheRows()
    expect(after.FAILED).toBeLessThan(before.FAILED!)
    const [gone] = await listed("status:failed")
    const rows = await data.history.rows(gone!.runId)
    await data.history.replaceRows(gone!.runId, {
      ...rows!,
      run: { ...rows!.run, status: "CANCELLED" },
      timersSet: [],
    } as never)
    expect((await areTheRows()).FAILED).toBe(after.FAILED! - 1)
    for (;;) if ((await data.retention.purge("default", "summaries", now, 1_000, now)).isDone) break
    expect(summed(await areTheRows())).toBe(12)
  })

  test("are as before where a commit is undone", async () => {
    const before = await areTheRows()
    const refused = new RunHistory("run_refused", now, {})
    const commits = [refused.created(), refused.started(), refused.completed()]
    const outcome = await data.store.commit([...commits, { ...commits[2]!, expectedSeq: 7 }])
    expect(outcome.kind).toBe("refused")
    const kept = new RunHistory("run_kept", now, {})
    await data.store.commit([kept.created(), kept.started(), kept.completed()])
    const after = await areTheRows()
    expect(after.COMPLETED).toBe(before.COMPLETED! + 1)
  })

  test("that rows by hand have left behind are found, and put right beside runs that end meanwhile", async () => {
    change("DELETE FROM workflow_runs WHERE run_key % 4 = 1 AND completed_at IS NOT NULL")
    change("UPDATE workflow_runs SET status = 'CANCELLED' WHERE status = 'FAILED' AND run_key % 8 = 7")
    const adrift = await data.history.countsAdrift(1_000)
    expect(adrift.filter(({ runs }) => runs > 0).map(({ key }) => key)).toContainEqual(
      expect.arrayContaining(["CANCELLED"]),
    )
    expect(adrift.some(({ runs }) => runs < 0)).toBe(true)
    const history = new RunHistory("run_meanwhile", now - hourMs, {})
    await data.store.commit([history.created(), history.started(), history.completed()])
    await data.history.mendCounts(adrift)
    await areTheRows()
  })
})

function bucketSizes(starts: readonly number[], { from, to, bucketMs }: HistogramWindow): readonly number[] {
  const sizes = Array.from({ length: Math.ceil((to - from) / bucketMs) }, () => 0)
  for (const at of starts) if (at >= from && at < to) sizes[Math.floor((at - from) / bucketMs)]! += 1
  return sizes
}
