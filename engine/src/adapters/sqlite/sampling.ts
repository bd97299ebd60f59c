/**
 * Takes runs away that sampling does not keep: whole, under a seal, so that chains still verify. Each write is bounded and
 * carries the place it came to, what was taken is counted in the same transaction, and the index over values is told.
 */
import type Database from "better-sqlite3"
import type { PreviewedSampling, Sampled, SampledCount, SamplingStore } from "../../ports/retention-store.ts"
import { type SamplingCandidate, type SamplingPlace, samplingCandidatesSql } from "./queries/sampling-candidates.ts"
import type { ReaderPool } from "./reader-pool.ts"
import type { DueRun, SqliteRetention } from "./retention.ts"
import type { SideLane } from "./side-lane.ts"

type Candidate = SamplingCandidate & DueRun

/** By a reader, for a preview. */
const seenAtOnce = 2_000

/** How long the index over values may be behind before what it should forget is forgotten itself. */
const toldForMs = 30 * 86_400_000

export class SqliteSampling implements SamplingStore {
  readonly #lane: SideLane
  readonly #readers: Pick<ReaderPool, "readAside">
  readonly #retention: Pick<SqliteRetention, "clearWhole" | "removeContents">
  readonly #sql: ReturnType<typeof prepare>

  constructor(
    db: Database.Database,
    { lane, readers }: { readonly lane: SideLane; readonly readers: Pick<ReaderPool, "readAside"> },
    retention: Pick<SqliteRetention, "clearWhole" | "removeContents">,
  ) {
    this.#lane = lane
    this.#readers = readers
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
      const from = this.#from(workspaceId, since)
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

  async preview(
    workspaceId: string,
    { since, until, most }: Parameters<SamplingStore["preview"]>[1],
    goes: Parameters<SamplingStore["preview"]>[2],
  ): Promise<PreviewedSampling> {
    let from = this.#from(workspaceId, since)
    let runs = 0
    for (let seen = 0; seen < most; ) {
      const page = Math.min(seenAtOnce, most - seen)
      const found = await this.#readers.readAside("samplingCandidates", workspaceId, from, until, page)
      runs += found.filter((run) => run.isPlain === 1 && goes(run)).length
      if (found.length < page) return { runs, isExact: true }
      seen += found.length
      from = found[found.length - 1]!
    }
    return { runs, isExact: false }
  }

  #from(workspaceId: string, since: number): SamplingPlace {
    const kept = this.#sql.place.get(workspaceId)
    return kept !== undefined && kept.completedAt >= since ? kept : { completedAt: since, runKey: -1 }
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
    seen: db.prepare<[string, number, number, number, number, number], Candidate>(samplingCandidatesSql),
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
