/** How many runs a list asks before its page is full: counted by a pattern that each run has to be asked. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type Database from "better-sqlite3"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { parseRunQuery, withQuery } from "../../../core/views/run-language/index.ts"
import { noFilter, type RunSort } from "../../../core/views/run-query.ts"
import { hexSha256, RunHistory } from "../../../testing/builders/run-history.ts"
import { openDatabase } from "../open-database.ts"
import { attachSearch, ensureSearchFile } from "../search/search-file.ts"
import { Writer } from "../writer.ts"
import { statusesPossible } from "./kept-counts.ts"
import { askedOf } from "./list-runs.ts"
import { patternFunction, patternHolds } from "./match-sql.ts"
import { inDurations } from "./narrow.ts"
import { planRuns, scansOf } from "./plan-runs.ts"
import { Reads } from "./reads.ts"
import { segmentsOf } from "./run-order.ts"
import { defaultScanBounds, type ScanBounds } from "./scan.ts"
import { Statements } from "./statements.ts"

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const runs = 120
/** One in twenty failed, and these are the shortest. */
const everyFailed = 20
/** One in thirty waited an hour for its start. */
const everyLate = 30
/** Of a list that is not kept: four rows in each of five pieces. */
const asksOfTotal = 20

let folder: string
let db: Database.Database

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "waybill-walks-"))
  const opened = openDatabase(folder)
  db = opened.db
  ensureSearchFile(opened.path)
  attachSearch(db)
  const writer = new Writer(db, { epoch: opened.epoch, sha256: hexSha256, now: () => 0 })
  for (let number = 0; number < runs; number += 1) {
    const history = new RunHistory(idOf(number), createdAt(number), { environment: number < 10 ? "dev" : "prod" })
    const commits = [history.created()]
    history.at = startedAt(number)
    commits.push(history.started())
    history.at += isFailed(number) ? 1 : 1_000 + number
    commits.push(isFailed(number) ? history.failed("broken") : history.completed())
    if (writer.commit(commits).kind !== "durable") throw new Error("not stored")
  }
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

const idOf = (number: number) => `run_${String(number).padStart(3, "0")}`
const createdAt = (number: number) => number * 5 * minuteMs
const startedAt = (number: number) => createdAt(number) + (number % everyLate === 0 ? hourMs : 0)
/** And the 64th, which is one of those at which a statement looks at the clock. */
const isFailed = (number: number) => number % everyFailed === 0 || number === 63
const numbers = Array.from({ length: runs }, (_, number) => number)
const time = (at: number) => new Date(at).toISOString()

/** All of a list, in pages of five, and how many runs the first page asked; `asksOfTotal` of these for its total. */
function listed(
  query: string,
  sort: RunSort,
  from: number | null = null,
  chunkRows = 4,
  more: Partial<ScanBounds> = {},
) {
  const reads = new Reads(db, "00", { ...defaultScanBounds, sortedRows: 0, chunkRows, countMs: -1, ...more })
  let asked = 0
  db.function(patternFunction, (source, text) => {
    asked += 1
    return patternHolds(source, text)
  })
  const filter = { ...withQuery(noFilter, parseRunQuery(`-id:/nobody/ ${query}`)), from }
  const found: string[] = []
  let cursor: string | null = null
  let askedOfFirst: number | null = null
  do {
    const answer = reads.runs({ workspaceId: "default", now: 2 ** 40, filter, sort, cursor, limit: 5 })
    if (!answer.ok) throw new Error(answer.message)
    askedOfFirst ??= asked
    found.push(...answer.page.items.map(({ runId }) => runId))
    cursor = answer.page.nextCursor
  } while (cursor !== null)
  return { found, askedOfFirst }
}

/** How a list in order of duration is walked. */
function scanOf(query: string) {
  const statements = new Statements(db, { clock: () => 0, transactionMs: 1, watch: null })
  const filter = withQuery(noFilter, parseRunQuery(query))
  const asked = askedOf(statements, { workspaceId: "default", filter, now: 0 }, null)
  return scansOf(planRuns(statements, asked, -1), asked, segmentsOf("duration")[0]!)[0]!
}

