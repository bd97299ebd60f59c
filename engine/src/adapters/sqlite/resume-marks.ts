/** The port `ResumeMarks`: a row a run that a boot is resuming (rule 1). */
import type Database from "better-sqlite3"
import type { ResumeMarks } from "../../ports/resume-marks.ts"
import type { SideLane } from "./side-lane.ts"

export class SqliteResumeMarks implements ResumeMarks {
  readonly #lane: SideLane
  readonly #read: Database.Statement<[], { runId: string; times: number }>
  readonly #add: Database.Statement<[string]>
  readonly #clear: Database.Statement<[string]>

  constructor(db: Database.Database, lane: SideLane) {
    this.#lane = lane
    this.#read = db.prepare(`SELECT run_id AS "runId", times FROM workflow_resume_marks`)
    this.#add = db.prepare(
      "INSERT INTO workflow_resume_marks (run_id, times) VALUES (?, 1) ON CONFLICT (run_id) DO UPDATE SET times = times + 1",
    )
    this.#clear = db.prepare("DELETE FROM workflow_resume_marks WHERE run_id = ?")
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
}
