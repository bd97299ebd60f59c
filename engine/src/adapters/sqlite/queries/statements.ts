/**
 * Statements made from what is asked, kept while they are asked again; a compiled statement is some kilobytes. It knows
 * since when a read transaction is open: one that looks at rows of which nobody knows the number puts `inTime` first in
 * its WHERE, which ends it when its time is up (rule 29).
 */
import type Database from "better-sqlite3"
import { QueryTooSlow } from "../../../ports/query-too-slow.ts"
import type { Cell } from "../rows.ts"

const keptMax = 256
const inTimeFunction = "waybill_in_time"

/**
 * True, or the end of the statement. Asked of one row in 64 by some key, a look costs a hundredth of what reading the row does.
 * @param key an integer column of the rows that are looked at
 */
export const inTime = (key: string): string => `((${key} & 63) OR ${inTimeFunction}())`
/** The same for rows that have no integer of their own. */
export const inTimeEachRow = `${inTimeFunction}()`

export type Row = { readonly [column: string]: Cell }

/** Told of every read transaction, so that another thread can see one that does not end. */
export interface ReadWatch {
  began(): void
  ended(): void
}

export interface ReadTime {
  /** Monotonic milliseconds. */
  readonly clock: () => number
  /** How long one read transaction may be open. */
  readonly transactionMs: number
  readonly watch: ReadWatch | null
}

export class Statements {
  readonly #db: Database.Database
  readonly #time: ReadTime
  readonly #kept = new Map<string, Database.Statement<unknown[], Row>>()
  #began: number | null = null

  constructor(db: Database.Database, time: ReadTime) {
    this.#db = db
    this.#time = time
    db.function(inTimeFunction, () => this.#isInTime())
  }

  all(sql: string, values: readonly Cell[]): Row[] {
    return this.#timed(() => this.#prepare(sql).all(...values))
  }

  /**
   * One moment of all rows, however many there are: nobody is told of the transaction, and the log grows until it ends. For
   * what an operator asks for once, and no page ever.
   */
  allAtLength(sql: string, values: readonly Cell[]): Row[] {
    return this.#prepare(sql).all(...values)
  }

  get(sql: string, values: readonly Cell[]): Row | undefined {
    return this.#timed(() => this.#prepare(sql).get(...values))
  }

  /** All of it sees one moment, and is one read transaction with one time. */
  together<T>(read: () => T): T {
    return this.#timed(() => this.#db.transaction(read).deferred())
  }

  #timed<T>(read: () => T): T {
    if (this.#began !== null) return read()
    this.#began = this.#time.clock()
    this.#time.watch?.began()
    try {
      return read()
    } finally {
      this.#began = null
      this.#time.watch?.ended()
    }
  }

  #isInTime(): 1 {
    if (this.#began !== null && this.#time.clock() - this.#began > this.#time.transactionMs) throw new QueryTooSlow()
    return 1
  }

  #prepare(sql: string): Database.Statement<unknown[], Row> {
    const found = this.#kept.get(sql)
    if (found !== undefined) {
      this.#kept.delete(sql)
      this.#kept.set(sql, found)
      return found
    }
    const made = this.#db.prepare<unknown[], Row>(sql)
    this.#kept.set(sql, made)
    if (this.#kept.size > keptMax) this.#kept.delete(this.#kept.keys().next().value!)
    return made
  }
}
