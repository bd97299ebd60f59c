import Database from "better-sqlite3"

/** Of the SQLite that a store would be opened with. */
export function libraryVersion(): string {
  const db = new Database(":memory:")
  try {
    return db.prepare<[], { version: string }>("SELECT sqlite_version() AS version").get()!.version
  } finally {
    db.close()
  }
}
