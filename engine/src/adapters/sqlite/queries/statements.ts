/** Statements made from what is asked, kept while they are asked again; a compiled statement is some kilobytes. */
import type Database from "better-sqlite3"
import type { Cell } from "../rows.ts"

const keptMax = 256

export type Row = { readonly [column: string]: Cell }

export class Statements {
  readonly #db: Database.Database
  readonly #kept = new Map<string, Database.Statement<unknown[], Row>>()

  constructor(db: Database.Database) {
    this.#db = db
  }

  all(sql: string, values: readonly Cell[]): Row[] {
    return this.#prepare(sql).all(...values)
  }

  get(sql: string, values: readonly Cell[]): Row | undefined {
    return this.#prepare(sql).get(...values)
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
