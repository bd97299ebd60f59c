/**
 * Holds the file of the index for the thread that fills it, as long as the file is sound: one that turns out to be damaged,
 * here or where a list looks into it, is thrown away and built again from the events, while all else goes on. The database
 * is never touched, and never suspected without a look: what is thrown away is a file that failed its own check.
 */
import { rmSync } from "node:fs"
import type Database from "better-sqlite3"
import type { SearchLack, SearchProgress } from "../../../ports/search-index.ts"
import { isDamage } from "../errors.ts"
import { Indexer } from "./indexer.ts"
import { ensureSearchFile, fileNumber, openSearchWriter, searchPath } from "./search-file.ts"

interface Held {
  readonly file: Database.Database
  readonly number: number | null
  readonly indexer: Indexer
}

export class SearchKeeper {
  readonly #runs: Database.Database
  readonly #databasePath: string
  #held: Held | null = null

  constructor(runs: Database.Database, databasePath: string) {
    this.#runs = runs
    this.#databasePath = databasePath
  }

  advance(): SearchProgress {
    return this.#withIndexer((indexer) => indexer.advance())
  }

  restart(): SearchProgress {
    return this.#withIndexer((indexer) => indexer.restart())
  }

  lacking(except: readonly string[]): SearchLack {
    return this.#withIndexer((indexer) => indexer.lacking(except))
  }

  refill(batchId: string, place: string): void {
    this.#withIndexer((indexer) => indexer.refill(batchId, place))
  }

  /** Somebody met damage. It may have been the database's, then this changes nothing. */
  check(): void {
    if (!this.#isSound()) this.#replace()
  }

  #withIndexer<T>(work: (indexer: Indexer) => T): T {
    try {
      return work(this.#open().indexer)
    } catch (error) {
      if (!isDamage(error) || this.#isSound()) throw error
      this.#replace()
      return work(this.#open().indexer)
    }
  }

  /** A file that somebody took away is made anew: nobody would ever see what is written to one without a name. */
  #open(): Held {
    const path = searchPath(this.#databasePath)
    if (this.#held !== null && this.#held.number === fileNumber(path)) return this.#held
    this.#close()
    ensureSearchFile(this.#databasePath)
    const file = openSearchWriter(path)
    try {
      this.#held = { file, number: fileNumber(path), indexer: new Indexer(this.#runs, file) }
    } catch (error) {
      file.close()
      throw error
    }
    return this.#held
  }

  #isSound(): boolean {
    // As it lies there, not as a connection remembers it.
    this.#close()
    try {
      const { file } = this.#open()
      for (const table of ["run_text", "run_names"])
        file.exec(`INSERT INTO ${table} (${table}) VALUES ('integrity-check')`)
      return file.pragma("quick_check(1)", { simple: true }) === "ok"
    } catch (error) {
      if (isDamage(error)) return false
      throw error
    }
  }

  /** Readers have the old file open: they see by its number that there is another. */
  #replace(): void {
    this.#close()
    const path = searchPath(this.#databasePath)
    for (const end of ["", "-wal", "-shm"]) rmSync(`${path}${end}`, { force: true })
    this.#open()
  }

  #close(): void {
    this.#held?.file.close()
    this.#held = null
  }
}
