/**
 * The port `RunQueries`. One run's row costs some ten microseconds, less than a message to a thread: such reads are done
 * at once on the writer's connection. Lists, and pages above a bound, go to a reader's thread. Both see every commit that
 * was answered before: a reader begins a new transaction for each question (rule 29).
 */
import type Database from "better-sqlite3"
import type { FeedEvent, StoredEventRow } from "../../core/views/feed-event.ts"
import type { ApprovalRow, RunRow, StepRow } from "../../core/views/rows.ts"
import type { FacetName, FacetTally, HistogramWindow, StatusCounts } from "../../core/views/run-tally.ts"
import type {
  ApprovalListRequest,
  EventPage,
  Listed,
  ListedRun,
  RunListRequest,
  RunQueries,
} from "../../ports/run-queries.ts"
import type { RunQuestion } from "../../ports/run-question.ts"
import type { Counted } from "../../ports/run-tallies.ts"
import { Reads } from "./queries/reads.ts"
import type { ReaderPool } from "./reader-pool.ts"

/** Rows that the engine's thread reads itself. */
const pointRowsMax = 100

export class SqliteRunQueries implements RunQueries {
  readonly #points: Reads
  readonly #readers: ReaderPool

  constructor(db: Database.Database, secret: string, readers: ReaderPool) {
    this.#points = new Reads(db, secret)
    this.#readers = readers
  }

  async run(runId: string): Promise<RunRow | null> {
    return this.#points.run(runId)
  }

  async approval(approvalId: string): Promise<ApprovalRow | null> {
    return this.#points.approval(approvalId)
  }

  async steps(runId: string, after: number, limit: number): Promise<readonly StepRow[]> {
    return limit <= pointRowsMax
      ? this.#points.steps(runId, after, limit)
      : this.#readers.read("steps", runId, after, limit)
  }

  async events(runId: string, page: EventPage): Promise<readonly StoredEventRow[]> {
    const small = page.limit <= pointRowsMax && page.types.length === 0
    return small ? this.#points.events(runId, page) : this.#readers.read("events", runId, page)
  }

  async since(position: number, limit: number): Promise<readonly FeedEvent[]> {
    return limit <= pointRowsMax ? this.#points.since(position, limit) : this.#readers.read("since", position, limit)
  }

  runs(request: RunListRequest): Promise<Listed<ListedRun>> {
    return this.#readers.read("runs", request)
  }

  approvals(request: ApprovalListRequest): Promise<Listed<ApprovalRow>> {
    return this.#readers.read("approvals", request)
  }

  countsByStatus(question: RunQuestion): Promise<Counted<StatusCounts>> {
    return this.#readers.read("countsByStatus", question)
  }

  histogram(question: RunQuestion, window: HistogramWindow): Promise<Counted<readonly StatusCounts[]>> {
    return this.#readers.read("histogram", question, window)
  }

  firstStart(question: RunQuestion): Promise<number | null> {
    return this.#readers.read("firstStart", question)
  }

  facets(
    question: RunQuestion,
    names: readonly FacetName[],
    valuesMax: number,
  ): Promise<Counted<readonly FacetTally[]>> {
    return this.#readers.read("facets", question, names, valuesMax)
  }
}
