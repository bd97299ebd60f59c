/** The port `RunInsights`: a few rows of one index are read at once, what counts or compares is answered by a thread. */
import type Database from "better-sqlite3"
import type { StoredEventRow } from "../../core/views/feed-event.ts"
import type { RunRow, StepRow } from "../../core/views/rows.ts"
import type { RunInsights, RunNeighbours } from "../../ports/run-insights.ts"
import { Reads } from "./queries/reads.ts"
import type { ReaderPool } from "./reader-pool.ts"

export class SqliteRunInsights implements RunInsights {
  readonly #points: Reads
  readonly #readers: ReaderPool

  constructor(db: Database.Database, secret: string, readers: ReaderPool) {
    this.#points = new Reads(db, secret)
    this.#readers = readers
  }

  async unsuccessfulSteps(
    runId: string,
    parentStepId: string | null,
    end: "first" | "last",
    limit: number,
  ): Promise<readonly StepRow[]> {
    return this.#points.unsuccessfulSteps(runId, parentStepId, end, limit)
  }

  async newestEvent(runId: string, types: readonly string[], after: number): Promise<StoredEventRow | null> {
    return this.#points.newestEvent(runId, types, after)
  }

  neighbours(run: RunRow): Promise<RunNeighbours> {
    return this.#readers.read("neighbours", run)
  }
}
