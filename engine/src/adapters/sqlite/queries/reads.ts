/** All that is read for facades, synchronously on one connection: on the engine's thread for points, on a reader's for lists. */
import { createHmac } from "node:crypto"
import type Database from "better-sqlite3"
import type { StoredRows } from "../../../core/audit/index.ts"
import type { RunsTold } from "../../../core/measures/tell-runs.ts"
import type { Remark } from "../../../core/remarks/remark.ts"
import type { Standing } from "../../../core/remarks/standing.ts"
import type { ApprovalRecord } from "../../../core/views/approval-course.ts"
import type { BlobTexts, ContextAnswer, EvaluatedText } from "../../../core/views/context-questions.ts"
import type { FeedEvent, StoredEventRow } from "../../../core/views/feed-event.ts"
import type { JsonPieces } from "../../../core/views/json-pieces.ts"
import type { Lineage } from "../../../core/views/lineage.ts"
import type { ApprovalRow, RunRow, StepRow } from "../../../core/views/rows.ts"
import type { RunFilter } from "../../../core/views/run-query.ts"
import type { FacetName, FacetTally, HistogramWindow, StatusCounts } from "../../../core/views/run-tally.ts"
import type { StepContext } from "../../../core/views/step-context.ts"
import type { WorkflowStats } from "../../../core/views/workflow-stats.ts"
import type { WorkflowTotals } from "../../../core/views/workflow-totals.ts"
import type { ArchivePlace, ArchivePreview } from "../../../ports/archive-shelf.ts"
import type { AuditEntry, AuditQuestion } from "../../../ports/audit-store.ts"
import type { DefinitionStats } from "../../../ports/definition-store.ts"
import type { CountAdrift, RawEvent, WorkspaceHead } from "../../../ports/history-store.ts"
import type {
  MeasuredRuns,
  MeasureQuestion,
  MeasureSlice,
  Repairs,
  ScannedRuns,
  SliceBounds,
  StepCell,
} from "../../../ports/measure-store.ts"
import type { Experience, ExperienceQuestion } from "../../../ports/outcome-store.ts"
import type { PurgePreview } from "../../../ports/retention-store.ts"
import type {
  Deadline,
  RunNeighbours,
  StatsQuestion,
  StepTotals,
  TimelinePage,
  WorkflowPage,
  WorkflowPageQuestion,
  WorkflowQuestion,
} from "../../../ports/run-insights.ts"
import type { RunLogLine, RunLogPage } from "../../../ports/run-logs.ts"
import type { ApprovalListRequest, EventPage, Listed, ListedRun, RunListRequest } from "../../../ports/run-queries.ts"
import type { RunQuestion } from "../../../ports/run-question.ts"
import type { Counted } from "../../../ports/run-tallies.ts"
import type { FoundName } from "../../../ports/search-index.ts"
import type { ServiceLevels, ServiceQuestion } from "../../../ports/service-levels.ts"
import type { CountTableShape } from "../count-tables.ts"
import type { StoredSeal } from "../run-seal.ts"
import { WordLookup, wordFunction } from "../search/word-lookup.ts"
import { archivePreview, purgePreview } from "./archive-preview.ts"
import { auditEntries } from "./audit-entries.ts"
import { type BlobsNamed, blobsNamed } from "./blobs-named.ts"
import { ContextReader } from "./context-reader.ts"
import { countsAdrift } from "./counts-adrift.ts"
import { definitionStats } from "./definition-stats.ts"
import { firstStart } from "./first-start.ts"
import { findApproval, listApprovals } from "./list-approvals.ts"
import { type ListTools, listRuns } from "./list-runs.ts"
import { patternFunction, patternHolds } from "./match-sql.ts"
import { measureSlice } from "./measure-slice.ts"
import {
  leftOf,
  type PlacedRun,
  placeOver,
  rawEvents,
  remarksOf,
  runIds,
  sealOf,
  storedRows,
  storedStanding,
  workspaceHeads,
} from "./raw-history.ts"
import { experience } from "./read-experience.ts"
import { endedRunsGone, measuredRuns, measuredSteps, repairs, scanRuns, toldRuns } from "./read-measures.ts"
import { runLogs } from "./read-run-logs.ts"
import { deliveryLevel, evidenceLevel } from "./read-service.ts"
import { runLineage } from "./run-lineage.ts"
import { neighboursOf } from "./run-neighbours.ts"
import {
  approvalRecordOf,
  deadlinesOf,
  eventsOf,
  feedSince,
  findRun,
  findStep,
  newestEvent,
  stepsOf,
  unsuccessfulSteps,
} from "./run-points.ts"
import { type SamplingCandidate, type SamplingPlace, samplingCandidates } from "./sampling-candidates.ts"
import { defaultScanBounds, type ScanBounds } from "./scan.ts"
import { searchNames } from "./search-names.ts"
import { type ReadWatch, Statements } from "./statements.ts"
import { countsByStatus, facets, histogram } from "./tally-runs.ts"
import { timelinePage } from "./timeline-page.ts"
import { workflowStats } from "./workflow-stats.ts"
import { stepTotals, workflowPage, workflowTotals } from "./workflow-totals.ts"