function preparedBy(act: () => void): readonly string[] {
  const prepared: string[] = []
  const prepare = db.prepare.bind(db)
  db.prepare = ((sql: string) => {
    prepared.push(sql)
    return prepare(sql)
  }) as typeof db.prepare
  act()
  db.prepare = prepare
  return prepared
}

/** The statements of a list that go through an index in order, or through a piece of it. */
function walksOf(query: string, sort: RunSort, index: string): readonly string[] {
  const walks = preparedBy(() => listed(query, sort)).filter((sql) => sql.includes(`r INDEXED BY ${index} WHERE`))
  expect(walks.length).toBeGreaterThan(0)
  return walks
}

/** The ranges of an index through which a list's first page goes in order. */
function rangesOf(query: string, sort: RunSort, index: string): readonly string[] {
  const walks = walksOf(query, sort, index).filter((sql) => sql.includes("ORDER BY"))
  const plans = walks.flatMap((sql) => {
    const values = Array(sql.match(/\?/g)?.length ?? 0).fill(1)
    const steps = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[]
    return steps.filter(({ detail }) => detail.startsWith("SEARCH r ") && detail.includes(`INDEX ${index} `))
  })
  return [...new Set(plans.map(({ detail }) => detail.slice(detail.indexOf("(") + 1, detail.lastIndexOf(")"))))]
}

