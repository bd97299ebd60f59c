import { mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { configureWriter } from "./open-database.ts"
import type { CheckpointResult } from "./reader-messages.ts"
import { ReaderThread } from "./reader-thread.ts"

let folder = ""
let path = ""
let db: Database.Database
let thread: ReaderThread

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "waybill-checkpoint-"))
  path = join(folder, "waybill.db")
  db = new Database(path)
  configureWriter(db, 1_000)
  db.exec("CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('one')")
  thread = new ReaderThread({ kind: "checkpointer", path, secret: "" })
})
afterEach(async () => {
  await thread.close()
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

describe("the thread of checkpoints", () => {
  it("copies the log into the database, and the next commit begins the log anew", async () => {
    const logBytes = (): number => statSync(`${path}-wal`).size
    const before = logBytes()
    const result = (await thread.ask({ kind: "checkpoint", mode: "RESTART" })) as CheckpointResult
    expect(result.done).toBe(result.frames)
    expect(result.frames).toBeGreaterThan(0)
    db.exec("INSERT INTO notes VALUES ('two')")
    expect(logBytes()).toBe(before)
  })
})