function forgetting(words: WordLookup, watch: ReadWatch | null): ReadWatch {
  return {
    began() {
      words.forget()
      watch?.began()
    },
    ended: () => watch?.ended(),
  }
}

export class Reads {
  readonly #tools: ListTools
  readonly #contexts: ContextReader

  /**
   * @param secret keys the MAC of cursors; the same on every thread
   * @param watch told of every read transaction
   */
  constructor(
    db: Database.Database,
    secret: string,
    bounds: ScanBounds = defaultScanBounds,
    clock: () => number = () => performance.now(),
    watch: ReadWatch | null = null,
  ) {
    db.function(patternFunction, { deterministic: true }, patternHolds)
    const words = new WordLookup(db.name)
    db.function(wordFunction, (match, runKey) => words.says(match, runKey))
    const key = Buffer.from(secret, "hex")
    this.#tools = {
      statements: new Statements(db, { clock, transactionMs: bounds.transactionMs, watch: forgetting(words, watch) }),
      mac: (text) => createHmac("sha256", key).update("cursor\n").update(text).digest("hex"),
      clock,
      bounds,
    }
    this.#contexts = new ContextReader(this.#tools.statements)
  }

  run(runId: string): RunRow | null {
    return findRun(this.#tools.statements, runId)
  }

  steps(runId: string, after: number, limit: number): readonly StepRow[] {
    return stepsOf(this.#tools.statements, runId, after, limit)
  }

  events(runId: string, page: EventPage): readonly StoredEventRow[] {
    return eventsOf(this.#tools.statements, runId, page)
  }

  runLogs(runId: string, page: RunLogPage): { readonly lines: readonly RunLogLine[]; readonly to: number | null } {
    return runLogs(this.#tools.statements, runId, page)
  }

  unsuccessfulSteps(
    runId: string,
    parentStepId: string | null,
    end: "first" | "last",
    limit: number,
  ): readonly StepRow[] {
    return unsuccessfulSteps(this.#tools.statements, runId, parentStepId, end, limit)
  }

  step(runId: string, stepId: string): StepRow | null {
    return findStep(this.#tools.statements, runId, stepId)
  }

  workflowStats(question: StatsQuestion): WorkflowStats {
    return workflowStats(this.#tools.statements, question)
  }

  stepTotals(runId: string): StepTotals {
    return this.#tools.statements.together(() => stepTotals(this.#tools.statements, runId))
  }

  workflowTotals(question: WorkflowQuestion): WorkflowTotals {
    return workflowTotals(this.#tools.statements, question, this.#tools.bounds.tallyRows)
  }

  workflowPage(question: WorkflowPageQuestion): WorkflowPage {
    return workflowPage(this.#tools.statements, question, this.#tools.bounds.tallyRows)
  }

  lineage(runId: string, limit: number): Lineage | null {
    return runLineage(this.#tools.statements, runId, limit)
  }

  sealOf(runId: string): WorkspaceHead | null {
    return sealOf(this.#tools.statements, runId)
  }

  timeline(runId: string, after: number, limit: number): TimelinePage | null {
    return timelinePage(this.#tools.statements, runId, after, limit)
  }

  contextTextAt(runId: string, at: number | null): JsonPieces | null {
    return this.#contexts.textAt(runId, at)
  }

  contextTextNow(runId: string): JsonPieces | null {
    return this.#contexts.textNow(runId)
  }

  contextChanges(
    runId: string,
    points: { readonly from: number | null; readonly to: number | null },
    limit: number,
    blobs: BlobTexts,
  ): ContextAnswer<string> | null {
    return this.#contexts.changes(runId, points, limit, blobs)
  }

  evaluate(
    expression: string,
    runId: string | null,
    at: number | null,
    blobs: BlobTexts,
  ): ContextAnswer<EvaluatedText> | null {
    return this.#contexts.evaluate(expression, runId, at, blobs)
  }

  stepContext(runId: string, stepId: string): StepContext | null {
    return this.#contexts.ofStep(runId, stepId)
  }

  deadlines(runId: string): readonly Deadline[] {
    return deadlinesOf(this.#tools.statements, runId)
  }

  approvalRecord(runId: string, stepId: string): ApprovalRecord {
    return approvalRecordOf(this.#tools.statements, runId, stepId)
  }

  newestEvent(runId: string, types: readonly string[], after: number): StoredEventRow | null {
    return newestEvent(this.#tools.statements, runId, types, after)
  }

  neighbours(run: RunRow): RunNeighbours {
    return neighboursOf(this.#tools.statements, run)
  }

  since(position: number, limit: number): readonly FeedEvent[] {
    return feedSince(this.#tools.statements, position, limit)
  }

  approval(approvalId: string): ApprovalRow | null {
    return findApproval(this.#tools.statements, approvalId)
  }

  runs(request: RunListRequest): Listed<ListedRun> {
    return listRuns(this.#tools, request)
  }

  definitionStats(
    workspaceId: string,
    environment: string,
    workflowIds: readonly string[],
    now: number,
  ): ReadonlyMap<string, DefinitionStats> {
    return definitionStats(this.#tools.statements, workspaceId, environment, workflowIds, now)
  }

  runIds(after: string | null, limit: number): readonly string[] {
    return runIds(this.#tools.statements, after, limit)
  }

  rawEvents(runId: string, after: number, limit: number): readonly RawEvent[] {
    return rawEvents(this.#tools.statements, runId, after, limit)
  }

  storedRows(runId: string): StoredRows | null {
    return storedRows(this.#tools.statements, runId, this.#tools.bounds.tallyRows)
  }

  remarks(runId: string, after: number, limit: number): readonly Remark[] {
    return remarksOf(this.#tools.statements, runId, after, limit)
  }

  standing(runId: string): Standing | null {
    return storedStanding(this.#tools.statements, runId)
  }

  leftOf(runId: string): StoredSeal | null {
    return leftOf(this.#tools.statements, runId)
  }

  placeOver(runId: string): PlacedRun | null {
    return placeOver(this.#tools.statements, runId)
  }

  workspaceHeads(
    after: { readonly workspaceId: string; readonly number: number } | null,
    limit: number,
  ): readonly WorkspaceHead[] {
    return workspaceHeads(this.#tools.statements, after, limit)
  }

  countsAdrift(shape: CountTableShape, limit: number): readonly CountAdrift[] {
    return countsAdrift(this.#tools.statements, shape, limit)
  }

  purgePreview(workspaceId: string, from: ArchivePlace, until: number, most: number): PurgePreview {
    return purgePreview(this.#tools.statements, workspaceId, from, until, most)
  }

  samplingCandidates(
    workspaceId: string,
    from: SamplingPlace,
    until: number,
    most: number,
  ): readonly SamplingCandidate[] {
    return samplingCandidates(this.#tools.statements, workspaceId, from, until, most)
  }

  archivePreview(workspaceId: string, from: ArchivePlace, until: number, most: number): ArchivePreview {
    return archivePreview(this.#tools.statements, workspaceId, from, until, most)
  }

  blobsNamed(after: number, limit: number): BlobsNamed {
    return blobsNamed(this.#tools.statements, after, limit)
  }

  auditEntries(question: AuditQuestion): readonly AuditEntry[] {
    return auditEntries(this.#tools.statements, question)
  }

  approvals(request: ApprovalListRequest): Listed<ApprovalRow> {
    return listApprovals(this.#tools, request)
  }

  measureSlice(after: number, head: number, bounds: SliceBounds): MeasureSlice {
    return measureSlice(this.#tools.statements, after, head, bounds)
  }

  toldRuns(question: MeasureQuestion): RunsTold {
    return toldRuns(this.#tools.statements, question)
  }

  measuredRuns(question: MeasureQuestion): MeasuredRuns {
    return measuredRuns(this.#tools.statements, question)
  }

  measuredSteps(question: MeasureQuestion): readonly StepCell[] {
    return measuredSteps(this.#tools.statements, question)
  }

  scanRuns(question: MeasureQuestion, filter: RunFilter, now: number): ScannedRuns {
    return scanRuns(this.#tools, question, filter, now)
  }

  repairs(question: MeasureQuestion, filter: RunFilter | null, now: number): Repairs {
    return repairs(this.#tools.statements, question, filter, now)
  }

  experience(question: ExperienceQuestion, filter: RunFilter | null, now: number): Experience {
    return experience(this.#tools.statements, question, filter, now)
  }

  serviceLevels(question: ServiceQuestion, signs: boolean): ServiceLevels {
    const { statements } = this.#tools
    return { delivery: deliveryLevel(statements, question), evidence: evidenceLevel(statements, question, signs) }
  }

  endedRunsGone(): boolean {
    return endedRunsGone(this.#tools.statements)
  }

  searchNames(workspaceId: string, words: readonly string[], limit: number): readonly FoundName[] {
    return searchNames(this.#tools.statements, workspaceId, words, limit)
  }

  countsByStatus(question: RunQuestion): Counted<StatusCounts> {
    return countsByStatus(this.#tools, question)
  }

  histogram(question: RunQuestion, window: HistogramWindow): Counted<readonly StatusCounts[]> {
    return histogram(this.#tools, question, window)
  }

  firstStart(question: RunQuestion): number | null {
    return firstStart(this.#tools, question)
  }

  facets(question: RunQuestion, names: readonly FacetName[], valuesMax: number): Counted<readonly FacetTally[]> {
    return facets(this.#tools, question, names, valuesMax)
  }
}
