/**
 * The port `AttachmentStore`: written in the lane of lower priority (rule 29), read by points of an index. Whether the
 * run may still have one is asked in the transaction that adds it, so that nothing is added behind retention's back.
 */
import type Database from "better-sqlite3"
import type {
  AttachmentBounds,
  AttachmentRow,
  AttachmentStore,
  AttachmentWritten,
  NewAttachment,
} from "../../ports/attachments.ts"
import type { IdempotentAnswer } from "../../ports/store.ts"
import { runKeyOf } from "./rows.ts"
import type { SideLane } from "./side-lane.ts"
import type { Writer } from "./writer.ts"

export class SqliteAttachments implements AttachmentStore {
  readonly #writer: Writer
  readonly #lane: SideLane
  readonly #sql: ReturnType<typeof prepare>

  constructor(db: Database.Database, writer: Writer, lane: SideLane) {
    this.#writer = writer
    this.#lane = lane
    this.#sql = prepare(db)
  }

  add(
    attachment: NewAttachment,
    bounds: AttachmentBounds,
    answer: ((number: number) => IdempotentAnswer) | null,
  ): Promise<AttachmentWritten> {
    return this.#lane.write(() => this.#add(attachment, bounds, answer))
  }

  #add(
    made: NewAttachment,
    { countMax, bytesMax }: AttachmentBounds,
    answer: ((number: number) => IdempotentAnswer) | null,
  ): AttachmentWritten {
    const run = this.#sql.run.get(made.runId)
    if (run === undefined) return { kind: "missing" }
    if (run.isCleared === 1) return { kind: "expired" }
    const { stepId, attempt, name, sha256 } = made
    const alike = stepId === null ? undefined : this.#sql.alike.get(run.runKey, stepId, attempt, name, sha256)
    if (alike !== undefined) return { kind: "known", ...alike }
    const head = this.#sql.head.get(run.runKey)!
    if (head.number >= countMax || head.bytes + made.bytes > bytesMax) return { kind: "full" }
    const number = head.number + 1
    if (answer !== null && !this.#writer.keepAnswer(answer(number))) return { kind: "duplicate_key" }
    this.#sql.add.run({ ...made, number, runKey: run.runKey, redacted: made.redacted ? 1 : 0 })
    return { kind: "durable", number }
  }

  async list(runId: string, after: number, limit: number): Promise<readonly AttachmentRow[]> {
    return this.#sql.list.all(runId, after, limit).map(rowOf)
  }

  async get(attachmentId: string): Promise<AttachmentRow | null> {
    const row = this.#sql.get.get(attachmentId)
    return row === undefined ? null : rowOf(row)
  }

  /** Some attachment's content lies there. */
  isNamed(file: string): boolean {
    return this.#sql.named.get(file) !== undefined
  }
}

type Stored = Omit<AttachmentRow, "redacted" | "archived"> & { readonly redacted: number; readonly archived: number }

function rowOf(row: Stored): AttachmentRow {
  return { ...row, redacted: row.redacted === 1, archived: row.archived === 1 }
}

/** The batch of the run names it: the first that ends at or behind the run, where it begins in front of it. */
const liesInArchive = `EXISTS (
  SELECT 1 FROM archive_batches b JOIN archive_contents c ON c.batch_id = b.batch_id AND c.sha256 = a.sha256
  WHERE b.batch_id = (
      SELECT k.batch_id FROM archive_batches k
      WHERE k.workspace_id = r.workspace_id AND (k.to_completed_at, k.to_run_key) >= (r.completed_at, r.run_key)
        AND k.state = 'kept'
      ORDER BY k.to_completed_at, k.to_run_key LIMIT 1)
    AND (b.from_completed_at, b.from_run_key) < (r.completed_at, r.run_key))`

function prepare(db: Database.Database) {
  const row = `a.attachment_id AS "attachmentId", r.run_id AS "runId", r.workspace_id AS "workspaceId", a.number, a.at,
    a.actor, a.step_id AS "stepId", a.attempt, a.name, a.content_type AS "contentType", a.bytes, a.sha256, a.redacted,
    a.file, a.file IS NULL AND ${liesInArchive} AS archived
    FROM workflow_run_attachments a JOIN workflow_runs r ON r.run_key = a.run_key`
  return {
    run: db.prepare<[string], { runKey: number; isCleared: 0 | 1 }>(
      `SELECT r.run_key AS "runKey", r.completed_at IS NOT NULL AND EXISTS (
         SELECT 1 FROM retention_progress p
         WHERE p.workspace_id = r.workspace_id AND p.class IN ('archive', 'io', 'events', 'summaries')
           AND (p.completed_at, p.run_key) >= (r.completed_at, r.run_key)) AS "isCleared"
       FROM workflow_runs r WHERE r.run_key = ${runKeyOf}`,
    ),
    head: db.prepare<[number], { number: number; bytes: number }>(
      `SELECT coalesce(max(number), 0) AS number, coalesce(sum(bytes), 0) AS bytes
       FROM workflow_run_attachments WHERE run_key = ?`,
    ),
    alike: db.prepare<[number, string, number | null, string, string], { attachmentId: string }>(
      `SELECT attachment_id AS "attachmentId" FROM workflow_run_attachments
       WHERE run_key = ? AND step_id = ? AND attempt = ? AND name = ? AND sha256 = ? LIMIT 1`,
    ),
    add: db.prepare(
      `INSERT INTO workflow_run_attachments (attachment_id, run_key, number, at, actor, step_id, attempt, name,
         content_type, bytes, sha256, redacted, file)
       VALUES (@attachmentId, @runKey, @number, @at, @actor, @stepId, @attempt, @name, @contentType, @bytes, @sha256,
         @redacted, @file)`,
    ),
    list: db.prepare<[string, number, number], Stored>(
      `SELECT ${row} WHERE a.run_key = ${runKeyOf} AND a.number > ? ORDER BY a.number LIMIT ?`,
    ),
    get: db.prepare<[string], Stored>(`SELECT ${row} WHERE a.attachment_id = ?`),
    named: db.prepare<[string], { one: 1 }>("SELECT 1 AS one FROM workflow_run_attachments WHERE file = ?"),
  }
}
