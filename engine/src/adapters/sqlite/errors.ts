/**
 * How SQLite's errors are told: why a data directory cannot be opened, and how a commit ended (rule 3).
 * A commit that failed with an I/O error may lie on disk or not, and what the page cache now says is no proof.
 */
import type { CommitOutcome } from "../../ports/store.ts"

export type StoreOpenCode =
  | "data_newer_than_program"
  | "data_not_waybill"
  | "data_corrupt"
  | "data_locked"
  | "data_read_only"
  | "data_full"
  | "data_unreadable"
  | "data_unsigned"
  | "sqlite_too_old"

/** What, where and how to mend it. The process exits 3 when `code` is `data_locked` (rule 26). */
export class StoreOpenError extends Error {
  readonly code: StoreOpenCode
  readonly path: string
  readonly hint: string
  constructor(code: StoreOpenCode, path: string, message: string, hint: string, options?: ErrorOptions) {
    super(message, options)
    this.name = "StoreOpenError"
    this.code = code
    this.path = path
    this.hint = hint
  }
}

/** The extended result code of an error that came out of SQLite, or null: it was none of its. */
export function sqliteCode(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return null
  return error.code.startsWith("SQLITE_") ? error.code : null
}

/** What was read is not what was written. A table that is missing is damage as well where the file makes its own. */
export function isDamage(error: unknown): boolean {
  const code = sqliteCode(error)
  if (code === "SQLITE_ERROR") return error instanceof Error && error.message.startsWith("no such table: ")
  return code !== null && isDamageCode(code)
}

export function isDamageCode(code: string): boolean {
  return code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB"
}

/**
 * `SQLITE_CORRUPT` and `NOTADB` count as unknown too: the transaction is undone, but nothing read from such a file may
 * be answered. What is not SQLite's own (a value that cannot be bound) was refused before it reached the file.
 */
export function outcomeOf(error: unknown, runId: string | null): Exclude<CommitOutcome, { kind: "durable" }> {
  const message = error instanceof Error ? error.message : String(error)
  const code = sqliteCode(error)
  if (code === null) return { kind: "refused", runId, code: "constraint", message }
  if (code.startsWith("SQLITE_IOERR") || code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB")
    return { kind: "unknown", message: `${code}: ${message}` }
  if (code.startsWith("SQLITE_FULL")) return { kind: "refused", runId: null, code: "disk_full", message }
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED"))
    return { kind: "refused", runId: null, code: "busy", message }
  if (code.startsWith("SQLITE_READONLY"))
    return { kind: "refused", runId: null, code: "read_only", message: `${code}: ${message}` }
  return { kind: "refused", runId, code: "constraint", message: `${code}: ${message}` }
}

export function openErrorOf(error: unknown, path: string): StoreOpenError {
  if (error instanceof StoreOpenError) return error
  const code = sqliteCode(error) ?? (error instanceof Error && "code" in error ? String(error.code) : "")
  const message = error instanceof Error ? error.message : String(error)
  const options = { cause: error }
  if (code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB")
    return new StoreOpenError(
      "data_corrupt",
      path,
      `${path} is damaged: ${message}`,
      "Stop, keep a copy of the folder, and restore the newest backup.",
      options,
    )
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED"))
    return new StoreOpenError(
      "data_locked",
      path,
      `${path} is locked by another program: ${message}`,
      "Close the program that has the database open (an SQLite shell, a backup tool), then start again.",
      options,
    )
  if (
    code.startsWith("SQLITE_READONLY") ||
    code === "EACCES" ||
    code === "EROFS" ||
    code === "EPERM" ||
    code === "SQLITE_CANTOPEN"
  )
    return new StoreOpenError(
      "data_read_only",
      path,
      `${path} cannot be written: ${message}`,
      "Give the user that runs Waybill write access to the folder, or choose another with WAYBILL_DATA_DIR.",
      options,
    )
  if (code.startsWith("SQLITE_FULL") || code === "ENOSPC")
    return new StoreOpenError(
      "data_full",
      path,
      `${path} has no room: ${message}`,
      "Free space on the disk, then start again; nothing acknowledged is lost.",
      options,
    )
  return new StoreOpenError(
    "data_unreadable",
    path,
    `${path} cannot be opened: ${message}`,
    "Check the disk; if the file is damaged, restore the newest backup.",
    options,
  )
}
