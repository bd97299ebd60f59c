/**
 * Updates of a run's row that write only what has moved: SQLite opens every index one of whose columns is assigned, and
 * writes its entry anew, changed or not. So a run that only goes on touches next to none, and one that ends those of its
 * end. What a row held is known from the update before; of a run that is not known all that may move is written.
 */
import type Database from "better-sqlite3"
import type { RunRow } from "../../core/views/rows.ts"
import { type Cell, columnOf, runCells, runShape, type SortedRun } from "./rows.ts"

const moving: readonly (keyof SortedRun)[] = [...runShape.moving, "durationMs", "sortAt"]
/** A bit each: there is room for 31 in a number that stays whole. */
const all = 2 ** moving.length - 1
if (moving.length > 31) throw new Error(`${moving.length} fields of a run move: RunUpdates has bits for 31`)

/** Ways for a row to move, by far more than workflows know: behind them all that may move is written. */
const statementsMax = 64

/** What of a row may move, as it was written last. */
export type RunCells = readonly Cell[]

export function movingCells(run: RunRow): RunCells {
  return runCells([], run, moving)
}

export class RunUpdates {
  readonly #db: Database.Database
  readonly #statements = new Map<number, Database.Statement>()

  constructor(db: Database.Database) {
    this.#db = db
    this.#statements.set(all, this.#prepare(all))
  }

  /**
   * @param was null: not known
   * @returns false: the run is not where it was expected, or has ended
   */
  write(runKey: number, expectedSeq: number, expectedHead: string, is: RunCells, was: RunCells | null): boolean {
    const wanted = was === null ? all : changed(is, was)
    const statement = this.#statement(wanted)
    const values: Cell[] = []
    const written = statement === null ? all : wanted
    for (let at = 0; at < is.length; at++) if ((written & (1 << at)) !== 0) values.push(is[at]!)
    const update = statement ?? this.#statements.get(all)!
    return update.run(...values, runKey, expectedSeq, expectedHead).changes === 1
  }

  /** Null: there are too many already. */
  #statement(fields: number): Database.Statement | null {
    const known = this.#statements.get(fields)
    if (known !== undefined) return known
    if (this.#statements.size >= statementsMax) return null
    const made = this.#prepare(fields)
    this.#statements.set(fields, made)
    return made
  }

  #prepare(fields: number): Database.Statement {
    const set = moving.filter((_, at) => (fields & (1 << at)) !== 0).map((field) => `${columnOf(field)} = ?`)
    return this.#db.prepare(
      `UPDATE workflow_runs SET ${set.join(", ")} WHERE run_key = ? AND seq = ? AND head_hash = ? AND completed_at IS NULL`,
    )
  }
}

/** A bit for each cell that is another; at least that of the seq, which every commit moves. */
function changed(is: RunCells, was: RunCells): number {
  let fields = 0
  for (let at = 0; at < is.length; at++) if (is[at] !== was[at]) fields |= 1 << at
  return fields
}
