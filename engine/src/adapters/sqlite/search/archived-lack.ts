/**
 * Which archived runs the index lacks: those of which it found no values when it was filled, since they had left the
 * database. What a batch says comes out of the room of the archive, where the batch lies checked; it is never fetched here.
 */
import Database from "better-sqlite3"
import type { SearchLack } from "../../../ports/search-index.ts"
import { byRun, type EventAt, type FeedRow, feedColumns, isRead } from "./feed-rows.ts"

interface Batch {
  readonly batchId: string
  readonly workspaceId: string
  readonly fromAt: number
  readonly fromKey: number
  readonly toAt: number
  readonly toKey: number
  readonly runs: number
}

export class ArchivedLack {
  readonly #search: Database.Database
  readonly #sql: ReturnType<typeof prepare>
  /** Batches that lack something, newest first, as of the last look. */
  #lacking: readonly Batch[] = []
  #seen = ""

  constructor(runs: Database.Database, search: Database.Database) {
    this.#search = search
    this.#sql = prepare(runs, search)
  }

  next(except: readonly string[]): SearchLack {
    const { count, at } = this.#sql.sum.get()!
    const { known } = this.#sql.known.get()!
    const seen = `${count} ${at} ${known}`
    if (seen !== this.#seen) this.#look()
    this.#seen = `${count} ${at} ${this.#sql.known.get()!.known}`
    const runs = this.#lacking.reduce((sum, batch) => sum + batch.runs, 0)
    return { batchId: this.#lacking.find(({ batchId }) => !except.includes(batchId))?.batchId ?? null, runs }
  }

  /** @param put inside one transaction with the mark that the batch is in */
  read(batchId: string, place: string, put: (runs: readonly (readonly FeedRow[])[], eventAt: EventAt) => void): void {
    const room = new Database(place, { readonly: true, fileMustExist: true, timeout: 5_000 })
    try {
      const rows = room
        .prepare<[string], FeedRow>(
          `SELECT ${feedColumns} FROM room_runs o JOIN workflow_run_events e ON e.run_key = o.run_key
           WHERE o.batch_id = ? AND ${isRead} ORDER BY e.run_key, e.seq`,
        )
        .all(batchId)
      const event = room.prepare<[number, number], FeedRow>(
        `SELECT ${feedColumns} FROM workflow_run_events e WHERE e.run_key = ? AND e.seq = ?`,
      )
      this.#search
        .transaction(() => {
          put([...byRun(rows)], (runKey, seq) => event.get(runKey, seq))
          this.#sql.isIn.run(batchId)
        })
        .immediate()
    } finally {
      room.close()
    }
    this.#lacking = this.#lacking.filter((batch) => batch.batchId !== batchId)
    const { count, at } = this.#sql.sum.get()!
    this.#seen = `${count} ${at} ${this.#sql.known.get()!.known}`
  }

  /** Batches that came since: most are in already, read before their runs left. */
  #look(): void {
    const known = new Set(this.#sql.all.all().map(({ batchId }) => batchId))
    const kept = this.#sql.kept.all()
    const there = new Set(kept.map(({ batchId }) => batchId))
    const lacking: Batch[] = []
    this.#search
      .transaction(() => {
        for (const batchId of known) if (!there.has(batchId)) this.#sql.gone.run(batchId)
        for (const batch of kept) {
          if (known.has(batch.batchId)) continue
          if (this.#hasAll(batch)) this.#sql.isIn.run(batch.batchId)
          else lacking.push(batch)
        }
      })
      .immediate()
    this.#lacking = lacking
  }

  #hasAll({ workspaceId, fromAt, fromKey, toAt, toKey }: Batch): boolean {
    for (const { runKey } of this.#sql.ofBatch.iterate(workspaceId, fromAt, fromAt, fromKey, toAt, toKey))
      if (this.#sql.valued.get(runKey) === undefined) return false
    return true
  }
}

function prepare(runs: Database.Database, search: Database.Database) {
  return {
    sum: runs.prepare<[], { count: number; at: number | null }>(
      "SELECT count(*) AS count, max(at) AS at FROM archive_batches WHERE state = 'kept'",
    ),
    kept: runs.prepare<[], Batch>(
      `SELECT batch_id AS "batchId", workspace_id AS "workspaceId", from_completed_at AS "fromAt",
         from_run_key AS "fromKey", to_completed_at AS "toAt", to_run_key AS "toKey", runs
       FROM archive_batches WHERE state = 'kept' ORDER BY to_completed_at DESC, to_run_key DESC`,
    ),
    ofBatch: runs.prepare<[string, number, number, number, number, number], { runKey: number }>(
      `SELECT run_key AS "runKey" FROM workflow_runs INDEXED BY workflow_runs_finished
       WHERE completed_at IS NOT NULL AND workspace_id = ? AND completed_at >= ?
         AND (completed_at, run_key) > (?, ?) AND (completed_at, run_key) <= (?, ?)`,
    ),
    known: search.prepare<[], { known: number }>("SELECT count(*) AS known FROM archived_batches"),
    all: search.prepare<[], { batchId: string }>(`SELECT batch_id AS "batchId" FROM archived_batches`),
    isIn: search.prepare<[string]>("INSERT OR IGNORE INTO archived_batches (batch_id) VALUES (?)"),
    gone: search.prepare<[string]>("DELETE FROM archived_batches WHERE batch_id = ?"),
    valued: search.prepare<[number], { one: 1 }>(
      "SELECT 1 AS one FROM indexed_runs WHERE run_key = ? AND valued = 1 AND completed_at IS NOT NULL",
    ),
  }
}
