/**
 * What pages ask about a run besides its rows: the way to its failure, the runs beside it. Every question looks at a
 * bounded number of rows and says so where that shows. Folds are the core's; a store only decides where they run.
 */

import type { RunStatus } from "../core/run/state.ts"
import type { ApprovalRecord } from "../core/views/approval-course.ts"
import type { BlobTexts, ContextAnswer, EvaluatedText } from "../core/views/context-questions.ts"
import type { StoredEventRow } from "../core/views/feed-event.ts"
import type { JsonPieces } from "../core/views/json-pieces.ts"
import type { Lineage } from "../core/views/lineage.ts"
import type { RunRow, StepRow, StepStatus } from "../core/views/rows.ts"
import type { PageTotal } from "../core/views/run-query.ts"
import type { StepContext } from "../core/views/step-context.ts"
import type { TimelineText } from "../core/views/timeline.ts"
import type { WorkflowStats } from "../core/views/workflow-stats.ts"
import type { WorkflowTotals } from "../core/views/workflow-totals.ts"
import type { WorkspaceHead } from "./history-store.ts"

/** A finished run beside others of its workflow and environment. */
export interface RunNeighbours {
  /** The newest that began before it and completed; looked for among the newest few thousand. */
  readonly lastGood: RunRow | null
  /** Those that failed as it did, itself among them, and when the first of them did; null without an error. */
  readonly alike: RunsAlike | null
}

export interface RunsAlike {
  /** The issue that they are; null: of a backfill or a replay, where the same code at the same step is alike. */
  readonly issueId: string | null
  readonly total: PageTotal
  readonly since: number
}

/** Lanes and segments are text already: the engine's thread has nothing to make of them. */
export interface TimelinePage extends TimelineText {
  /** The run's newest event when it was read. */
  readonly seq: number
  /** The `seq` of the last lane when more follow. */
  readonly next: number | null
}

export interface Deadline {
  readonly kind: "run_timeout" | "state_timeout"
  readonly stepId: string | null
  readonly dueAt: number
}

/** Runs that began in [from, to), in milliseconds since the epoch. */
export interface StatsQuestion {
  readonly workspaceId: string
  readonly environment: string
  readonly workflowId: string
  readonly from: number
  readonly to: number
}

/** All runs of a workflow, in one environment or, null, in each. */
export interface WorkflowQuestion {
  readonly workspaceId: string
  readonly workflowId: string
  readonly environment: string | null
}

export interface WorkflowPageQuestion extends WorkflowQuestion {
  /** Empty: any. */
  readonly statuses: readonly RunStatus[]
  readonly skip: number
  readonly limit: number
}

export interface WorkflowPage {
  /** Newest first. */
  readonly items: readonly RunRow[]
  /** All that match. */
  readonly total: number
}

export interface StepTotals {
  readonly byStatus: { readonly [status in StepStatus]?: number }
  /** Names of the states of the top level that were entered. */
  readonly topStates: readonly string[]
}

export interface RunInsights {
  /** Of all steps of a run, however many there are. */
  stepTotals(runId: string): Promise<StepTotals>
  workflowTotals(question: WorkflowQuestion): Promise<WorkflowTotals>
  workflowPage(question: WorkflowPageQuestion): Promise<WorkflowPage>
  /** Counted up to 10,000 runs; times of states from the newest finished ones, at most 1,000 runs or 50,000 steps. */
  workflowStats(question: StatsQuestion): Promise<WorkflowStats>
  step(runId: string, stepId: string): Promise<StepRow | null>
  /**
   * Lanes in the order of their steps, those with a higher `seq` than `after`; null = no such run. A step whose trail
   * goes on for longer than is read is told by its row alone.
   */
  timeline(runId: string, after: number, limit: number): Promise<TimelinePage | null>
  /**
   * The context after an event, null = after the last, as the text of its JSON (`ContextAt`): of a long run it is megabytes,
   * which the engine's thread must not read. Null: no such run, or one whose beginning cannot be read. Where an event cannot
   * be read, `seq` is the one in front of it.
   */
  contextTextAt(runId: string, at: number | null): Promise<JsonPieces | null>
  /** The context alone, after the last event. */
  contextTextNow(runId: string): Promise<JsonPieces | null>
  /** What changed from one point to another, at most `limit` changes, as text: `{from, to, changes, truncated}`. */
  contextChanges(
    runId: string,
    points: { readonly from: number | null; readonly to: number | null },
    limit: number,
    blobs: BlobTexts,
  ): Promise<ContextAnswer<string> | null>
  /** An expression over the context at a point; over an empty one where `runId` is null. */
  evaluate(
    expression: string,
    runId: string | null,
    at: number | null,
    blobs: BlobTexts,
  ): Promise<ContextAnswer<EvaluatedText> | null>
  stepContext(runId: string, stepId: string): Promise<StepContext | null>
  /** At most `limit` relatives, nearest first. Null: no such run. */
  lineage(runId: string, limit: number): Promise<Lineage | null>
  /** The head that sealed a finished run into its workspace's chain; null = it has none yet. */
  sealOf(runId: string): Promise<WorkspaceHead | null>
  /**
   * Steps directly inside a holder (null: at the top level) that failed, timed out or were cancelled.
   * `end`: `first` = in the order they ended, `last` = the reverse.
   */
  unsuccessfulSteps(
    runId: string,
    parentStepId: string | null,
    end: "first" | "last",
    limit: number,
  ): Promise<readonly StepRow[]>
  /** When the run's own time is up, and that of its states that hold others; at most 100. */
  deadlines(runId: string): Promise<readonly Deadline[]>
  /** Of the approval that this step asked for; the newest 200 events. */
  approvalRecord(runId: string, stepId: string): Promise<ApprovalRecord>
  /** The newest event of one of these types behind a seq. */
  newestEvent(runId: string, types: readonly string[], after: number): Promise<StoredEventRow | null>
  neighbours(run: RunRow): Promise<RunNeighbours>
}
