/** The port `SearchIndex`: its thread, seen from the engine's. */
import type { FoundName, SearchIndex, SearchProgress } from "../../../ports/search-index.ts"
import type { ReaderPool } from "../reader-pool.ts"
import type { ReaderThread } from "../reader-thread.ts"

export class SqliteSearch implements SearchIndex {
  readonly #thread: ReaderThread
  readonly #readers: ReaderPool

  constructor(thread: ReaderThread, readers: ReaderPool) {
    this.#thread = thread
    this.#readers = readers
  }

  advance(): Promise<SearchProgress> {
    return this.#thread.ask({ kind: "index", what: "advance" }) as Promise<SearchProgress>
  }

  named(workspaceId: string, words: readonly string[], limit: number): Promise<readonly FoundName[]> {
    return this.#readers.read("searchNames", workspaceId, words, limit)
  }

  async restart(): Promise<void> {
    await this.#thread.ask({ kind: "index", what: "restart" })
  }
}
