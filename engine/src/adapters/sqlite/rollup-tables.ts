/**
 * The two tables of rollups: deltas are added as rows of a range of the feed and put together when a key has several, so
 * that what is read stays about one row an hour and key (rule 33). Both work alike; a table is a list of names.
 */
import type Database from "better-sqlite3"
import {
  addRunTally,
  addStepTally,
  type RollupKey,
  type RunRollup,
  runRollup,
  runSums,
  runTallyOf,
  type StepRollup,
  stepRollup,
  stepSums,
  stepTallyOf,
} from "../../core/measures/rollup.ts"
import { type Cell, columnOf } from "./rows.ts"

/** Rows of one key before they are put together. */
const deltasMax = 8

const keyFields = ["workspaceId", "hour", "workflowId", "environment", "versionNumber", "version", "origin"] as const

export interface RollupTable<Row extends RollupKey> {
  readonly name: string
  readonly own: readonly (keyof Row & string)[]
  readonly values: readonly (keyof Row & string)[]
  readonly join: (rows: readonly Row[]) => Row
}

export const runTable: RollupTable<RunRollup> = {
  name: "run_rollups",
  own: ["folded"],
  values: [...runSums, "durations"],
  join(rows) {
    const [first, ...rest] = rows
    const tally = runTallyOf(first!)
    for (const row of rest) addRunTally(tally, runTallyOf(row))
    return runRollup(first!, tally)
  },
}

export const stepTable: RollupTable<StepRollup> = {
  name: "step_rollups",
  own: ["step"],
  values: [...stepSums, "durations", "queues"],
  join(rows) {
    const [first, ...rest] = rows
    const tally = stepTallyOf(first!)
    for (const row of rest) addStepTally(tally, stepTallyOf(row))
    return stepRollup(first!, tally)
  },
}

/** `r.hour, r.workspace_id AS "workspaceId", …` */
export function rollupColumns<Row extends RollupKey>(table: RollupTable<Row>): string {
  return [...keyFields, ...table.own, ...table.values].map((name) => `r.${columnOf(name)} AS "${name}"`).join(", ")
}

interface Placed {
  readonly fromPosition: number
}

export class RollupWriter<Row extends RollupKey> {
  readonly #table: RollupTable<Row>
  readonly #key: readonly (keyof Row & string)[]
  readonly #insert: Database.Statement<Cell[]>
  readonly #number: Database.Statement<Cell[], { number: number }>
  readonly #rows: Database.Statement<Cell[], Row & Placed>
  readonly #remove: Database.Statement<Cell[]>
  readonly #clear: Database.Statement<[]>

  constructor(db: Database.Database, table: RollupTable<Row>) {
    this.#table = table
    this.#key = [...keyFields, ...table.own]
    const columns = [...this.#key, "fromPosition", "toPosition", ...table.values].map(columnOf)
    const isKey = this.#key.map((name) => `r.${columnOf(name)} = ?`).join(" AND ")
    const { name } = table
    this.#insert = db.prepare<Cell[]>(
      `INSERT INTO ${name} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
    )
    this.#number = db.prepare<Cell[], { number: number }>(`SELECT count(*) AS number FROM ${name} r WHERE ${isKey}`)
    this.#rows = db.prepare<Cell[], Row & Placed>(
      `SELECT r.from_position AS "fromPosition", ${rollupColumns(table)} FROM ${name} r WHERE ${isKey}`,
    )
    this.#remove = db.prepare<Cell[]>(`DELETE FROM ${name} AS r WHERE ${isKey}`)
    this.#clear = db.prepare<[]>(`DELETE FROM ${name}`)
  }

  add(row: Row, from: number, to: number): void {
    const key = this.#cells(row, this.#key)
    if (this.#number.get(...key)!.number < deltasMax) {
      this.#write(row, from, to)
      return
    }
    const before = this.#rows.all(...key)
    this.#remove.run(...key)
    this.#write(this.#table.join([...before, row]), Math.min(from, ...before.map((one) => one.fromPosition)), to)
  }

  clear(): void {
    this.#clear.run()
  }

  #write(row: Row, from: number, to: number): void {
    this.#insert.run(...this.#cells(row, this.#key), from, to, ...this.#cells(row, this.#table.values))
  }

  #cells(row: Row, names: readonly (keyof Row & string)[]): Cell[] {
    return names.map((name) => row[name] as Cell)
  }
}
