/** The port `OutcomeStore`: rows that are only ever added, and the database holds to it. */
import type Database from "better-sqlite3"
import type { RunFilter } from "../../core/views/run-query.ts"
import type { Experience, ExperienceQuestion, OutcomeRow, OutcomeStore } from "../../ports/outcome-store.ts"
import type { ReaderPool } from "./reader-pool.ts"
import { type Cell, cells, insertSql, type RowShape, selection } from "./rows.ts"
import type { SideLane } from "./side-lane.ts"

const shape: RowShape<OutcomeRow> = {
  table: "business_outcomes",
  fixed: [
    "outcomeId",
    "workspaceId",
    "businessEventId",
    "at",
    "by",
    "occurredAt",
    "experienceIndex",
    "minutesSaved",
    "accuracy",
    "note",
  ],
  moving: [],
}

export class SqliteOutcomes implements OutcomeStore {
  readonly #lane: SideLane
  readonly #readers: ReaderPool
  readonly #sql: ReturnType<typeof prepare>

  constructor(db: Database.Database, lane: SideLane, readers: ReaderPool) {
    this.#lane = lane
    this.#readers = readers
    this.#sql = prepare(db)
  }

  async outcomes(workspaceId: string, businessEventId: string, limit: number): Promise<readonly OutcomeRow[]> {
    return this.#sql.list.all(workspaceId, businessEventId, limit)
  }

  addOutcome(row: OutcomeRow, most: number): Promise<boolean> {
    return this.#lane.write(() => {
      if (this.#sql.number.get(row.workspaceId, row.businessEventId)!.number >= most) return false
      this.#sql.add.run(...cells([], row, shape.fixed))
      return true
    })
  }

  experience(question: ExperienceQuestion, filter: RunFilter | null, now: number): Promise<Experience> {
    return this.#readers.read("experience", question, filter, now)
  }
}

function prepare(db: Database.Database) {
  return {
    list: db.prepare<[string, string, number], OutcomeRow>(
      `SELECT ${selection(shape, "o")} FROM business_outcomes o
       WHERE o.workspace_id = ? AND o.business_event_id = ? ORDER BY o.outcome_key DESC LIMIT ?`,
    ),
    number: db.prepare<[string, string], { number: number }>(
      "SELECT count(*) AS number FROM business_outcomes WHERE workspace_id = ? AND business_event_id = ?",
    ),
    add: db.prepare<Cell[]>(insertSql(shape, [])),
  }
}
