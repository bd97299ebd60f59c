/**
 * Opens the database of a data directory, or says why not: what, where, how to mend it. Nothing is repaired silently;
 * a file of a newer Waybill, a damaged one and an SQLite with the WAL-reset bug are refused.
 */

import { randomBytes } from "node:crypto"
import { statSync } from "node:fs"
import { join } from "node:path"
import Database from "better-sqlite3"
import { makeDataFolder } from "./data-folder.ts"
import { openErrorOf, StoreOpenError } from "./errors.ts"
import { raiseMarks } from "./high-marks.ts"
import { applicationId, migrations, schemaVersion } from "./schema.ts"

export const databaseName = "waybill.db"

/** Before it, two connections could corrupt a WAL when it was reset. */
const sqliteVersionMin = [3, 51, 3] as const

/** A full structural check costs about a second per 300 MB: only small files get it at every start. */
const quickCheckBytesMax = 32 << 20

/** Added to the epoch when a backup is put to use, so that workers of the time before are refused (rule 35). */
export const restoredEpochStep = 2 ** 20

export interface OpenedDatabase {
  readonly db: Database.Database
  readonly path: string
  /** Raised at each start; in every commit it must still be ours (rule 26). */
  readonly epoch: number
}

export interface OpenDatabaseOptions {
  /** How long to wait for another program that has the file locked. */
  readonly busyMs?: number
  /** What a migration needs beside its SQL; in its transaction, so that a crash leaves both to be done or neither. */
  onMigrated?(db: Database.Database, version: number): void
}

export function openDatabase(folder: string, options: OpenDatabaseOptions = {}): OpenedDatabase {
  const path = join(folder, databaseName)
  let db: Database.Database | null = null
  try {
    makeDataFolder(folder)
    const busyMs = options.busyMs ?? 5_000
    db = new Database(path, { timeout: busyMs })
    checkLibrary(db, path)
    checkOwner(db, path)
    configureWriter(db, busyMs)
    checkSound(db, path)
    migrate(db, options.onMigrated ?? (() => {}))
    raiseMarks(db)
    return { db, path, epoch: raiseEpoch(db) }
  } catch (error) {
    db?.close()
    throw openErrorOf(error, path)
  }
}

/** Reads only; for the threads that answer lists. */
export function openReader(path: string): Database.Database {
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: 5_000 })
  db.pragma("mmap_size = 0")
  db.pragma("query_only = 1")
  // A row that is looked at again is then not read again: most of what a walk through a large store costs.
  db.pragma("cache_size = -65536")
  db.pragma("temp_store = MEMORY")
  return db
}

/** WAL means `synchronous=NORMAL` unless it is set behind it: then a commit is no fsync (dependencies: SQLite). */
export function configureWriter(db: Database.Database, busyMs: number): void {
  if (db.pragma("journal_mode = WAL", { simple: true }) !== "wal")
    throw new StoreOpenError(
      "data_unreadable",
      db.name,
      `${db.name} cannot use write-ahead logging`,
      "Put the data directory on a local disk: network file systems cannot share its memory.",
    )
  db.pragma("synchronous = FULL")
  db.pragma(`busy_timeout = ${busyMs}`)
  db.pragma("mmap_size = 0")
  db.pragma("wal_autocheckpoint = 0")
  db.pragma("cache_size = -65536")
  db.pragma("temp_store = MEMORY")
  db.pragma("foreign_keys = OFF")
}

export function readMeta(db: Database.Database, name: string): string | null {
  return (
    db.prepare<[string], { value: string }>("SELECT value FROM waybill_meta WHERE name = ?").get(name)?.value ?? null
  )
}

export function writeMeta(db: Database.Database, name: string, value: string): void {
  db.prepare(
    "INSERT INTO waybill_meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
  ).run(name, value)
}

function checkLibrary(db: Database.Database, path: string): void {
  const version = db.prepare<[], { version: string }>("SELECT sqlite_version() AS version").get()!.version
  if (!olderThan(version, sqliteVersionMin)) return
  throw new StoreOpenError(
    "sqlite_too_old",
    path,
    `SQLite ${version} can corrupt a write-ahead log; ${sqliteVersionMin.join(".")} or newer is needed`,
    "Install the version of better-sqlite3 that Waybill's package.json names.",
  )
}

export function olderThan(version: string, least: readonly number[]): boolean {
  const parts = version.split(".").map(Number)
  for (const [index, wanted] of least.entries()) {
    const part = parts[index] ?? 0
    if (part !== wanted) return part < wanted
  }
  return false
}

function checkOwner(db: Database.Database, path: string): void {
  const version = db.pragma("user_version", { simple: true }) as number
  const owner = db.pragma("application_id", { simple: true }) as number
  const empty = db.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() === undefined
  if (!empty && owner !== applicationId)
    throw new StoreOpenError(
      "data_not_waybill",
      path,
      `${path} was not made by Waybill`,
      "Choose another folder with WAYBILL_DATA_DIR.",
    )
  if (version > schemaVersion)
    throw new StoreOpenError(
      "data_newer_than_program",
      path,
      `${path} has data of a newer Waybill (schema ${version}, this program knows ${schemaVersion})`,
      "Start the newer Waybill again, or restore a backup that the older one made.",
    )
}

function checkSound(db: Database.Database, path: string): void {
  if (statSync(path).size > quickCheckBytesMax) return
  const found = db.pragma("quick_check(1)", { simple: true }) as string
  if (found === "ok") return
  throw new StoreOpenError(
    "data_corrupt",
    path,
    `${path} is damaged: ${found}`,
    "Stop, keep a copy of the folder, and restore the newest backup.",
  )
}

function migrate(db: Database.Database, onMigrated: (db: Database.Database, version: number) => void): void {
  const known = db.pragma("user_version", { simple: true }) as number
  for (const migration of migrations) {
    if (migration.version <= known) continue
    db.transaction(() => {
      db.exec(migration.sql)
      migration.after?.(db)
      onMigrated(db, migration.version)
      db.pragma(`user_version = ${migration.version}`)
      if (known > 0) return
      db.pragma(`application_id = ${applicationId}`)
      writeMeta(db, "epoch", "0")
      writeMeta(db, "secret", randomBytes(32).toString("hex"))
    }).immediate()
  }
}

function raiseEpoch(db: Database.Database): number {
  return db
    .transaction(() => {
      const restored = readMeta(db, "backup_of") !== null
      const epoch = Number(readMeta(db, "epoch")) + (restored ? restoredEpochStep : 1)
      writeMeta(db, "epoch", String(epoch))
      if (restored) {
        writeMeta(db, "dispatch", "paused")
        db.prepare("DELETE FROM waybill_meta WHERE name = 'backup_of'").run()
      }
      return epoch
    })
    .immediate()
}
