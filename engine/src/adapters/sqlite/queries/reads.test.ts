import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type Database from "better-sqlite3"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { parseRunQuery, withQuery } from "../../../core/views/run-language/index.ts"
import { noFilter, type RunFilter, type RunSort, runSorts } from "../../../core/views/run-query.ts"
import { facetNames } from "../../../core/views/run-tally.ts"
import { QueryTooSlow } from "../../../ports/query-too-slow.ts"
import { hexSha256, operationsRun, RunHistory } from "../../../testing/builders/run-history.ts"
import { openDatabase } from "../open-database.ts"
import { attachSearch, ensureSearchFile } from "../search/search-file.ts"
import { Writer } from "../writer.ts"
import { deliveryLevel, evidenceLevel } from "./read-service.ts"
import { Reads } from "./reads.ts"
import { defaultScanBounds } from "./scan.ts"
import { Statements } from "./statements.ts"

let folder: string
let db: Database.Database
let writer: Writer

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "waybill-reads-"))
  const opened = openDatabase(folder)
  db = opened.db
  ensureSearchFile(opened.path)
  attachSearch(db)
  writer = new Writer(db, { epoch: opened.epoch, sha256: hexSha256, now: () => 0 })
  for (let index = 0; index < 50; index += 1) {
    const history = new RunHistory(`run_${index}`, 1_000 + index, { environment: index % 25 === 3 ? "prod" : "dev" })
    const commits = [history.created(), history.started()]
    history.at += index % 7
    const end = index % 3 === 0 ? [history.completed()] : []
    if (writer.commit([...commits, ...end]).kind !== "durable") throw new Error("not stored")
  }
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

function pagesOf(reads: Reads, filter: RunFilter, sort: RunSort) {
  const pages: (readonly string[])[] = []
  let cursor: string | null = null
  let total = null
  do {
    const listed = reads.runs({ workspaceId: "default", now: 2_000, filter, sort, cursor, limit: 5 })
    if (!listed.ok) throw new Error(listed.message)
    pages.push(listed.page.items.map((row) => row.runId))
    total = listed.page.total
    cursor = listed.page.nextCursor
  } while (cursor !== null)
  return { pages, total }
}

/** A clock that goes on by so much at each look. */
function ticks(step: number): () => number {
  let at = 0
  return () => {
    at += step
    return at
  }
}

/** All runs, each of which has to be asked. */
const withoutIndex = withQuery(noFilter, parseRunQuery("-tag:nobody"))

