/**
 * The tables of rollups, of runs and of steps, by hour and by day: deltas are added as rows of a range of the feed and put
 * together when a key has several, so that what is read stays about one row a time and key (rule 33). All work alike; a
 * table is a list of names.
 */
import type Database from "better-sqlite3"
import {
  addRunTally,
  addStepTally,
  dayOf,
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
  /** The index by workflow and hour, where the primary key is another. */
  readonly byWorkflow: string | null
  /** Where the days of all workflows together lie. */
  readonly ofAll: string | null
  readonly own: readonly (keyof Row & string)[]
  readonly sums: readonly (keyof Row & string)[]
  readonly sketches: readonly (keyof Row & string)[]
  readonly join: (rows: readonly Row[]) => Row
}

export const runTable: RollupTable<RunRollup> = {
  name: "run_rollups",
  byWorkflow: "run_rollups_by_workflow",
  ofAll: "run_rollups_of_all_by_day",
  own: ["folded"],
  sums: runSums,
  sketches: ["durations", "cutShort"],
  join(rows) {
    const [first, ...rest] = rows
    const tally = runTallyOf(first!)
    for (const row of rest) addRunTally(tally, runTallyOf(row))
    return runRollup(first!, tally)
  },
}

export const stepTable: RollupTable<StepRollup> = {
  name: "step_rollups",
  byWorkflow: null,
  ofAll: null,
  own: ["step"],
  sums: stepSums,
  sketches: ["durations", "queues"],
  join(rows) {
    const [first, ...rest] = rows
    const tally = stepTallyOf(first!)
    for (const row of rest) addStepTally(tally, stepTallyOf(row))
    return stepRollup(first!, tally)
  },
}

/** The same of days; `hour` is the beginning of one. */
export function byDay<Row extends RollupKey>(table: RollupTable<Row>): RollupTable<Row> {
  const name = `${table.name}_by_day`
  return { ...table, name, byWorkflow: `${name}_workflow` }
}

/** The days of all workflows and versions together; their keys are empty. Null: such rows are not kept. */
export function ofAllByDay<Row extends RollupKey>(table: RollupTable<Row>): RollupTable<Row> | null {
  return table.ofAll === null ? null : { ...table, name: table.ofAll, byWorkflow: null }
}

/** `r.hour, r.workspace_id AS "workspaceId", …` */
export function rollupColumns<Row extends RollupKey>(table: RollupTable<Row>): string {
  return [...keyFields, ...table.own, ...table.sums, ...table.sketches]
    .map((name) => `r.${columnOf(name)} AS "${name}"`)
    .join(", ")
}

/** Groups of a question, and the columns that tell them. */
const groupFields = {
  workflowId: ["workflowId"],
  environment: ["environment"],
  version: ["versionNumber"],
  origin: ["origin"],
} as const

/** What stays apart when a question adds up: the time, its groups, and the table's own. */
export function groupColumns<Row extends RollupKey>(
  table: RollupTable<Row>,
  groupBy: readonly (keyof typeof groupFields)[],
): string {
  return ["hour", ...groupBy.flatMap((group) => groupFields[group]), ...table.own]
    .map((name) => `r.${columnOf(name)}`)
    .join(", ")
}

/** A row of the table for each group: keys that the groups do not tell are one of theirs, and mean nothing. */
export function summedColumns<Row extends RollupKey>(
  table: RollupTable<Row>,
  groupBy: readonly (keyof typeof groupFields)[],
): string {
  const told = new Set<string>(["hour", ...groupBy.flatMap((group) => groupFields[group]), ...table.own])
  const keys = [...keyFields, ...table.own].map((name) => {
    const column = `r.${columnOf(name)}`
    return `${told.has(name) ? column : `max(${column})`} AS "${name}"`
  })
  const sums = table.sums.map((name) => `sum(r.${columnOf(name)}) AS "${name}"`)
  const sketches = table.sketches.map(
    (name) => `coalesce(group_concat(nullif(r.${columnOf(name)}, ''), ' '), '') AS "${name}"`,
  )
  return [...keys, ...sums, ...sketches].join(", ")
}

interface Placed {
  readonly fromPosition: number
}

/** Writes a delta's hours and their days, and of some tables the days of all workflows. */
export class RollupWriter<Row extends RollupKey> {
  readonly #table: RollupTable<Row>
  readonly #hours: TableWriter<Row>
  readonly #days: TableWriter<Row>
  readonly #all: TableWriter<Row> | null

  constructor(db: Database.Database, table: RollupTable<Row>) {
    this.#table = table
    this.#hours = new TableWriter(db, table)
    this.#days = new TableWriter(db, byDay(table))
    const ofAll = ofAllByDay(table)
    this.#all = ofAll === null ? null : new TableWriter(db, ofAll)
  }

  /** All of one range of the feed. */
  add(rows: readonly Row[], from: number, to: number): void {
    for (const row of rows) this.#hours.add(row, from, to)
    const days = this.#together(rows.map((row) => ({ ...row, hour: dayOf(row.hour) })))
    for (const day of days) this.#days.add(day, from, to)
    if (this.#all === null) return
    const all = this.#together(days.map((day) => ({ ...day, workflowId: "", versionNumber: 0, version: "" })))
    for (const day of all) this.#all.add(day, from, to)
  }

  clear(): void {
    this.#hours.clear()
    this.#days.clear()
    this.#all?.clear()
  }

  /** Those of one key as one. */
  #together(rows: readonly Row[]): readonly Row[] {
    const byKey = new Map<string, Row[]>()
    for (const row of rows) {
      const key = JSON.stringify([...keyFields, ...this.#table.own].map((name) => row[name]))
      const known = byKey.get(key)
      if (known === undefined) byKey.set(key, [row])
      else known.push(row)
    }
    return [...byKey.values()].map((some) => (some.length === 1 ? some[0]! : this.#table.join(some)))
  }
}

class TableWriter<Row extends RollupKey> {
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
    const columns = [...this.#key, "fromPosition", "toPosition", ...table.sums, ...table.sketches].map(columnOf)
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
    const { sums, sketches } = this.#table
    this.#insert.run(...this.#cells(row, this.#key), from, to, ...this.#cells(row, [...sums, ...sketches]))
  }

  #cells(row: Row, names: readonly (keyof Row & string)[]): Cell[] {
    return names.map((name) => row[name] as Cell)
  }
}
