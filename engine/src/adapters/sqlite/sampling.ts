/**
 * Takes runs away that sampling does not keep: whole, under a seal, so that chains still verify. Each write is bounded and
 * carries the place it came to, what was taken is counted in the same transaction, and the index over values is told.
 */
import type Database from "better-sqlite3"
import type { Sampled, SampledCount, SamplingStore } from "../../ports/retention-store.ts"
import type { DueRun, SqliteRetention } from "./retention.ts"
import type { SideLane } from "./side-lane.ts"

interface Candidate extends DueRun {
  readonly workflowId: string
  /** It ended well, nobody had to do with it, and no other run has. */
  readonly isPlain: 0 | 1
}

/** How long the index over values may be behind before what it should forget is forgotten itself. */
const toldForMs = 30 * 86_400_000

export class SqliteSampling implements SamplingStore {
  readonly #lane: SideLane
  readonly #retention: Pick<SqliteRetention, "clearWhole" | "removeContents">
  readonly #sql: ReturnType<typeof prepare>

  constructor(
    db: Database.Database,
    lane: SideLane,
    retention: Pick<SqliteRetention, "clearWhole" | "removeContents">,
  ) {
    this.#lane = lane
    this.#retention = retention
    this.#sql = prepare(db)
  }

  async sample(
    workspaceId: string,
    { since, until, most, now }: Parameters<SamplingStore["sample"]>[1],
    goes: Parameters<SamplingStore["sample"]>[2],
  ): Promise<Sampled> {
    const files: string[] = []
    const sampled = await this.#lane.write(() => {
      const kept = this.#sql.place.get(workspaceId)
      const from = kept !== undefined && kept.completedAt >= since ? kept : { completedAt: since, runKey: -1 }
      const seen = this.#sql.seen.all(workspaceId, from.completedAt, from.completedAt, from.runKey, until, most)
      let runs = 0
      let events = 0
      let through = 0
      for (const run of seen) {
        if (run.isPlain === 1 && goes(run)) {
          const piece = this.#retention.clearWhole(workspaceId, run, now)
          events += piece.events
          files.push(...piece.files)
          this.#sql.count.run(workspaceId, run.workflowId, day(now), piece.isLast ? 1 : 0, piece.events)
          // A long one goes in pieces, and is looked at again.
          if (!piece.isLast) break
          this.#sql.tell.run(run.runKey, now)
          runs += 1
        }
        through += 1
      }
      const last = seen[through - 1]
      if (last !== undefined) this.#sql.move.run(workspaceId, last.completedAt, last.runKey)
      const isDone = through === seen.length && seen.length < most
      if (isDone) this.#sql.forget.run(now - toldForMs)
      return { runs, events, isDone }
    })
    await this.#retention.removeContents(files)
    return sampled
  }

  async counts(workspaceId: string, limit: number): Promise<readonly SampledCount[]> {
    return this.#sql.counts.all(workspaceId, limit)
  }
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

function prepare(db: Database.Database) {
  return {
    place: db.prepare<[string], { completedAt: number; runKey: number }>(
      `SELECT completed_at AS "completedAt", run_key AS "runKey" FROM sampling_progress WHERE workspace_id = ?`,
    ),
    move: db.prepare<[string, number, number]>(
      `INSERT INTO sampling_progress (workspace_id, completed_at, run_key) VALUES (?, ?, ?)
       ON CONFLICT (workspace_id) DO UPDATE SET completed_at = excluded.completed_at, run_key = excluded.run_key`,
    ),
    seen: db.prepare<[string, number, number, number, number, number], Candidate>(
      `SELECT r.run_key AS "runKey", r.run_id AS "runId", r.completed_at AS "completedAt", r.seq,
         r.head_hash AS "headHash", r.workflow_id AS "workflowId",
         r.status = 'COMPLETED' AND r.hitl IS NULL AND r.parent_run_id IS NULL AND r.rerun_of IS NULL
           AND NOT EXISTS (SELECT 1 FROM workflow_runs c WHERE c.parent_run_id = r.run_id)
           AND NOT EXISTS (SELECT 1 FROM workflow_runs c WHERE c.rerun_of = r.run_id)
           AND NOT EXISTS (SELECT 1 FROM workflow_run_remarks m WHERE m.run_key = r.run_key)
           AND NOT EXISTS (SELECT 1 FROM workflow_run_attachments a WHERE a.run_key = r.run_key AND a.step_id IS NULL)
           AS "isPlain"
       FROM workflow_runs r INDEXED BY workflow_runs_finished
       WHERE r.completed_at IS NOT NULL AND r.workspace_id = ? AND r.completed_at >= ?
         AND (r.completed_at, r.run_key) > (?, ?) AND r.completed_at <= ?
       ORDER BY r.completed_at, r.run_key LIMIT ?`,
    ),
    count: db.prepare<[string, string, string, number, number]>(
      `INSERT INTO sampling_counts (workspace_id, workflow_id, day, runs, events) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (workspace_id, workflow_id, day)
         DO UPDATE SET runs = runs + excluded.runs, events = events + excluded.events`,
    ),
    tell: db.prepare<[number, number]>("INSERT INTO sampled_runs (run_key, at) VALUES (?, ?)"),
    forget: db.prepare<[number]>("DELETE FROM sampled_runs WHERE at < ?"),
    counts: db.prepare<[string, number], SampledCount>(
      `SELECT workflow_id AS "workflowId", sum(runs) AS runs, sum(events) AS events, min(day) AS since
       FROM sampling_counts WHERE workspace_id = ? GROUP BY workflow_id ORDER BY sum(runs) DESC, workflow_id LIMIT ?`,
    ),
  }
}
