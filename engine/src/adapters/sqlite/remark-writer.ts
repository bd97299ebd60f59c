/**
 * Writes remarks inside a transaction of the writer's: the remark itself, for good, and beside it what it leads to. What
 * is written here is told when the transaction is durable; one that is undone leaves nothing to tell.
 */
import type Database from "better-sqlite3"
import type { Remark } from "../../core/remarks/remark.ts"
import { applyRemark, type Standing } from "../../core/remarks/standing.ts"
import { supersede, supersededMax } from "../../core/remarks/supersede.ts"
import type { RunRow } from "../../core/views/rows.ts"
import { insertStanding, type StandingRow, standingCells, standingColumns, standingOrStart } from "./remark-rows.ts"
import { runKeyOf } from "./rows.ts"

type RunHead = Pick<RunRow, "runId" | "status" | "rerunOf" | "tags"> & { readonly runKey: number }

export class RemarkWriter {
  readonly #sql: ReturnType<typeof prepare>
  /** The key before the first remark of this transaction, null while it has none. */
  #before: number | null = null

  constructor(db: Database.Database) {
    this.#sql = prepare(db)
  }

  /** Null: there is no such run. */
  standing(runId: string): Standing | null {
    const run = this.#sql.run.get(runId)
    return run === undefined ? null : this.#standingOf(run)
  }

  /** @param position the feed's, of what is durable when this is */
  write(remark: Remark, standing: Standing, position: number): void {
    const { runKey } = this.#sql.run.get(remark.runId)!
    const { body, origin } = remark
    const withdraws = body.kind === "note.withdrawn" ? body.remarkId : null
    const who = [remark.at, remark.actor, origin.door, origin.address]
    const { lastInsertRowid } = this.#sql.add.run(
      ...[remark.remarkId, runKey, remark.number, position, ...who, body.kind, JSON.stringify(body), withdraws],
    )
    this.#before ??= Number(lastInsertRowid) - 1
    this.#sql.standing.run(...standingCells(runKey, standing))
    if (body.kind !== "tags.changed") return
    for (const tag of body.remove) this.#sql.untag.run(tag, runKey)
    for (const tag of body.add) this.#sql.tag.run(tag, runKey)
  }

  /** A re-run has completed: those it repeats are superseded by it. */
  supersede(by: RunRow, position: number): void {
    let runId = by.rerunOf
    for (let depth = 1; runId !== null && depth <= supersededMax; depth++) {
      const run = this.#sql.run.get(runId)
      if (run === undefined) return
      const standing = this.#standingOf(run)
      const remark = supersede(by, run, standing, depth)
      if (remark !== null) this.write(remark, applyRemark(standing, remark), position)
      runId = run.rerunOf
    }
  }

  /** What this transaction wrote, once: the key before its first remark, null when it wrote none. */
  written(): number | null {
    const before = this.#before
    this.#before = null
    return before
  }

  #standingOf(run: RunHead): Standing {
    return standingOrStart(this.#sql.stands.get(run.runKey), run)
  }
}

function prepare(db: Database.Database) {
  return {
    run: db.prepare<[string], RunHead>(
      `SELECT run_key AS "runKey", run_id AS "runId", status, rerun_of AS "rerunOf", tags
       FROM workflow_runs WHERE run_key = ${runKeyOf}`,
    ),
    stands: db.prepare<[number], StandingRow>(
      `SELECT ${standingColumns} FROM workflow_run_standing s WHERE s.run_key = ?`,
    ),
    standing: db.prepare(insertStanding),
    add: db.prepare(
      `INSERT INTO workflow_run_remarks (remark_id, run_key, number, position, at, actor, door, address, kind, body, withdraws)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    tag: db.prepare("INSERT INTO workflow_run_tags (tag, run_key) VALUES (?, ?) ON CONFLICT DO NOTHING"),
    untag: db.prepare("DELETE FROM workflow_run_tags WHERE tag = ? AND run_key = ?"),
  }
}
