/**
 * The floor that nothing durable can be faster than: four appends a run (start and three steps), 200 runs in flight, all
 * that is asked in one turn of the loop in one transaction with one sync. No hashes, no rows, no agents.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { inFlight } from "./numbers.ts"

const stepsPerRun = 4

/** Runs a second. */
export async function bareJournal(runs: number, parallel: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "waybill-bench-"))
  const db = new Database(join(folder, "journal.db"))
  db.pragma("journal_mode = WAL")
  db.pragma("synchronous = FULL")
  db.exec(
    "CREATE TABLE journal (position INTEGER PRIMARY KEY, run INTEGER NOT NULL, step INTEGER NOT NULL, value TEXT NOT NULL) STRICT",
  )
  const insert = db.prepare("INSERT INTO journal (run, step, value) VALUES (?, ?, ?)")
  let waiting: { readonly run: number; readonly step: number; readonly done: () => void }[] = []
  const flush = db.transaction((batch: typeof waiting) => {
    for (const { run, step } of batch) insert.run(run, step, '{"n":1}')
  })
  const append = (run: number, step: number): Promise<void> =>
    new Promise((done) => {
      if (waiting.length === 0)
        setImmediate(() => {
          const batch = waiting
          waiting = []
          flush(batch)
          for (const one of batch) one.done()
        })
      waiting.push({ run, step, done })
    })
  const at = performance.now()
  await inFlight(runs, parallel, async (run) => {
    for (let step = 0; step < stepsPerRun; step++) await append(run, step)
  })
  const ms = performance.now() - at
  db.close()
  rmSync(folder, { recursive: true, force: true })
  return (runs / ms) * 1_000
}
