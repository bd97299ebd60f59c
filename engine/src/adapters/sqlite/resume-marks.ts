/** The port `ResumeMarks`: a row a run that a boot is resuming, and one a run that is left alone (rule 1). */
import type Database from "better-sqlite3"
import type { Quarantined, ResumeMarks } from "../../ports/resume-marks.ts"
import type { SideLane } from "./side-lane.ts"

export class SqliteResumeMarks implements ResumeMarks {
  readonly #lane: SideLane
  readonly #read: Database.Statement<[], { runId: string; times: number }>
  readonly #add: Database.Statement<[string]>
  readonly #clear: Database.Statement<[string]>
  readonly #quarantined: Database.Statement<[], Quarantined & { readonly runId: string }>
  readonly #quarantine: Database.Statement<[string, string, number]>
  readonly #release: Database.Statement<[string]>

  constructor(db: Database.Database, lane: SideLane) {
    this.#lane = lane
    this.#read = db.prepare(`SELECT run_id AS "runId", times FROM workflow_resume_marks`)
    this.#add = db.prepare(
      "INSERT INTO workflow_resume_marks (run_id, times) VALUES (?, 1) ON CONFLICT (run_id) DO UPDATE SET times = times + 1",
    )
    this.#clear = db.prepare("DELETE FROM workflow_resume_marks WHERE run_id = ?")
    this.#quarantined = db.prepare(`SELECT run_id AS "runId", why, at FROM workflow_quarantine`)
    this.#quarantine = db.prepare("INSERT OR REPLACE INTO workflow_quarantine (run_id, why, at) VALUES (?, ?, ?)")
    this.#release = db.prepare("DELETE FROM workflow_quarantine WHERE run_id = ?")
  }

  async read(): Promise<ReadonlyMap<string, number>> {
    return new Map(this.#read.all().map((row) => [row.runId, row.times]))
  }

  add(runIds: readonly string[]): Promise<void> {
    return this.#lane.write(() => {
      for (const runId of runIds) this.#add.run(runId)
    })
  }

  clear(runIds: readonly string[]): Promise<void> {
    return this.#lane.write(() => {
      for (const runId of runIds) this.#clear.run(runId)
    })
  }
  async quarantined(): Promise<ReadonlyMap<string, Quarantined>> {
    return new Map(this.#quarantined.all().map(({ runId, why, at }) => [runId, { why, at }]))
  }

  quarantine(runId: string, { why, at }: Quarantined): Promise<void> {
    return this.#lane.write(() => void this.#quarantine.run(runId, why, at))
  }

  release(runId: string): Promise<void> {
    return this.#lane.write(() => void this.#release.run(runId))
  }
}
