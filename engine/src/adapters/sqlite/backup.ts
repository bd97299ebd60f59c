/**
 * An online copy of the database into one file of its own, while runs go on: some pages a turn of the event loop, what is
 * committed meanwhile included. The copy is marked, so that whoever starts on it starts with dispatch held (rule 35).
 */
import { open, rm, stat } from "node:fs/promises"
import { dirname } from "node:path"
import Database from "better-sqlite3"
import { newestPosition } from "./high-marks.ts"
import { readMeta, writeMeta } from "./open-database.ts"

/** Pages a turn: about a millisecond. */
const pagesPerTurn = 500

export async function backupDatabase(
  db: Database.Database,
  file: string,
): Promise<{ readonly bytes: number; readonly position: number }> {
  // Never over something that is there: a mistyped name must not cost the last good backup.
  await (await open(file, "wx", 0o600)).close()
  try {
    await db.backup(file, { progress: () => pagesPerTurn })
    const position = mark(file)
    await sync(file)
    await sync(dirname(file))
    return { bytes: (await stat(file)).size, position }
  } catch (error) {
    await rm(file, { force: true })
    throw error
  }
}

/** Of the copy, not of the original: it is what the copy holds that counts. */
function mark(file: string): number {
  const copy = new Database(file)
  try {
    // One file, without a log beside it.
    copy.pragma("journal_mode = DELETE")
    copy.pragma("synchronous = FULL")
    writeMeta(copy, "backup_of", readMeta(copy, "epoch") ?? "0")
    return copy.prepare<[], { position: number }>(`SELECT ${newestPosition} AS position`).get()!.position
  } finally {
    copy.close()
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, "r")
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
