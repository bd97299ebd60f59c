/** Writes a run's standing anew, as its remarks fold to it, and the tags it is found by. Inside a transaction. */
import type Database from "better-sqlite3"
import type { Standing } from "../../core/remarks/standing.ts"
import { insertStanding, standingCells } from "./remark-rows.ts"

export class StandingReplacement {
  readonly #sql: ReturnType<typeof prepare>

  constructor(db: Database.Database) {
    this.#sql = prepare(db)
  }

  /** @param ever every tag the run had at any time: there is no index of tags by run */
  replace(runId: string, standing: Standing | null, ever: readonly string[]): boolean {
    const { runKey, newest } = this.#sql.key.get(runId)!
    if (newest !== (standing?.number ?? 0)) return false
    const shown = standing?.tags ?? ever
    for (const tag of ever) this.#sql.untag.run(tag, runKey)
    for (const tag of shown) this.#sql.tag.run(tag, runKey)
    if (standing === null) this.#sql.forget.run(runKey)
    else this.#sql.standing.run(...standingCells(runKey, standing))
    return true
  }
}

function prepare(db: Database.Database) {
  return {
    key: db.prepare<[string], { runKey: number; newest: number }>(
      `SELECT k.run_key AS "runKey", coalesce(max(m.number), 0) AS newest
       FROM workflow_run_keys k LEFT JOIN workflow_run_remarks m ON m.run_key = k.run_key
       WHERE k.run_id = ? GROUP BY k.run_key`,
    ),
    tag: db.prepare("INSERT INTO workflow_run_tags (tag, run_key) VALUES (?, ?) ON CONFLICT DO NOTHING"),
    untag: db.prepare("DELETE FROM workflow_run_tags WHERE tag = ? AND run_key = ?"),
    standing: db.prepare(insertStanding),
    forget: db.prepare("DELETE FROM workflow_run_standing WHERE run_key = ?"),
  }
}
