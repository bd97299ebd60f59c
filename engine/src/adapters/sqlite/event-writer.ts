/**
 * Appends events, several rows of a batch a statement: stepping a statement costs as much as binding half a row, and a
 * cell in an array a quarter more than one that is an argument.
 */
import type Database from "better-sqlite3"
import type { EncodedEvent } from "../../core/run/chain.ts"
import type { Cell } from "./rows.ts"

const columns = [
  "position",
  "run_key",
  "seq",
  "v",
  "type",
  "at",
  "actor",
  "step_id",
  "run_status",
  "payload",
  "salt",
  "payload_hash",
  "prev_hash",
  "hash",
]

/** Rows a statement, largest first. */
const sizes = [8, 4, 2, 1]

export class EventWriter {
  readonly #inserts: readonly { readonly cells: number; readonly statement: Database.Statement }[]
  #cells: Cell[] = []

  constructor(db: Database.Database) {
    const row = `(${columns.map(() => "?").join(", ")})`
    this.#inserts = sizes.map((rows) => ({
      cells: rows * columns.length,
      statement: db.prepare(
        `INSERT INTO workflow_run_events (${columns.join(", ")}) VALUES ${Array(rows).fill(row).join(", ")}`,
      ),
    }))
  }

  /** Collects a run's events; they are written with those of other runs. Returns the position of the last one. */
  add(runKey: number, runStatus: string, events: readonly EncodedEvent[], before: number): number {
    const cells = this.#cells
    let position = before
    for (const event of events) {
      position += 1
      cells.push(position, runKey, event.seq, event.v, event.type, event.at, event.actor, event.stepId, runStatus)
      cells.push(event.payload, event.salt, event.payloadHash, event.prevHash, event.hash)
    }
    return position
  }

  /** Writes what was collected, inside the open transaction. */
  flush(): void {
    const all = this.#cells
    this.#cells = []
    let from = 0
    for (const { cells, statement } of this.#inserts) {
      for (; all.length - from >= cells; from += cells) statement.run(...all.slice(from, from + cells))
    }
  }

  /** Forgets what was collected: the transaction is undone. */
  discard(): void {
    this.#cells = []
  }
}
