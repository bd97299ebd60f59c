/** Writes all rows of one run anew, as its events fold to them (rule 10). Inside a transaction of the writer's. */
import type Database from "better-sqlite3"
import type { Rows } from "../../core/views/projection.ts"
import {
  approvalShape,
  type Cell,
  cells,
  insertSql,
  runShape,
  signalShape,
  sorted,
  stepShape,
  timerShape,
} from "./rows.ts"
import { type DroppedRun, dropRunSql, type RunCounts } from "./run-counts.ts"

const projections = ["workflow_run_steps", "workflow_approvals", "workflow_signals", "workflow_timers"]

export class RowReplacement {
  readonly #key: Database.Statement<[string], { runKey: number; seq: number }>
  readonly #deletes: readonly Database.Statement<[number]>[]
  readonly #counts: RunCounts
  readonly #before: Database.Statement<[number], DroppedRun>
  readonly #run: Database.Statement
  readonly #step: Database.Statement
  readonly #approval: Database.Statement
  readonly #signal: Database.Statement
  readonly #timer: Database.Statement
  readonly #tag: Database.Statement<[string, number, number]>

  constructor(db: Database.Database, counts: RunCounts) {
    this.#counts = counts
    this.#before = db.prepare(dropRunSql)
    this.#key = db.prepare(
      `SELECT k.run_key AS "runKey", coalesce(max(e.seq), 0) AS seq
       FROM workflow_run_keys k LEFT JOIN workflow_run_events e ON e.run_key = k.run_key
       WHERE k.run_id = ? GROUP BY k.run_key`,
    )
    this.#deletes = projections.map((table) => db.prepare(`DELETE FROM ${table} WHERE run_key = ?`))
    this.#run = db.prepare(insertSql(runShape, ["run_key", "sort_at", "duration_ms"]))
    this.#step = db.prepare(insertSql(stepShape, ["run_key"]))
    this.#approval = db.prepare(insertSql(approvalShape, ["run_key"]))
    this.#signal = db.prepare(insertSql(signalShape, ["run_key"]))
    this.#timer = db.prepare(insertSql(timerShape, ["run_key"]))
    this.#tag = db.prepare(
      `INSERT INTO workflow_run_tags (tag, run_key) SELECT ?, ?
       WHERE NOT EXISTS (SELECT 1 FROM workflow_run_standing WHERE run_key = ?) ON CONFLICT DO NOTHING`,
    )
  }

  /** Refuses rows of another seq than the run's: it has moved since they were folded. */
  replace(runId: string, rows: Rows): void {
    const found = this.#key.get(runId)
    if (found === undefined) throw new Error(`run ${runId} has no events`)
    if (found.seq !== rows.run.seq)
      throw new Error(`run ${runId} stands at seq ${found.seq}, its new rows at ${rows.run.seq}`)
    const { runKey } = found
    const before = this.#before.get(runKey)
    if (before !== undefined && before.completedAt !== null) this.#counts.add(before, before.sortAt, -1)
    for (const one of this.#deletes) one.run(runKey)
    const run = sorted(rows.run)
    if (run.completedAt !== null) this.#counts.add(run, run.sortAt, 1)
    const own: Cell[] = [runKey, run.sortAt, run.durationMs]
    this.#run.run(...cells(cells(own, run, runShape.fixed), run, runShape.moving))
    // With a standing, its own are the tags that are shown.
    for (const tag of JSON.parse(run.tags) as string[]) this.#tag.run(tag, runKey, runKey)
    for (const row of rows.steps) this.#step.run(...cells(cells([runKey], row, stepShape.fixed), row, stepShape.moving))
    for (const row of rows.approvals)
      this.#approval.run(...cells(cells([runKey], row, approvalShape.fixed), row, approvalShape.moving))
    for (const row of rows.signals)
      this.#signal.run(...cells(cells([runKey], row, signalShape.fixed), row, signalShape.moving))
    for (const row of rows.timersSet)
      this.#timer.run(...cells(cells([runKey], row, timerShape.fixed), row, timerShape.moving))
  }
}