describe("a list that has no time", () => {
  it("gives short pages that go on where they stopped: each run once, and a count that is a lower bound", () => {
    const hurried = new Reads(db, "00", {
      ...defaultScanBounds,
      sortedRows: 0,
      chunkRows: 3,
      pageMs: -1,
      countMs: -1,
    })
    const patient = new Reads(db, "00", { ...defaultScanBounds, sortedRows: 0, chunkRows: 3 })
    const filter = { ...noFilter, environment: ["prod"], version: ["1.0"], q: "RUN" }
    for (const sort of runSorts) {
      const { pages, total } = pagesOf(hurried, filter, sort)
      const calm = pagesOf(patient, filter, sort)
      expect(pages.flat()).toEqual(calm.pages.flat())
      expect([...pages.flat()].sort()).toEqual(["run_28", "run_3"])
      expect(calm.total).toEqual({ value: 2, exact: true })
      expect(total?.value).toBeLessThanOrEqual(2)
    }
    const all = pagesOf(hurried, withoutIndex, "createdAt")
    expect(all.pages.length).toBeGreaterThan(10)
    expect(all.pages.flat()).toHaveLength(50)
    expect(all.total?.exact).toBe(false)
  })

  it("counts the newest runs only when its time is up, and says so", () => {
    const bounds = { ...defaultScanBounds, sortedRows: 0, tallyRows: 10, tallyMs: 14 }
    const ticking = new Reads(db, "00", bounds, ticks(3))
    const patient = new Reads(db, "00", bounds, ticks(0))
    const question = { workspaceId: "default", filter: withoutIndex, now: 2_000 }
    const total = (counts: object) => Object.values(counts).reduce((sum: number, count) => sum + (count as number), 0)
    const all = patient.countsByStatus(question)
    expect([total(all.value), all.exact]).toEqual([50, true])
    const some = ticking.countsByStatus(question)
    expect(some.exact).toBe(false)
    expect(total(some.value)).toBeGreaterThan(0)
    expect(total(some.value)).toBeLessThan(50)
    expect(ticking.facets(question, ["env"], 5)).toMatchObject({ exact: false, value: [{ exact: false }] })
  })

  it("counts in pieces that grow as long as they are quick, and shrink where rows come slowly", () => {
    const piecesAt = (step: number): readonly number[] => {
      const bounds = { ...defaultScanBounds, sortedRows: 0, tallyRows: 16, tallyMs: 1_000 }
      const reads = new Reads(db, "00", bounds, ticks(step))
      const pieces: number[] = []
      const get = Statements.prototype.get
      Statements.prototype.get = function (sql, values) {
        if (sql.endsWith("OFFSET ?")) pieces.push((values.at(-1) as number) + 1)
        return get.call(this, sql, values)
      }
      try {
        reads.countsByStatus({ workspaceId: "default", filter: withoutIndex, now: 2_000 })
      } finally {
        Statements.prototype.get = get
      }
      return pieces
    }
    expect(piecesAt(0).slice(0, 4)).toEqual([2, 4, 8, 16])
    expect(piecesAt(20).slice(0, 3)).toEqual([2, 1, 1])
  })

  it("ends a read transaction that looks at more rows than it has time for, and holds nothing afterwards", () => {
    const insert =
      db.prepare(`INSERT INTO workflow_approvals SELECT ?, run_key, '', 'default', 'dev', 'orders', 'ask', 1, 'requested',
      '', 1, '["user:eve"]', '[]', 'user:ada', ?, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', 0, '[]' FROM workflow_run_keys WHERE run_id = 'run_1'`)
    for (let index = 0; index < 200; index += 1) insert.run(`appr_${index}`, index)
    const request = {
      workspaceId: "default",
      filter: { runId: null, state: [], workflowId: null, environment: null, assignees: ["user:ada"] },
      sort: "-requestedAt",
      cursor: null,
      limit: 5,
    } as const
    let looks = 0
    const counting = (step: number) => {
      looks = 0
      const clock = ticks(step)
      return new Reads(db, "00", defaultScanBounds, () => {
        looks += 1
        return clock()
      })
    }
    expect(counting(1).approvals(request)).toMatchObject({ ok: true, page: { items: [] } })
    expect(looks).toBeGreaterThan(200)
    expect(() => counting(100).approvals(request)).toThrow(QueryTooSlow)
    expect(looks).toBeLessThan(10)
    expect(db.inTransaction).toBe(false)
    expect(counting(1).approvals({ ...request, filter: { ...request.filter, runId: "run_2" } })).toMatchObject({
      ok: true,
    })
  })

  it("says how well messages and evidence are kept of the newest few when time is up, and that it is of them only", () => {
    for (let index = 0; index < 250; index += 1) {
      const history = new RunHistory(`run_ended_${index}`, 5_000 + index)
      if (writer.commit([history.created(), history.started(), history.completed()]).kind !== "durable")
        throw new Error("not stored")
      db.prepare(
        `INSERT INTO webhook_deliveries (delivery_id, endpoint_id, workspace_id, event, position, created_at, body, state,
           attempts, tries, completed_at) VALUES (?, 'whe_1', 'default', 'run.completed', 1000000, ?, '{}', 'delivered', 1, 1, ?)`,
      ).run(`msg_${index}`, 5_000 + index, 5_000 + index)
    }
    const question = { workspaceId: "default", from: 5_000, to: 6_000, now: 20_000 }
    /** @param slow the look that comes too late */
    const at = (slow: number) => {
      let looks = 0
      const clock = () => (++looks === slow ? 1_000_000 : 0)
      return new Statements(db, { clock, transactionMs: 1_000, watch: null })
    }
    const all = { exact: true, share: 1 }
    expect(deliveryLevel(at(0), question)).toMatchObject({ ...all, owed: 250 })
    expect(evidenceLevel(at(0), question, true)).toMatchObject({ ...all, runs: 250 })
    const some = { exact: false, share: 1 }
    expect(deliveryLevel(at(2), question)).toMatchObject({ ...some, owed: 200 })
    expect(evidenceLevel(at(2), question, true)).toMatchObject({ ...some, runs: 200 })
  })

  it("reads the rows of a long run in pages, and begins again when the run went on meanwhile", () => {
    const commits = [...operationsRun("run_long", 1_000, 3)]
    const last = commits.pop()!
    const commit = (...parts: Parameters<Writer["commit"]>[0]) => {
      if (writer.commit(parts).kind !== "durable") throw new Error("not stored")
    }
    commit(...commits)
    const bounds = { ...defaultScanBounds, tallyRows: 1 }
    let looks = 0
    const reads = new Reads(db, "00", bounds, () => {
      looks += 1
      if (looks === 4) commit(last)
      return 0
    })
    const rows = reads.storedRows("run_long")
    expect(rows?.run.status).toBe("COMPLETED")
    expect(rows).toEqual(new Reads(db, "00").storedRows("run_long"))
    expect(rows?.steps.map(({ status }) => status)).toEqual(["SUCCEEDED", "SUCCEEDED", "SUCCEEDED"])
  })

  it("folds a run's context once, keeps its text while nothing happens, and goes on from where it was", () => {
    const history = new RunHistory("run_of_many", 1_000)
    const commits = [history.created(), history.started()]
    for (let index = 0; index < 3_000; index += 1) history.add("run.paused", { reason: null } as never)
    if (writer.commit([...commits, history.commit()]).kind !== "durable") throw new Error("not stored")
    let transactions = 0
    const watch = { began: () => (transactions += 1), ended: () => {} }
    const reads = new Reads(db, "00", undefined, undefined, watch)
    const asked = () => {
      transactions = 0
      const text = reads.contextTextNow("run_of_many")
      return { text, transactions }
    }
    const first = asked()
    expect(first.transactions).toBe(3)
    expect(asked()).toEqual({ text: first.text, transactions: 1 })
    history.add("run.resumed", {} as never)
    if (writer.commit([history.commit()]).kind !== "durable") throw new Error("not stored")
    expect(asked().transactions).toBe(2)
  })

  it("asks no list or count to walk through the whole table", () => {
    const prepared: string[] = []
    const prepare = db.prepare.bind(db)
    db.prepare = ((sql: string) => {
      prepared.push(sql)
      return prepare(sql)
    }) as typeof db.prepare
    const filters: Partial<RunFilter>[] = [
      {},
      { q: "run_3" },
      { q: "none" },
      { status: ["FAILED", "COMPLETED"], from: 5, to: 9_000 },
      { errorCode: ["x"] },
      { hitl: ["requested"], workflowId: ["orders"] },
      { traceId: "x" },
      { businessEventId: "b" },
      { parentRunId: "p" },
      { tag: ["t"] },
      ...[
        "status:failed,running wf:a*",
        "started:>-1h env:dev",
        "tag:a,b -tag:c",
        "tag:/x/",
        "id:run_1,run_2",
        "dur:>5s",
        "dur:1s..2s ended:>-1h created:<2026-01-01",
        "steps:>2 tokens:>10 cost:>0.5 retries:>1",
        "has:error has:retry message:x",
        "has:rerun rerun:run_1 root:run_1",
        "class:bug step:work trigger:api reason:rejected",
        "version:1.0 code:/x/ env:*",
        "trace:a,b",
        "event:b",
        "a b -c",
        "word",
        "one two* -three",
        "in.customer:42 out.n:>3",
        "in.customer:ab* -out.x:/y/",
      ].map((query) => withQuery(noFilter, parseRunQuery(query))),
    ]
    for (const bounds of [defaultScanBounds, { ...defaultScanBounds, sortedRows: -1 }]) {
      const reads = new Reads(db, "00", bounds)
      for (const part of filters) {
        const filter = { ...noFilter, ...part }
        for (const sort of runSorts) pagesOf(reads, filter, sort)
        const question = { workspaceId: "default", filter, now: 2_000 }
        reads.countsByStatus(question)
        reads.histogram(question, { from: 0, to: 2_000, bucketMs: 100 })
        reads.facets(question, facetNames, 5)
      }
    }
    expect(prepared.length).toBeGreaterThan(50)
    for (const sql of prepared) {
      const values = Array(sql.match(/\?/g)?.length ?? 0).fill(1)
      const steps = prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[]
      const walks = steps.filter((step) => /^SCAN (r|workflow_\w+)\b/.test(step.detail))
      expect(walks, sql).toEqual([])
    }
  })
})
