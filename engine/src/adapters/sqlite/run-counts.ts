/**
 * How many finished runs there are, by what overviews ask of them (rule 33): kept in the transaction that finishes a run,
 * brings it or takes it away. Runs of one transaction are added up first: a commit of two hundred like runs writes as many
 * rows as one run does. A run that goes on is not counted: those are few, and are counted where they lie.
 */
import type Database from "better-sqlite3"
import type { CountAdrift, CountKey } from "../../ports/history-store.ts"
import { type CountTableShape, countTables } from "./count-tables.ts"

/** A finished run, by what it is counted by. */
export interface CountedRun {
  readonly workspaceId: string
  readonly workflowId: string
  readonly environment: string
  readonly workflowVersion: string
  readonly status: string
  readonly errorCode: string | null
  readonly hitl: string | null
  readonly origin: string
  readonly actor: string
}

/** It was counted if it had ended. */
export interface DroppedRun extends CountedRun {
  /** Milliseconds since the epoch. */
  readonly sortAt: number
  readonly completedAt: number | null
}

/** Takes the row of a run away and says by what it was counted. */
export const dropRunSql = `DELETE FROM workflow_runs WHERE run_key = ?
  RETURNING completed_at AS "completedAt", workspace_id AS "workspaceId", workflow_id AS "workflowId", environment,
    workflow_version AS "workflowVersion", status, error_code AS "errorCode", hitl, origin, actor, sort_at AS "sortAt"`

const hourMs = 3_600_000

export class RunCounts {
  readonly #tables: readonly CountTable[]

  constructor(db: Database.Database) {
    this.#tables = [
      new CountTable(db, countTables.byField, (run) => [
        ...[run.workspaceId, run.workflowId, run.environment, run.workflowVersion, run.status],
        ...[run.errorCode ?? "", run.hitl ?? "", run.origin],
      ]),
      new CountTable(db, countTables.byActor, (run) => [run.workspaceId, run.actor]),
      new CountTable(db, countTables.byHour, (run, sortAt) => [
        run.workspaceId,
        Math.floor(sortAt / hourMs) * hourMs,
        run.status,
      ]),
    ]
  }

  /**
   * @param sortAt milliseconds since the epoch: when it was started, or made
   * @param by 1: it is there now, finished; -1: it was, and its row goes
   */
  add(run: CountedRun, sortAt: number, by: 1 | -1): void {
    for (const table of this.#tables) table.add(run, sortAt, by)
  }

  /** What rows say more than was kept, or less; runs of this transaction come on top. */
  mend({ table, key, runs }: CountAdrift): void {
    this.#tables.find((one) => one.name === table)?.addTo(key, runs)
  }

  /** Inside the transaction, when all is added. */
  flush(): void {
    for (const table of this.#tables) table.flush()
  }

  /** The transaction was undone. */
  discard(): void {
    for (const table of this.#tables) table.discard()
  }
}

class CountTable {
  readonly name: string
  readonly #keyOf: (run: CountedRun, sortAt: number) => CountKey
  readonly #more: Database.Statement<(string | number)[]>
  readonly #fewer: Database.Statement<(string | number)[]>
  readonly #none: Database.Statement<(string | number)[]>
  readonly #added = new Map<string, { readonly key: CountKey; runs: number }>()

  constructor(
    db: Database.Database,
    { table, columns }: CountTableShape,
    keyOf: (run: CountedRun, sortAt: number) => CountKey,
  ) {
    this.name = table
    this.#keyOf = keyOf
    const isKey = columns.map((column) => `${column} = ?`).join(" AND ")
    this.#more = db.prepare(
      `INSERT INTO ${table} (${columns.join(", ")}, runs) VALUES (${columns.map(() => "?").join(", ")}, ?)
       ON CONFLICT DO UPDATE SET runs = runs + excluded.runs`,
    )
    this.#fewer = db.prepare(`UPDATE ${table} SET runs = runs - ? WHERE ${isKey}`)
    this.#none = db.prepare(`DELETE FROM ${table} WHERE ${isKey} AND runs <= 0`)
  }

  add(run: CountedRun, sortAt: number, by: 1 | -1): void {
    this.addTo(this.#keyOf(run, sortAt), by)
  }

  addTo(key: CountKey, runs: number): void {
    const name = key.join("\n")
    const one = this.#added.get(name)
    if (one === undefined) this.#added.set(name, { key, runs })
    else one.runs += runs
  }

  flush(): void {
    if (this.#added.size === 0) return
    for (const { key, runs } of this.#added.values()) {
      if (runs > 0) this.#more.run(...key, runs)
      else if (runs < 0) {
        this.#fewer.run(-runs, ...key)
        this.#none.run(...key)
      }
    }
    this.#added.clear()
  }

  discard(): void {
    this.#added.clear()
  }
}
