import Database from "better-sqlite3"

/** Of the library the store uses; the engine refuses to start on one with known damage. */
export function sqliteVersion(): string {
  const db = new Database(":memory:")
  try {
    return db.prepare<[], { version: string }>("SELECT sqlite_version() AS version").get()!.version
  } finally {
    db.close()
  }
}
