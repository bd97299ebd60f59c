/** The port `RunLogStore`: written in the lane of lower priority, read on a reader's thread (rule 29). */
import type Database from "better-sqlite3"
import { logLevels, type NewLogLine, type RunLogLine, type RunLogPage, type RunLogStore } from "../../ports/run-logs.ts"
import type { ReaderPool } from "./reader-pool.ts"
import { runKeyOf } from "./rows.ts"
import type { SideLane } from "./side-lane.ts"

export class SqliteRunLogs implements RunLogStore {
  readonly #lane: SideLane
  readonly #readers: ReaderPool
  readonly #sql: ReturnType<typeof prepare>

  constructor(db: Database.Database, lane: SideLane, readers: ReaderPool) {
    this.#lane = lane
    this.#readers = readers
    this.#sql = prepare(db)
  }

  add(lines: readonly NewLogLine[], most: number): Promise<number> {
    return this.#lane.write(() => {
      const heads = new Map<string, Head | null>()
      let dropped = 0
      for (const line of lines) {
        let head = heads.get(line.runId)
        if (head === undefined) {
          head = this.#sql.head.get(line.runId) ?? null
          heads.set(line.runId, head)
        }
        if (head === null || head.number >= most) dropped += 1
        else this.#insert(head.runKey, ++head.number, line)
      }
      return dropped
    })
  }

  #insert(runKey: number, number: number, { at, stepId, attempt, level, message, fields }: NewLogLine): void {
    this.#sql.add.run(runKey, number, at, stepId, attempt, logLevels.indexOf(level), message, fields)
  }

  page(
    runId: string,
    page: RunLogPage,
  ): Promise<{ readonly lines: readonly RunLogLine[]; readonly to: number | null }> {
    return this.#readers.read("runLogs", runId, page)
  }
}

interface Head {
  readonly runKey: number
  number: number
}

function prepare(db: Database.Database) {
  return {
    head: db.prepare<[string], Head>(
      `SELECT r.run_key AS "runKey",
         coalesce((SELECT max(number) FROM workflow_run_logs l WHERE l.run_key = r.run_key), 0) AS number
       FROM workflow_runs r WHERE r.run_key = ${runKeyOf}`,
    ),
    add: db.prepare<[number, number, number, string, number, number, string, string | null]>(
      `INSERT INTO workflow_run_logs (run_key, number, at, step_id, attempt, level, message, fields)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
  }
}
