/** The port `BulkStore`: written beside the runs' commits, in the lane of lower priority (rule 29). */
import type Database from "better-sqlite3"
import type { BulkItemRow, BulkItemState, BulkResult, BulkRow, BulkState, BulkStore } from "../../ports/bulk-store.ts"
import { type Cell, cells, columnOf, insertSql, type RowShape, selection } from "./rows.ts"
import type { SideLane } from "./side-lane.ts"

const bulkShape: RowShape<BulkRow> = {
  table: "workflow_bulk",
  fixed: [
    "bulkId",
    "workspaceId",
    "action",
    "reason",
    "query",
    "fromState",
    "change",
    "actor",
    "createdAt",
    "requestKey",
    "bodyHash",
  ],
  moving: ["state", "completedAt", "total", "done", "refused"],
}

const itemShape: RowShape<BulkItemRow> = {
  table: "workflow_bulk_items",
  fixed: ["number", "runId"],
  moving: ["state", "code", "message", "newRunId"],
}

export class SqliteBulk implements BulkStore {
  readonly #lane: SideLane
  readonly #sql: ReturnType<typeof prepare>

  constructor(db: Database.Database, lane: SideLane) {
    this.#lane = lane
    this.#sql = prepare(db)
  }

  create(row: BulkRow): Promise<boolean> {
    return this.#lane.write(() => {
      if (row.requestKey !== null && this.#sql.byKey.get(row.requestKey) !== undefined) return false
      this.#sql.create.run(...cells(cells([], row, bulkShape.fixed), row, bulkShape.moving))
      return true
    })
  }

  add(bulkId: string, runIds: readonly string[]): Promise<void> {
    return this.#lane.write(() => {
      let number = this.#sql.find.get(bulkId)!.total
      for (const runId of runIds) {
        number += 1
        this.#sql.add.run(bulkId, number, runId, "waiting", null, null, null)
      }
      this.#sql.grow.run(number, bulkId)
    })
  }

  move(bulkId: string, from: readonly BulkState[], to: BulkState, at: number): Promise<BulkRow | null> {
    return this.#lane.write(() => {
      const row = this.#sql.find.get(bulkId)
      if (row === undefined || !from.includes(row.state)) return null
      this.#sql.move.run(to, to === "done" || to === "aborted" ? at : null, bulkId)
      return this.#sql.find.get(bulkId)!
    })
  }

  settle(bulkId: string, results: readonly BulkResult[], at: number): Promise<void> {
    return this.#lane.write(() => {
      let done = 0
      let refused = 0
      for (const { number, state, code, message, newRunId } of results) {
        if (this.#sql.settle.run(state, code, message, newRunId, bulkId, number).changes === 0) continue
        if (state === "done") done += 1
        else refused += 1
      }
      this.#sql.count.run(done, refused, bulkId)
      this.#sql.over.run(at, bulkId)
    })
  }

  async find(bulkId: string): Promise<BulkRow | null> {
    return this.#sql.find.get(bulkId) ?? null
  }

  async findByKey(requestKey: string): Promise<BulkRow | null> {
    return this.#sql.byKey.get(requestKey) ?? null
  }

  async list(workspaceId: string, before: string | null, limit: number): Promise<readonly BulkRow[]> {
    return this.#sql.list.all(workspaceId, before, before, limit)
  }

  async running(after: string, limit: number): Promise<readonly BulkRow[]> {
    return this.#sql.running.all(after, limit)
  }

  async items(
    bulkId: string,
    state: BulkItemState | null,
    after: number,
    limit: number,
  ): Promise<readonly BulkItemRow[]> {
    return state === null
      ? this.#sql.items.all(bulkId, after, limit)
      : this.#sql.itemsIn.all(bulkId, state, after, limit)
  }

  discard(bulkId: string): Promise<void> {
    return this.#forget(bulkId)
  }

  forgetFreezing(): Promise<void> {
    return this.#forget(null)
  }

  /** Null: all that are freezing. */
  #forget(bulkId: string | null): Promise<void> {
    return this.#lane.write(() => {
      this.#sql.forgetItems.run(bulkId, bulkId)
      this.#sql.forget.run(bulkId, bulkId)
    })
  }
}

function prepare(db: Database.Database) {
  const bulk = `SELECT ${selection(bulkShape, "b")} FROM workflow_bulk b`
  const item = `SELECT ${selection(itemShape, "i")} FROM workflow_bulk_items i WHERE i.bulk_id = ?`
  const changed = itemShape.moving.map((field) => `${columnOf(field)} = ?`).join(", ")
  return {
    create: db.prepare<Cell[]>(insertSql(bulkShape, [])),
    add: db.prepare<Cell[]>(insertSql(itemShape, ["bulk_id"])),
    grow: db.prepare<[number, string]>("UPDATE workflow_bulk SET total = ? WHERE bulk_id = ?"),
    move: db.prepare<[string, number | null, string]>(
      "UPDATE workflow_bulk SET state = ?, completed_at = ? WHERE bulk_id = ?",
    ),
    settle: db.prepare<Cell[]>(
      `UPDATE workflow_bulk_items SET ${changed} WHERE bulk_id = ? AND number = ? AND state = 'waiting'`,
    ),
    count: db.prepare<[number, number, string]>(
      "UPDATE workflow_bulk SET done = done + ?, refused = refused + ? WHERE bulk_id = ?",
    ),
    over: db.prepare<[number, string]>(
      `UPDATE workflow_bulk SET state = 'done', completed_at = ?
       WHERE bulk_id = ? AND state IN ('running', 'paused') AND done + refused = total`,
    ),
    find: db.prepare<[string], BulkRow>(`${bulk} WHERE b.bulk_id = ?`),
    byKey: db.prepare<[string], BulkRow>(`${bulk} WHERE b.request_key = ?`),
    list: db.prepare<[string, string | null, string | null, number], BulkRow>(
      `${bulk} WHERE b.workspace_id = ? AND b.state <> 'freezing' AND (? IS NULL OR b.bulk_id < ?)
       ORDER BY b.bulk_id DESC LIMIT ?`,
    ),
    running: db.prepare<[string, number], BulkRow>(
      `${bulk} WHERE b.state = 'running'
       ORDER BY row_number() OVER (PARTITION BY b.workspace_id ORDER BY b.bulk_id), b.workspace_id <= ?, b.workspace_id
       LIMIT ?`,
    ),
    items: db.prepare<[string, number, number], BulkItemRow>(`${item} AND i.number > ? ORDER BY i.number LIMIT ?`),
    itemsIn: db.prepare<[string, string, number, number], BulkItemRow>(
      `${item} AND i.state = ? AND i.number > ? ORDER BY i.number LIMIT ?`,
    ),
    forgetItems: db.prepare<[string | null, string | null]>(
      `DELETE FROM workflow_bulk_items WHERE bulk_id IN (
         SELECT bulk_id FROM workflow_bulk WHERE state = 'freezing' AND (? IS NULL OR bulk_id = ?))`,
    ),
    forget: db.prepare<[string | null, string | null]>(
      "DELETE FROM workflow_bulk WHERE state = 'freezing' AND (? IS NULL OR bulk_id = ?)",
    ),
  }
}
