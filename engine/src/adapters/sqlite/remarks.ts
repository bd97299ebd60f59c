/** The port `RemarkStore`: written through the one writer, in the lane of lower priority (rule 29). */
import type Database from "better-sqlite3"
import type { Noted } from "../../core/remarks/remark.ts"
import type { Standing } from "../../core/remarks/standing.ts"
import type { Remarked, RemarkPage, RemarkStore, RemarkWrite, RemarkWritten } from "../../ports/remark-store.ts"
import { notedFrom, type RemarkRow, remarkColumns, remarkFrom, remarkSource } from "./remark-rows.ts"
import { type Cell, runKeyOf } from "./rows.ts"
import type { SideLane } from "./side-lane.ts"
import type { Writer } from "./writer.ts"

/** Told at once; a transaction that wrote more is told in several parts. */
const toldMax = 500

type PlacedRow = RemarkRow & Omit<Remarked, "remark">

export class SqliteRemarks implements RemarkStore {
  readonly #db: Database.Database
  readonly #writer: Writer
  readonly #lane: SideLane
  readonly #sql: ReturnType<typeof prepare>

  constructor(db: Database.Database, writer: Writer, lane: SideLane) {
    this.#db = db
    this.#writer = writer
    this.#lane = lane
    this.#sql = prepare(db)
  }

  append(write: RemarkWrite): Promise<RemarkWritten> {
    return this.#lane.write(() => this.#append(write))
  }

  #append({ runId, remark, standing, answer }: RemarkWrite): RemarkWritten {
    const { remarks, position } = this.#writer
    const now = remarks.standing(runId)
    if (now === null || now.number !== standing.number - (remark === null ? 0 : 1)) return "stale"
    if (answer !== null && !this.#writer.keepAnswer(answer)) return "duplicate_key"
    if (remark !== null) remarks.write(remark, standing, position)
    return "durable"
  }

  async standing(runId: string): Promise<Standing | null> {
    return this.#writer.remarks.standing(runId)
  }

  async remark(remarkId: string): Promise<Noted | null> {
    const row = this.#sql.remark.get(remarkId)
    return row === undefined ? null : notedFrom(row)
  }

  async list(runId: string, { kinds, stepId, before, limit }: RemarkPage): Promise<readonly Noted[]> {
    const conditions = [`m.run_key = ${runKeyOf}`, "m.number < ?"]
    const values: Cell[] = [runId, before ?? Number.MAX_SAFE_INTEGER]
    if (kinds.length > 0) conditions.push(`m.kind IN (${kinds.map(() => "?").join(", ")})`)
    values.push(...kinds)
    if (stepId !== null) conditions.push("m.kind = 'note.added' AND m.body ->> '$.stepId' = ?")
    if (stepId !== null) values.push(stepId)
    const sql = `SELECT ${remarkColumns} FROM ${remarkSource} WHERE ${conditions.join(" AND ")}
      ORDER BY m.number DESC LIMIT ?`
    return this.#db
      .prepare<Cell[], RemarkRow>(sql)
      .all(...values, limit)
      .map(notedFrom)
  }

  newestKey(): number {
    return this.#sql.newest.get()!.key
  }

  keyAt(position: number): number {
    return this.#sql.keyAt.get(position)!.key
  }

  async since(key: number, limit: number): Promise<readonly Remarked[]> {
    return this.#since(key, limit)
  }

  onRemarked(listener: (remarked: readonly Remarked[]) => void): void {
    this.#writer.onRemarked = (before) => {
      for (let part = this.#since(before, toldMax); part.length > 0; ) {
        listener(part)
        part = part.length < toldMax ? [] : this.#since(part[part.length - 1]!.key, toldMax)
      }
    }
  }

  #since(key: number, limit: number): Remarked[] {
    return this.#sql.since.all(key, limit).map((row) => {
      const { position, workspaceId, workflowId, environment, status, seq } = row
      return { key: row.key, position, remark: remarkFrom(row), workspaceId, workflowId, environment, status, seq }
    })
  }
}

function prepare(db: Database.Database) {
  return {
    remark: db.prepare<[string], RemarkRow>(`SELECT ${remarkColumns} FROM ${remarkSource} WHERE m.remark_id = ?`),
    newest: db.prepare<[], { key: number }>("SELECT coalesce(max(remark_key), 0) AS key FROM workflow_run_remarks"),
    keyAt: db.prepare<[number], { key: number }>(
      `SELECT coalesce((SELECT remark_key FROM workflow_run_remarks WHERE position < ?
         ORDER BY position DESC, remark_key DESC LIMIT 1), 0) AS key`,
    ),
    since: db.prepare<[number, number], PlacedRow>(
      `SELECT m.remark_key AS key, m.position, ${remarkColumns}, r.workspace_id AS "workspaceId",
         r.workflow_id AS "workflowId", r.environment, r.status, r.seq
       FROM ${remarkSource} JOIN workflow_runs r ON r.run_key = m.run_key
       WHERE m.remark_key > ? ORDER BY m.remark_key LIMIT ?`,
    ),
  }
}
