/**
 * One process a data directory (rule 26): an exclusive transaction on `lock.db`, held for the life of the process, with
 * its pid and port inside. The system lets go of it when the process ends, however it ends; there is no stale lock.
 */

import { join } from "node:path"
import Database from "better-sqlite3"
import { makeDataFolder } from "./data-folder.ts"
import { openErrorOf, StoreOpenError, sqliteCode } from "./errors.ts"

export interface LockHolder {
  readonly pid: number
  readonly port: number | null
}

export class ProcessLock {
  readonly #db: Database.Database

  private constructor(db: Database.Database) {
    this.#db = db
  }

  static take(folder: string, holder: LockHolder): ProcessLock {
    const path = join(folder, "lock.db")
    let db: Database.Database | null = null
    try {
      makeDataFolder(folder)
      db = new Database(path, { timeout: 0 })
      // In the write-ahead mode others can read who holds it while it is held.
      db.pragma("journal_mode = WAL")
      db.exec(
        "BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL, port INTEGER); DELETE FROM holder",
      )
      db.prepare("INSERT INTO holder (pid, port) VALUES (?, ?)").run(holder.pid, holder.port)
      db.exec("COMMIT; BEGIN EXCLUSIVE")
      const found = readHolder(db)
      if (found?.pid !== holder.pid) throw heldBy(path, found)
      return new ProcessLock(db)
    } catch (error) {
      const held = sqliteCode(error)?.startsWith("SQLITE_BUSY") === true
      const other = held && db !== null ? readHolder(db) : null
      db?.close()
      throw held ? heldBy(path, other) : openErrorOf(error, path)
    }
  }

  release(): void {
    if (this.#db.inTransaction) this.#db.exec("ROLLBACK")
    this.#db.close()
  }
}

function readHolder(db: Database.Database): LockHolder | null {
  try {
    return db.prepare<[], LockHolder>("SELECT pid, port FROM holder").get() ?? null
  } catch {
    return null
  }
}

function heldBy(path: string, holder: LockHolder | null): StoreOpenError {
  const port = holder?.port === null || holder === null ? "" : ` on port ${holder.port}`
  const who = holder === null ? "another process" : `process ${holder.pid}${port}`
  return new StoreOpenError(
    "data_locked",
    path,
    `${who} is using this data directory`,
    "Stop it first, use its HTTP interface, or choose another folder with WAYBILL_DATA_DIR.",
  )
}
