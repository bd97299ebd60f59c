/**
 * The store of a stopped server, opened for looking after it: with the lock, so that no server can start meanwhile
 * (rule 26), and without anything that would move a run.
 */
import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { type Admin, type ArchiveStore, openAdmin, openArchiveCheck } from "@waybill/engine"
import { DurableFiles } from "@waybill/engine/adapters/blobs/durable-files"
import { FileBlobs } from "@waybill/engine/adapters/blobs/files"
import { createJsonSchemas } from "@waybill/engine/adapters/schemas/index"
import { verifyFolder } from "@waybill/engine/adapters/sqlite/archive/verify-folder"
import { StoreOpenError } from "@waybill/engine/adapters/sqlite/errors"
import { blobFolder, contentFolder, openSqlite } from "@waybill/engine/adapters/sqlite/open"
import { systemHashing } from "@waybill/engine/adapters/system/hashing"
import { keyFileOf, keysAt } from "./keys-beside.ts"

export { keyFileOf, StoreOpenError, verifyFolder }

export interface OpenUpkeep extends Admin {
  close(): Promise<void>
}

/**
 * @param archive where archived runs lie; null: nothing is said of them
 * @throws StoreOpenError, `data_locked` when a process holds the directory
 */
export async function openUpkeep(
  dataDir: string,
  keyFile = join(dataDir, "redaction.key"),
  archive: ArchiveStore | null = null,
): Promise<OpenUpkeep> {
  const blobs = new FileBlobs(blobFolder(dataDir))
  const contents = new DurableFiles(contentFolder(dataDir))
  const data = openSqlite({ folder: dataDir, blobs, contents, port: null, ...keysAt(keyFile) })
  try {
    const admin = await openAdmin({
      history: data.history,
      audit: data.audit,
      definitionStore: data.definitions,
      measures: data.measures,
      search: data.search,
      ...(archive !== null && { verifyArchive: openArchiveCheck({ shelf: data.shelf, store: archive }) }),
      compileSchema: createJsonSchemas().compile,
      hashing: systemHashing,
      now: Date.now,
    })
    return { ...admin, close: () => data.close() }
  } catch (error) {
    await data.close()
    throw error
  }
}

/** Always a new file in the data directory's own folder. */
export async function backupFile(dataDir: string, name: string | null, now: number): Promise<string> {
  const folder = join(dataDir, "backups")
  await mkdir(folder, { recursive: true })
  return join(folder, name ?? `waybill-${new Date(now).toISOString().replace(/[:.]/g, "-")}.db`)
}