describe("a walk in another order than that of the field that is asked", () => {
  it("passes the runs that cannot be meant without asking them", () => {
    const { found, askedOfFirst } = listed("code:broken", "-duration")
    expect(found).toHaveLength(numbers.filter(isFailed).length)
    expect(new Set(found)).toEqual(new Set(numbers.filter(isFailed).map(idOf)))
    expect(askedOfFirst).toBeLessThan(asksOfTotal + 30)
  })

  it("sorts the few by their times when it has passed many others and found no page", () => {
    const whole = preparedBy(() => {
      const { found } = listed("code:broken", "-duration", null, 1)
      expect(found).toEqual(numbers.filter(isFailed).map(idOf).reverse())
    }).filter((sql) => sql.includes("INDEXED BY workflow_runs_times"))
    expect(whole.length).toBeGreaterThan(0)
  })

  it("reads of the few that it sorts no more rows than its page has", () => {
    const rowsRead: number[] = []
    const all = Statements.prototype.all
    Statements.prototype.all = function (sql, values) {
      const rows = all.call(this, sql, values)
      if (sql.includes("json_each(?)")) rowsRead.push(rows.length)
      return rows
    }
    try {
      for (const sort of ["duration", "-createdAt", "startedAt", "-status"] as const) {
        const { found } = listed("code:broken", sort, null, 4, { sortedRows: 50 })
        expect(new Set(found)).toEqual(new Set(numbers.filter(isFailed).map(idOf)))
      }
    } finally {
      Statements.prototype.all = all
    }
    expect(rowsRead.length).toBeGreaterThan(0)
    // One more than the page tells that another follows; some may not be meant.
    expect(Math.max(...rowsRead)).toBeLessThanOrEqual(5 + 1 + 10)
  })

  it("asks in order of duration what stands in the index there, and gathers no keys for it", () => {
    const inIndex = (name: string) =>
      db.prepare<[string], string>("SELECT name FROM pragma_index_xinfo(?) WHERE name IS NOT NULL").pluck().all(name)
    expect(inIndex("workflow_runs_by_duration")).toEqual(expect.arrayContaining([...inDurations]))
    for (const query of [
      "status:failed",
      "wf:orders",
      "env:dev",
      "version:1.0",
      "code:broken",
      "retries:>0 tokens:<9",
    ]) {
      const { narrow } = scanOf(query)
      expect(narrow, query).toBe("wholly")
    }
    expect(scanOf("tag:a").narrow).toBe("nearly")
    for (const query of ["in.customer:1", "actor:ann", "message:broke", "has:note", "word"])
      expect(scanOf(query).narrow, query).toBeNull()
  })

  it("leaves to the next page what it cannot read in time, and loses none of it", () => {
    let pages = 0
    const reads = Reads.prototype.runs
    Reads.prototype.runs = function (...asked) {
      pages += 1
      return reads.apply(this, asked)
    }
    try {
      expect(listed("code:broken", "-duration", null, 1).found).toEqual(numbers.filter(isFailed).map(idOf).reverse())
      const inTime = pages
      pages = 0
      const late = listed("code:broken", "-duration", null, 1, { transactionMs: -1 })
      expect(late.found).toEqual(numbers.filter(isFailed).map(idOf).reverse())
      expect(pages).toBeGreaterThan(inTime)
    } finally {
      Reads.prototype.runs = reads
    }
  })

  it("goes through no status that none of those that are meant can have", () => {
    expect(new Set(listed("has:error", "status").found)).toEqual(new Set(numbers.filter(isFailed).map(idOf)))
    const statements = new Statements(db, { clock: () => 0, transactionMs: 1, watch: null })
    const possible = (query: string) => {
      const filter = withQuery(noFilter, parseRunQuery(query))
      const asked = askedOf(statements, { workspaceId: "default", filter, now: 0 }, null)
      return statusesPossible(statements, asked).filter((status) => ["COMPLETED", "FAILED"].includes(status))
    }
    expect(possible("step:work")).toEqual(["FAILED"])
    expect(possible("resolution:open")).toEqual(["FAILED"])
    expect(possible("-has:error dur:>1s")).toEqual(["COMPLETED"])
    expect(possible("tag:a -has:note")).toEqual(["COMPLETED", "FAILED"])
  })

  it("looks for a time of creation around it, and for the runs that waited long for their start", () => {
    const [least, most] = [createdAt(60), createdAt(69)]
    const meant = numbers.filter((number) => createdAt(number) >= least && createdAt(number) <= most)
    for (const sort of ["startedAt", "-startedAt"] as const) {
      const inOrder = [...meant].sort((a, b) => (startedAt(a) - startedAt(b)) * (sort === "startedAt" ? 1 : -1))
      const { found, askedOfFirst } = listed(`created:${time(least)}..${time(most)}`, sort)
      expect(found).toEqual(inOrder.map(idOf))
      expect(askedOfFirst).toBeLessThan(asksOfTotal + 30)
    }
  })

  it("begins and ends a walk in one order of time where the other bounds it", () => {
    const range = `${time(createdAt(60))}..${time(createdAt(69))}`
    expect(rangesOf(`created:${range}`, "-startedAt", "idx_workflow_executions_started_at")).toEqual([
      "workspace_id=? AND sort_at>? AND sort_at<?",
    ])
    expect(rangesOf(`started:${range}`, "-createdAt", "workflow_runs_by_created")).toEqual([
      "workspace_id=? AND created_at>? AND created_at<?",
    ])
  })

  it("goes through each piece from its own beginning, not from where all that is asked begins", () => {
    const range = `${time(createdAt(20))}..${time(createdAt(99))}`
    const pieces = walksOf(`started:${range}`, "-startedAt", "idx_workflow_executions_started_at").filter((sql) =>
      sql.includes("(r.sort_at, r.run_key) >="),
    )
    expect(pieces.length).toBeGreaterThan(1)
    // Of two bounds on one side the planner walks from that which stands first.
    for (const sql of pieces)
      expect(sql.indexOf("(r.sort_at, r.run_key) >=")).toBeLessThan(sql.indexOf("r.sort_at >= ?"))
  })

  it("begins in the order of creation where the runs of a field begin", () => {
    expect(rangesOf("env:dev", "-createdAt", "workflow_runs_by_created")).toEqual([
      "workspace_id=? AND created_at>? AND created_at<?",
    ])
    expect(listed("env:dev", "-createdAt").found).toEqual(numbers.slice(0, 10).reverse().map(idOf))
  })

  it("looks for a time of starting around it in the order of creation", () => {
    const [least, most] = [createdAt(60), createdAt(74)]
    const meant = numbers.filter((number) => startedAt(number) >= least && startedAt(number) <= most).map(idOf)
    expect(meant).toContain(idOf(60))
    const up = listed(`started:${time(least)}..${time(most)}`, "createdAt")
    expect(up.found).toEqual(meant)
    expect(up.askedOfFirst).toBeLessThan(asksOfTotal + 30)
    const down = listed(`started:${time(least)}..${time(most)}`, "-createdAt")
    expect(down.found).toEqual([...meant].reverse())
    const since = numbers.filter((number) => startedAt(number) + 2_000 >= least).map(idOf)
    expect(listed("status:completed,failed", "createdAt", least).found).toEqual(since)
  })
})
