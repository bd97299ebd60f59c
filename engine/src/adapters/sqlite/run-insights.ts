/** The port `RunInsights`: a few rows of one index are read at once, what counts or compares is answered by a thread. */
import type Database from "better-sqlite3"
import type { ApprovalRecord } from "../../core/views/approval-course.ts"
import type { ContextAnswer, EvaluatedText } from "../../core/views/context-questions.ts"
import type { StoredEventRow } from "../../core/views/feed-event.ts"
import type { JsonPieces } from "../../core/views/json-pieces.ts"
import type { Lineage } from "../../core/views/lineage.ts"
import type { RunRow, StepRow } from "../../core/views/rows.ts"
import type { StepContext } from "../../core/views/step-context.ts"
import type { WorkflowStats } from "../../core/views/workflow-stats.ts"
import type { WorkflowTotals } from "../../core/views/workflow-totals.ts"
import type { WorkspaceHead } from "../../ports/history-store.ts"
import type {
  Deadline,
  RunInsights,
  RunNeighbours,
  StatsQuestion,
  StepTotals,
  TimelinePage,
  WorkflowPage,
  WorkflowPageQuestion,
  WorkflowQuestion,
} from "../../ports/run-insights.ts"
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

  async deadlines(runId: string): Promise<readonly Deadline[]> {
    return this.#points.deadlines(runId)
  }

  async approvalRecord(runId: string, stepId: string): Promise<ApprovalRecord> {
    return this.#points.approvalRecord(runId, stepId)
  }

  async newestEvent(runId: string, types: readonly string[], after: number): Promise<StoredEventRow | null> {
    return this.#points.newestEvent(runId, types, after)
  }

  step(runId: string, stepId: string): Promise<StepRow | null> {
    return this.#readers.read("step", runId, stepId)
  }

  workflowStats(question: StatsQuestion): Promise<WorkflowStats> {
    return this.#readers.read("workflowStats", question)
  }

  stepTotals(runId: string): Promise<StepTotals> {
    return this.#readers.read("stepTotals", runId)
  }

  workflowTotals(question: WorkflowQuestion): Promise<WorkflowTotals> {
    return this.#readers.read("workflowTotals", question)
  }

  workflowPage(question: WorkflowPageQuestion): Promise<WorkflowPage> {
    return this.#readers.read("workflowPage", question)
  }

  lineage(runId: string, limit: number): Promise<Lineage | null> {
    return this.#readers.read("lineage", runId, limit)
  }

  async sealOf(runId: string): Promise<WorkspaceHead | null> {
    return this.#points.sealOf(runId)
  }

  timeline(runId: string, after: number, limit: number): Promise<TimelinePage | null> {
    return this.#readers.read("timeline", runId, after, limit)
  }

  /** On one thread always: what it has folded is there for the next look. */
  contextTextAt(runId: string, at: number | null): Promise<JsonPieces | null> {
    return this.#readers.readAside("contextTextAt", runId, at)
  }

  contextTextNow(runId: string): Promise<JsonPieces | null> {
    return this.#readers.readAside("contextTextNow", runId)
  }

  contextChanges(...asked: Parameters<RunInsights["contextChanges"]>): Promise<ContextAnswer<string> | null> {
    return this.#readers.readAside("contextChanges", ...asked)
  }

  evaluate(...asked: Parameters<RunInsights["evaluate"]>): Promise<ContextAnswer<EvaluatedText> | null> {
    return this.#readers.readAside("evaluate", ...asked)
  }

  stepContext(runId: string, stepId: string): Promise<StepContext | null> {
    return this.#readers.readAside("stepContext", runId, stepId)
  }

  neighbours(run: RunRow): Promise<RunNeighbours> {
    return this.#readers.read("neighbours", run)
  }
}
