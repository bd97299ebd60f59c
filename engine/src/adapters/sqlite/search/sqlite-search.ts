/** The port `SearchIndex`: its thread, seen from the engine's. */
import type { FoundName, SearchIndex, SearchLack, SearchProgress } from "../../../ports/search-index.ts"
import type { ReaderPool } from "../reader-pool.ts"
import type { ReaderThread } from "../reader-thread.ts"

export class SqliteSearch implements SearchIndex {
  readonly #thread: ReaderThread
  readonly #readers: ReaderPool
  #position = 0
  #isChecking = false

  constructor(thread: ReaderThread, readers: ReaderPool) {
    this.#thread = thread
    this.#readers = readers
  }

  async advance(): Promise<SearchProgress> {
    const progress = (await this.#thread.ask({ kind: "index", what: "advance" })) as SearchProgress
    this.#position = progress.position
    return progress
  }

  /** A list met damage: one look at the index at a time, behind what its thread does. */
  distrust(): void {
    if (this.#isChecking) return
    this.#isChecking = true
    this.#thread
      .ask({ kind: "index", what: "check" })
      // What keeps it from looking keeps it from going on, which is told there.
      .catch(() => {})
      .finally(() => {
        this.#isChecking = false
      })
  }

  position(): number {
    return this.#position
  }

  named(workspaceId: string, words: readonly string[], limit: number): Promise<readonly FoundName[]> {
    return this.#readers.read("searchNames", workspaceId, words, limit)
  }

  async lacking(except: readonly string[]): Promise<SearchLack> {
    return (await this.#thread.ask({ kind: "index", what: "lacking", args: [except] })) as SearchLack
  }

  async refill(batchId: string, place: string): Promise<void> {
    await this.#thread.ask({ kind: "index", what: "refill", args: [batchId, place] })
  }

  async restart(): Promise<void> {
    await this.#thread.ask({ kind: "index", what: "restart" })
    this.#position = 0
  }
}
