/**
 * Whether a phrase stands in a value of a run, asked of row after row. To ask the full-text index for each row costs a
 * hundred times what the row does; so a rare phrase's runs are fetched once a statement, and of a common one those of some
 * hundred neighbouring runs at a time. Nothing is remembered from one read transaction to the next but that a phrase is common.
 */
import Database from "better-sqlite3"
import { fileNumber, searchPath } from "./search-file.ts"

/** The function, which every connection that lists runs must have: of a match and a run's key. */
export const wordFunction = "waybill_says"

/** Places of a phrase that is fetched whole. */
const rareMost = 20_000
/** Runs side by side. */
const blockRuns = 256
const commonMost = 64

export class WordLookup {
  readonly #path: string
  #file: Database.Database | null = null
  #number: number | null = null
  #sql: ReturnType<typeof prepare> | null = null
  readonly #common = new Set<string>()
  #whole = new Map<string, ReadonlySet<number>>()
  #blocks = new Map<string, ReadonlySet<number>>()

  constructor(databasePath: string) {
    this.#path = searchPath(databasePath)
  }

  says(match: unknown, runKey: unknown): number {
    return this.#runs(String(match), runKey as number).has(runKey as number) ? 1 : 0
  }

  /** Another read transaction begins. */
  forget(): void {
    if (this.#whole.size > 0) this.#whole = new Map()
    if (this.#blocks.size > 0) this.#blocks = new Map()
    if (this.#file !== null && fileNumber(this.#path) !== this.#number) this.#close()
  }

  #close(): void {
    this.#file?.close()
    this.#file = null
    this.#sql = null
    this.#common.clear()
  }

  #runs(match: string, runKey: number): ReadonlySet<number> {
    return this.#whole.get(match) ?? this.#rare(match) ?? this.#block(match, Math.floor(runKey / blockRuns))
  }

  #rare(match: string): ReadonlySet<number> | null {
    if (this.#common.has(match)) return null
    const found = this.#statements().all.all(match, rareMost + 1)
    if (found.length > rareMost) {
      if (this.#common.size >= commonMost) this.#common.clear()
      this.#common.add(match)
      return null
    }
    const runs = new Set(found)
    this.#whole.set(match, runs)
    return runs
  }

  #block(match: string, block: number): ReadonlySet<number> {
    const name = `${block} ${match}`
    const known = this.#blocks.get(name)
    if (known !== undefined) return known
    const first = block * blockRuns
    const runs = new Set(this.#statements().some.all(match, first, first + blockRuns - 1))
    this.#blocks.set(name, runs)
    return runs
  }

  #statements(): ReturnType<typeof prepare> {
    // A connection of its own: the one that asks is busy with the statement that asks.
    if (this.#sql !== null) return this.#sql
    this.#number = fileNumber(this.#path)
    this.#file = new Database(this.#path, { readonly: true, fileMustExist: true, timeout: 5_000 })
    this.#sql = prepare(this.#file)
    return this.#sql
  }
}

function prepare(db: Database.Database) {
  const runs = "SELECT rowid >> 16 FROM run_text WHERE run_text MATCH ?"
  const within = "rowid BETWEEN CAST(? AS INTEGER) * 65536 AND CAST(? AS INTEGER) * 65536 + 65535"
  return {
    all: db.prepare<[string, number], number>(`${runs} LIMIT ?`).pluck(),
    some: db.prepare<[string, number, number], number>(`${runs} AND ${within}`).pluck(),
  }
}
