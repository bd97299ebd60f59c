/** The database of archived runs that are looked at: the store's own tables, so that the same reads work on both. */
import Database from "better-sqlite3"
import { migrations } from "../schema.ts"
import type { ReadBatch } from "./batch-files.ts"
import { roomTables } from "./batch-tables.ts"
import type { TableRow } from "./tables.ts"

export class RoomDatabase {
  readonly #db: Database.Database

  /** @param path of a file that is not there: what was in a room before lies in the archive */
  constructor(path: string) {
    this.#db = new Database(path)
    this.#db.pragma("journal_mode = WAL")
    this.#db.pragma("synchronous = OFF")
    this.#db.pragma("mmap_size = 0")
    for (const { sql } of migrations) this.#db.exec(sql)
    this.#db.exec(`
      CREATE TABLE room_runs (batch_id TEXT NOT NULL, run_key INTEGER NOT NULL, PRIMARY KEY (batch_id, run_key)) STRICT;
      CREATE INDEX room_runs_by_key ON room_runs (run_key);
      CREATE TABLE room_blobs (
        hash TEXT NOT NULL, batch_id TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (hash, batch_id)
      ) STRICT;
      CREATE INDEX room_blobs_of ON room_blobs (batch_id);
    `)
  }

  /**
   * What holds one of its runs already is the batch that it was before a run of it was erased: that goes, whole.
   * @returns those that went
   */
  fill(batchId: string, { manifest, rows }: ReadBatch): readonly string[] {
    return this.#db.transaction(() => {
      this.#drop(batchId)
      const before = this.#holding(manifest.runs)
      for (const other of before) this.#drop(other)
      const key = this.#db.prepare("INSERT OR REPLACE INTO workflow_run_keys (run_key, run_id) VALUES (?, ?)")
      const own = this.#db.prepare("INSERT INTO room_runs (batch_id, run_key) VALUES (?, ?)")
      for (const { runKey, runId } of manifest.runs) {
        key.run(runKey, runId)
        own.run(batchId, runKey)
      }
      for (const [name, table] of Object.entries(roomTables)) this.#insert(table, rows[name] ?? [])
      const blob = this.#db.prepare("INSERT INTO room_blobs (hash, batch_id, value) VALUES (?, ?, ?)")
      for (const row of rows.blobs ?? []) blob.run(row.hash, batchId, row.value)
      return before
    })()
  }

  drop(batchId: string): void {
    this.#db.transaction(() => this.#drop(batchId))()
  }

  /** Batches in the room that have the run. */
  with(runId: string): readonly string[] {
    return this.#holding(
      this.#db
        .prepare<[string], { runKey: number }>(`SELECT run_key AS "runKey" FROM workflow_run_keys WHERE run_id = ?`)
        .all(runId),
    )
  }

  blobs(hashes: readonly string[]): readonly (readonly [string, string])[] {
    const one = this.#db.prepare<[string], { value: string }>("SELECT value FROM room_blobs WHERE hash = ? LIMIT 1")
    return hashes.flatMap((hash) => {
      const row = one.get(hash)
      return row === undefined ? [] : [[hash, row.value] as const]
    })
  }

  #holding(runs: readonly { readonly runKey: number }[]): readonly string[] {
    const of = this.#db.prepare<[number], { batchId: string }>(
      `SELECT batch_id AS "batchId" FROM room_runs WHERE run_key = ?`,
    )
    return [...new Set(runs.flatMap(({ runKey }) => of.all(runKey).map(({ batchId }) => batchId)))]
  }

  #drop(batchId: string): void {
    for (const table of [...Object.values(roomTables), "workflow_run_keys"])
      this.#db
        .prepare(`DELETE FROM ${table} WHERE run_key IN (SELECT run_key FROM room_runs WHERE batch_id = ?)`)
        .run(batchId)
    this.#db.prepare("DELETE FROM room_runs WHERE batch_id = ?").run(batchId)
    this.#db.prepare("DELETE FROM room_blobs WHERE batch_id = ?").run(batchId)
  }

  /** Columns that the batch has and the table too: one of another release may have more or fewer. */
  #insert(table: string, rows: readonly TableRow[]): void {
    if (rows.length === 0) return
    const known = new Set(columnsOf(this.#db, table).map(({ name }) => name))
    const names = Object.keys(rows[0]!).filter((name) => known.has(name))
    const insert = this.#db.prepare(
      `INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`,
    )
    for (const row of rows) insert.run(names.map((name) => row[name]))
  }
}

export function columnsOf(db: Database.Database, table: string) {
  return db
    .prepare<[string], { name: string; type: "TEXT" | "INTEGER" | "REAL" }>(
      "SELECT name, type FROM pragma_table_info(?) ORDER BY cid",
    )
    .all(table)
}
