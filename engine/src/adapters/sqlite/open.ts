/**
 * Everything that stands on one data directory, opened and closed together. The composition root calls this and gives
 * the parts to the engine; nothing in here knows who uses them.
 */
import { createHash } from "node:crypto"
import { join } from "node:path"
import type { BlobStore } from "../../ports/blob-store.ts"
import { openDatabase, readMeta } from "./open-database.ts"
import { ProcessLock } from "./process-lock.ts"
import { SideLane } from "./side-lane.ts"
import { SqliteStore } from "./store.ts"
import { Writer } from "./writer.ts"

export interface SqliteOptions {
  /** The data directory; made when it is not there. */
  readonly folder: string
  readonly blobs: BlobStore
  /** Shown to a second process that wants the same folder. */
  readonly port: number | null
  /** Milliseconds since the epoch, for the expiry of keys. */
  readonly now?: () => number
}

export interface SqliteData {
  readonly store: SqliteStore
  /** Raised at each start: part of every fence's meaning (rule 35). */
  readonly epoch: number
  /** 64 hex digits, made with the database: keys of blobs and cursors are derived from it. */
  readonly secret: string
  close(): Promise<void>
}

/** The folder of the blobs that belong to a data directory. */
export function blobFolder(folder: string): string {
  return join(folder, "blobs")
}

export function openSqlite(options: SqliteOptions): SqliteData {
  const lock = ProcessLock.take(options.folder, { pid: process.pid, port: options.port })
  try {
    return openLocked(options, lock)
  } catch (error) {
    lock.release()
    throw error
  }
}

function openLocked(options: SqliteOptions, lock: ProcessLock): SqliteData {
  const { db, epoch } = openDatabase(options.folder)
  const writer = new Writer(db, { epoch, sha256: sha256Hex, now: options.now ?? Date.now })
  const lane = new SideLane(writer)
  const close = async (): Promise<void> => {
    db.close()
    lock.release()
  }
  const store = new SqliteStore({ db, writer, lane, blobs: options.blobs, onCommitted: () => {}, onClose: close })
  return { store, epoch, secret: readMeta(db, "secret")!, close: () => store.close() }
}

function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex")
}
