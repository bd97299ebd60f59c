/** Appends events. Several rows a statement: binding and stepping one statement costs more than a row's cells. */
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
  readonly #inserts: readonly { readonly rows: number; readonly statement: Database.Statement }[]

  constructor(db: Database.Database) {
    const row = `(${columns.map(() => "?").join(", ")})`
    this.#inserts = sizes.map((rows) => ({
      rows,
      statement: db.prepare(
        `INSERT INTO workflow_run_events (${columns.join(", ")}) VALUES ${Array(rows).fill(row).join(", ")}`,
      ),
    }))
  }

  /** Returns the position of the last one. */
  write(runKey: number, runStatus: string, events: readonly EncodedEvent[], before: number): number {
    let position = before
    let next = 0
    for (const { rows, statement } of this.#inserts) {
      while (events.length - next >= rows) {
        const values: Cell[] = []
        for (const event of events.slice(next, next + rows)) {
          position += 1
          values.push(position, runKey, event.seq, event.v, event.type, event.at, event.actor, event.stepId, runStatus)
          values.push(event.payload, event.salt, event.payloadHash, event.prevHash, event.hash)
        }
        statement.run(values)
        next += rows
      }
    }
    return position
  }
}
