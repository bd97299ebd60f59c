import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type Database from "better-sqlite3"
import { afterEach, beforeEach, expect, test } from "vitest"
import { QueryTooSlow } from "../../ports/query-too-slow.ts"
import { hexSha256, RunHistory } from "../../testing/builders/run-history.ts"
import { countTables } from "./count-tables.ts"
import { openDatabase } from "./open-database.ts"
import { ReaderPool } from "./reader-pool.ts"
import type { ReaderPatience } from "./reader-thread.ts"
import { Writer } from "./writer.ts"

let folder = ""
let db: Database.Database
let pool: ReaderPool
let path = ""
const givenUp: string[] = []

/** Rows enough for a second or more of one statement, none of which is what is looked for. */
const endless = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 12000000)
  SELECT -i AS run_key, 'run_timeout' AS kind, '' AS step_id, i AS due_at FROM n`

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "waybill-readers-"))
  const opened = openDatabase(folder)
  db = opened.db
  const history = new RunHistory("run_1", 1_000, {})
  new Writer(db, { epoch: opened.epoch, sha256: hexSha256, now: () => 0 }).commit([history.created()])
  db.exec(`DROP TABLE workflow_timers; CREATE VIEW workflow_timers AS ${endless}`)
  path = opened.path
  givenUp.length = 0
})
afterEach(async () => {
  await pool.close()
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Less patient than a server's. */
function opened(endingMax: number, patience: Partial<ReaderPatience> = {}): ReaderPool {
  const options = {
    patience: { transactionMs: 100, questionMs: 60_000, lookEveryMs: 20, endingMax, ...patience },
    onGivenUp: (message: string) => givenUp.push(message),
  }
  pool = new ReaderPool(path, "00", 2, options, true)
  return pool
}

const heldFrames = () => (db.pragma("wal_checkpoint(RESTART)") as { busy: number }[])[0]!.busy

test("a question that does not end is told as too slow; those behind it and beside it are answered, and the log is free again", async () => {
  const readers = opened(4)
  const order: string[] = []
  const named = <T>(name: string, answer: Promise<T>): Promise<T> => answer.finally(() => order.push(name))
  const slow = named("slow", readers.readAside("deadlines", "run_1"))
  const behind = named("behind", readers.readAside("steps", "run_1", 0, 10))
  const beside = named("beside", readers.read("run", "run_1"))
  await expect(slow).rejects.toThrow(QueryTooSlow)
  expect((await beside)?.runId).toBe("run_1")
  expect(await behind).toEqual([])
  expect(order.indexOf("slow")).toBeLessThan(order.indexOf("behind"))
  expect(givenUp).toHaveLength(1)
  expect(givenUp[0]).toMatch(/a read transaction is open for \d+ ms: deadlines; its reader is replaced/)
  await pool.close()
  expect(heldFrames()).toBe(0)
})

test("as long as readers that took too long are still ending, only so many others are started", async () => {
  const readers = opened(1)
  await expect(readers.readAside("deadlines", "run_1")).rejects.toThrow(QueryTooSlow)
  await expect(readers.readAside("steps", "run_1", 0, 10)).rejects.toThrow("still busy")
  expect((await readers.read("run", "run_1"))?.runId).toBe("run_1")
})

test("a question may be many short reads, but not without end", async () => {
  const readers = opened(4, { transactionMs: 60_000, questionMs: 100 })
  await expect(readers.readAside("deadlines", "run_1")).rejects.toThrow(QueryTooSlow)
  expect(givenUp[0]).toMatch(/a question is asked for \d+ ms: deadlines; its reader is replaced/)
})

test("a look through all counts is no read that does not end: one moment of a large store takes seconds", async () => {
  db.exec(`DROP TABLE run_counts_by_actor; CREATE VIEW run_counts_by_actor AS
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2000000)
    SELECT 'default' AS workspace_id, 'user:' || (i % 3) AS actor, CASE i WHEN 7 THEN 5 ELSE 0 END AS runs FROM n`)
  const adrift = await opened(4).readAside("countsAdrift", countTables.byActor, 10)
  expect(adrift).toEqual([{ table: "run_counts_by_actor", key: ["default", "user:1"], runs: -5 }])
  expect(givenUp).toEqual([])
})
