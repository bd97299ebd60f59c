/**
 * The port `RunEraser`: a run goes as retention takes it with its row, under a signed seal, in pieces of the lower lane. The
 * index over values is told in the same commit, and messages about it that were sent, or were to be, go along.
 */
import type Database from "better-sqlite3"
import type { AuditDraft } from "../../ports/audit-store.ts"
import type { ErasableRun, Erasure, RunEraser } from "../../ports/run-eraser.ts"
import type { SqliteAudit } from "./audit.ts"
import type { DueRun, SqliteRetention } from "./retention.ts"
import type { SideLane } from "./side-lane.ts"

interface FoundRun extends DueRun {
  readonly workspaceId: string
}

const pendingPerRead = 1_000

export class SqliteEraser implements RunEraser {
  readonly #lane: SideLane
  readonly #audit: SqliteAudit
  readonly #retention: Pick<SqliteRetention, "clearWhole" | "removeContents">
  readonly #sql: ReturnType<typeof prepare>

  constructor(
    db: Database.Database,
    lane: SideLane,
    audit: SqliteAudit,
    retention: Pick<SqliteRetention, "clearWhole" | "removeContents">,
  ) {
    this.#lane = lane
    this.#audit = audit
    this.#retention = retention
    this.#sql = prepare(db)
  }

  async find(workspaceId: string, runId: string): Promise<ErasableRun | null> {
    const run = this.#sql.run.get(runId)
    if (run?.workspaceId !== workspaceId) return null
    const { completedAt, seq, headHash } = run
    return { isFinished: completedAt !== null, seq, headHash }
  }

  intend({ runId, workspaceId, at, audit }: Erasure): Promise<Erasure> {
    return this.#lane.write(() => {
      this.#sql.intend.run(runId, workspaceId, at, JSON.stringify(audit))
      return erasureOf(this.#sql.intended.get(runId)!)
    })
  }

  async pending(workspaceId: string | null, after?: Erasure): Promise<readonly Erasure[]> {
    const place = [after?.at ?? -1, after?.runId ?? "", pendingPerRead] as const
    const rows = workspaceId === null ? this.#sql.pending.all(...place) : this.#sql.pendingOf.all(workspaceId, ...place)
    return rows.map(erasureOf)
  }

  async clear({ runId, workspaceId, audit }: Erasure, now: number) {
    const cleared = await this.#lane.write(() => {
      // Somebody else went through with it.
      if (this.#sql.isIntended.get(runId) === undefined) return { events: 0, files: [], isDone: true }
      const run = this.#sql.run.get(runId)
      const piece = run === undefined ? null : this.#retention.clearWhole(workspaceId, run, now)
      const isDone = piece?.isLast ?? true
      if (isDone) this.#finish(workspaceId, runId, run?.runKey ?? null, audit, now)
      return { events: piece?.events ?? 0, files: piece?.files ?? [], isDone }
    })
    await this.#retention.removeContents(cleared.files)
    return { events: cleared.events, isDone: cleared.isDone }
  }

  /** Retention may have taken the run meanwhile: then there is nothing left to tell but that it was asked for. */
  #finish(workspaceId: string, runId: string, runKey: number | null, audit: AuditDraft, now: number): void {
    if (runKey !== null) this.#sql.tellIndex.run(runKey, now)
    this.#forgetWords(workspaceId, runId)
    this.#sql.done.run(runId)
    this.#audit.link([audit])
  }

  /** What others were told, and what stands beside it of its words. */
  #forgetWords(workspaceId: string, runId: string): void {
    this.#sql.forgetAttempts.run(runId)
    this.#sql.forgetMessages.run(runId)
    for (const { deliveryId } of this.#sql.digests.all(workspaceId, runId)) {
      this.#sql.forgetAttemptsOf.run(deliveryId)
      this.#sql.forgetMessage.run(deliveryId)
    }
    this.#sql.forgetThread.run(runId)
    this.#sql.forgetSample.run(runId)
    this.#sql.forgetRefusal.run(runId)
  }
}

type Row = Omit<Erasure, "audit"> & { readonly audit: string }

function erasureOf({ audit, ...row }: Row): Erasure {
  return { ...row, audit: JSON.parse(audit) as AuditDraft }
}

function prepare(db: Database.Database) {
  const row = `run_id AS "runId", workspace_id AS "workspaceId", at, audit`
  return {
    run: db.prepare<[string], FoundRun>(
      `SELECT run_key AS "runKey", run_id AS "runId", workspace_id AS "workspaceId", completed_at AS "completedAt", seq,
         head_hash AS "headHash"
       FROM workflow_runs WHERE run_key = (SELECT run_key FROM workflow_run_keys WHERE run_id = ?)`,
    ),
    intend: db.prepare<[string, string, number, string]>(
      "INSERT OR IGNORE INTO run_erasures (run_id, workspace_id, at, audit) VALUES (?, ?, ?, ?)",
    ),
    intended: db.prepare<[string], Row>(`SELECT ${row} FROM run_erasures WHERE run_id = ?`),
    isIntended: db.prepare<[string], { one: 1 }>("SELECT 1 AS one FROM run_erasures WHERE run_id = ?"),
    pending: db.prepare<[number, string, number], Row>(
      `SELECT ${row} FROM run_erasures WHERE (at, run_id) > (?, ?) ORDER BY at, run_id LIMIT ?`,
    ),
    pendingOf: db.prepare<[string, number, string, number], Row>(
      `SELECT ${row} FROM run_erasures WHERE workspace_id = ? AND (at, run_id) > (?, ?) ORDER BY at, run_id LIMIT ?`,
    ),
    tellIndex: db.prepare<[number, number]>("INSERT INTO sampled_runs (run_key, at) VALUES (?, ?)"),
    forgetAttempts: db.prepare<[string]>(
      "DELETE FROM webhook_attempts WHERE delivery_id IN (SELECT delivery_id FROM webhook_deliveries WHERE run_id = ?)",
    ),
    forgetMessages: db.prepare<[string]>("DELETE FROM webhook_deliveries WHERE run_id = ?"),
    /** Many alerts in one, which names the runs in its text: at most some in an hour, for the days that messages are kept. */
    digests: db.prepare<[string, string], { deliveryId: string }>(
      `SELECT d.delivery_id AS "deliveryId" FROM webhook_endpoints e
       CROSS JOIN webhook_deliveries d INDEXED BY webhook_deliveries_by_event
         ON d.endpoint_id = e.endpoint_id AND d.event = 'alert.digest'
       WHERE e.workspace_id = ? AND instr(d.body, ?) > 0`,
    ),
    forgetAttemptsOf: db.prepare<[string]>("DELETE FROM webhook_attempts WHERE delivery_id = ?"),
    forgetMessage: db.prepare<[string]>("DELETE FROM webhook_deliveries WHERE delivery_id = ?"),
    /** With others alike that are not told yet it stays: it has no words of its own. */
    forgetThread: db.prepare<[string]>("DELETE FROM alert_threads WHERE run_id = ? AND fresh <= 1"),
    forgetSample: db.prepare<[string]>("UPDATE issues SET sample = message WHERE last_run_id = ?"),
    forgetRefusal: db.prepare<[string]>(
      "UPDATE workflow_bulk_items SET message = NULL WHERE run_id = ? AND message IS NOT NULL",
    ),
    done: db.prepare<[string]>("DELETE FROM run_erasures WHERE run_id = ?"),
  }
}
