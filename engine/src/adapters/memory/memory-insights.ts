/** The port `RunInsights` over the tables in memory. */
import type { Json } from "../../core/json.ts"
import { decodeEvent } from "../../core/run/decode-event.ts"
import { type ApprovalRecord, courseTypes } from "../../core/views/approval-course.ts"
import { type ContextAt, ContextFold, contextFreeEvents } from "../../core/views/context-at.ts"
import {
  type BlobTexts,
  type ContextAnswer,
  changesBetween,
  type EvaluatedText,
  evaluateOver,
} from "../../core/views/context-questions.ts"
import type { StoredEventRow } from "../../core/views/feed-event.ts"
import { type JsonPieces, jsonPieces } from "../../core/views/json-pieces.ts"
import { type Lineage, lineageOf } from "../../core/views/lineage.ts"
import type { RunRow, StepRow } from "../../core/views/rows.ts"
import { durationMs, exactCountMax, sortTime } from "../../core/views/run-query.ts"
import { type StepContext, StepContextView } from "../../core/views/step-context.ts"
import {
  needsTrail,
  type TrailEvent,
  timelineOf,
  timelineStep,
  timelineText,
  trailEvents,
} from "../../core/views/timeline.ts"
import { isGoodFor } from "../../core/views/why/last-good.ts"
import { type WorkflowStats, WorkflowStatsFold } from "../../core/views/workflow-stats.ts"
import { addTotal, noTotals, type WorkflowTotals } from "../../core/views/workflow-totals.ts"
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
import { issueIn } from "./issue-in.ts"
import type { MemoryRun, MemoryTables } from "./tables.ts"

const unsuccessful: ReadonlySet<string> = new Set(["FAILED", "TIMED_OUT", "CANCELLED"])

const kinds: ReadonlySet<string> = new Set(trailEvents)
const free: ReadonlySet<string> = new Set(contextFreeEvents)

export class MemoryInsights implements RunInsights {
  readonly #tables: MemoryTables

  constructor(tables: MemoryTables) {
    this.#tables = tables
  }

  async unsuccessfulSteps(
    runId: string,
    parentStepId: string | null,
    end: "first" | "last",
    limit: number,
  ): Promise<readonly StepRow[]> {
    const steps = [...(this.#tables.runs.get(runId)?.steps.values() ?? [])]
    const sign = end === "first" ? 1 : -1
    return steps
      .filter((step) => step.parentStepId === parentStepId && unsuccessful.has(step.status))
      .sort((a, b) => sign * (a.completedAt! - b.completedAt! || a.firstSeq - b.firstSeq))
      .slice(0, limit)
  }

  async deadlines(runId: string): Promise<readonly Deadline[]> {
    return [...this.#tables.timers.values()].flatMap(({ runId: of, kind, stepId, dueAt }) =>
      of === runId && (kind === "run_timeout" || kind === "state_timeout") ? [{ kind, stepId, dueAt }] : [],
    )
  }

  async approvalRecord(runId: string, stepId: string): Promise<ApprovalRecord> {
    const events = (this.#tables.runs.get(runId)?.events ?? [])
      .filter(({ event }) => event.stepId === stepId && (courseTypes as readonly string[]).includes(event.type))
      .map(({ position, event: { seq, v, type, at, actor, payload, hash } }) => ({
        ...{ runId, position, seq, v, type, at, actor, stepId, payload, hash },
      }))
    const timers = [...this.#tables.timers.values()]
      .filter((timer) => timer.runId === runId && timer.stepId === stepId)
      .map(({ kind, dueAt }) => ({ kind: kind as ApprovalRecord["timers"][number]["kind"], dueAt }))
    return { events: events.slice(-200), timers }
  }

  async newestEvent(runId: string, types: readonly string[], after: number): Promise<StoredEventRow | null> {
    const events = this.#tables.runs.get(runId)?.events ?? []
    const found = events.findLast(({ event }) => event.seq > after && types.includes(event.type))
    if (found === undefined) return null
    const { seq, v, type, at, actor, stepId, payload, hash } = found.event
    return { runId, position: found.position, seq, v, type, at, actor, stepId, payload, hash }
  }

  async step(runId: string, stepId: string): Promise<StepRow | null> {
    return this.#steps(runId).find((step) => step.stepId === stepId) ?? null
  }

  async workflowStats({ workspaceId, environment, workflowId, from, to }: StatsQuestion): Promise<WorkflowStats> {
    const fold = new WorkflowStatsFold()
    const runs = [...this.#tables.runs.values()]
      .filter(({ row }) => row.workspaceId === workspaceId && row.workflowId === workflowId)
      .filter(
        ({ row }) =>
          row.origin === "live" && row.environment === environment && sortTime(row) >= from && sortTime(row) < to,
      )
      .sort((a, b) => byBeginning(b, a))
    for (const run of runs) {
      fold.run({ status: run.row.status, durationMs: durationMs(run.row) })
      if (run.row.completedAt !== null) fold.sample([...run.steps.values()])
    }
    return fold.result(true)
  }

  async stepTotals(runId: string): Promise<StepTotals> {
    const byStatus: { [status in StepRow["status"]]?: number } = {}
    const steps = this.#steps(runId)
    for (const { status } of steps) byStatus[status] = (byStatus[status] ?? 0) + 1
    return { byStatus, topStates: [...new Set(steps.filter((row) => row.branchPath === "").map(({ name }) => name))] }
  }

  async workflowTotals(question: WorkflowQuestion): Promise<WorkflowTotals> {
    return this.#ofWorkflow(question)
      .map(({ row }) => ({ status: row.status, ms: row.startedAt === null ? null : durationMs(row) }))
      .map(({ status, ms }) => ({ status, runs: 1, timed: ms === null ? 0 : 1, totalMs: ms, minMs: ms, maxMs: ms }))
      .reduce(addTotal, noTotals)
  }

  async workflowPage({ statuses, skip, limit, ...question }: WorkflowPageQuestion): Promise<WorkflowPage> {
    const rows = this.#ofWorkflow(question)
      .sort((a, b) => byBeginning(b, a))
      .map(({ row }) => row)
      .filter(({ status }) => statuses.length === 0 || statuses.includes(status))
    return { items: rows.slice(skip, skip + limit), total: rows.length }
  }

  #ofWorkflow({ workspaceId, workflowId, environment }: WorkflowQuestion): MemoryRun[] {
    return [...this.#tables.runs.values()].filter(
      ({ row }) =>
        row.workspaceId === workspaceId &&
        row.workflowId === workflowId &&
        (environment === null || row.environment === environment),
    )
  }

  async lineage(runId: string, limit: number): Promise<Lineage | null> {
    const self = this.#tables.runs.get(runId)?.row
    if (self === undefined) return null
    const runs = [...this.#tables.runs.values()]
      .filter(({ row }) => row.workspaceId === self.workspaceId)
      .sort(byBeginning)
      .map(({ row }) => row)
    return lineageOf(
      {
        run: (id) => runs.find((row) => row.runId === id) ?? null,
        childrenOf: (id, max) => runs.filter((row) => row.parentRunId === id).slice(0, max),
        rerunsOf: (run, max) => runs.filter((row) => row.rerunOf === run.runId).slice(0, max),
        sameEvent: (run, max) =>
          runs
            .filter((row) => row.businessEventId === run.businessEventId)
            .reverse()
            .slice(0, max),
      },
      self,
      limit,
    )
  }

  async sealOf(runId: string): Promise<WorkspaceHead | null> {
    for (const heads of this.#tables.heads.values()) for (const head of heads) if (head.runId === runId) return head
    return null
  }

  async timeline(runId: string, after: number, limit: number): Promise<TimelinePage | null> {
    const run = this.#tables.runs.get(runId)
    if (run === undefined) return null
    const behind = this.#steps(runId).filter((step) => step.firstSeq > after)
    const rows = behind.slice(0, limit).map(timelineStep)
    const trails = new Map<string, TrailEvent[]>()
    for (const row of rows) if (needsTrail(row)) trails.set(row.stepId, [])
    for (const { event } of run.events)
      if (event.stepId !== null && kinds.has(event.type))
        trails.get(event.stepId)?.push({ type: event.type, at: event.at })
    const next = behind.length > rows.length ? rows[rows.length - 1]!.firstSeq : null
    return { ...timelineText(timelineOf(rows, trails)), seq: run.row.seq, next }
  }

  async #contextAt(runId: string, at: number | null): Promise<ContextAt | null> {
    const run = this.#tables.runs.get(runId)
    if (run === undefined) return null
    const until = Math.min(at ?? run.row.seq, run.row.seq)
    const fold = new ContextFold(runId)
    const read = this.#foldTo(fold, run, until)
    return fold.shown(read)
  }

  async contextTextAt(runId: string, at: number | null): Promise<JsonPieces | null> {
    const found = await this.#contextAt(runId, at)
    return found === null ? null : jsonPieces(found as unknown as Json)
  }

  async contextTextNow(runId: string): Promise<JsonPieces | null> {
    const found = await this.#contextAt(runId, null)
    return found === null ? null : jsonPieces(found.value)
  }

  async contextChanges(
    runId: string,
    { from, to }: { readonly from: number | null; readonly to: number | null },
    limit: number,
    blobs: BlobTexts,
  ): Promise<ContextAnswer<string> | null> {
    const then = await this.#contextAt(runId, from)
    const now = await this.#contextAt(runId, to)
    return then === null || now === null ? null : changesBetween(then, now, limit, blobs)
  }

  async evaluate(
    expression: string,
    runId: string | null,
    at: number | null,
    blobs: BlobTexts,
  ): Promise<ContextAnswer<EvaluatedText> | null> {
    const found = runId === null ? { value: {} } : await this.#contextAt(runId, at)
    return found === null ? null : evaluateOver(found.value, expression, blobs)
  }

  async stepContext(runId: string, stepId: string): Promise<StepContext | null> {
    const run = this.#tables.runs.get(runId)
    const step = await this.step(runId, stepId)
    if (run === undefined || step === null) return null
    const fold = new ContextFold(runId)
    this.#foldTo(fold, run, step.firstSeq - 1)
    const view = new StepContextView(stepId, fold)
    for (const { event } of run.events) {
      if (event.seq < step.firstSeq || free.has(event.type)) continue
      const decoded = decodeEvent(event)
      if (!decoded.ok || !view.apply(decoded.event)) break
    }
    return view.result()
  }

  /** Up to where it holds. */
  #foldTo(fold: ContextFold, run: MemoryRun, until: number): number {
    for (const { event } of run.events) {
      if (event.seq > until) break
      if (free.has(event.type)) continue
      const decoded = decodeEvent(event)
      if (!decoded.ok) return event.seq - 1
      fold.apply(decoded.event)
    }
    return until
  }

  #steps(runId: string): StepRow[] {
    return [...(this.#tables.runs.get(runId)?.steps.values() ?? [])].sort((a, b) => a.firstSeq - b.firstSeq)
  }

  async neighbours(run: RunRow): Promise<RunNeighbours> {
    const self = this.#tables.runs.get(run.runId)
    const same = [...this.#tables.runs.values()].filter(({ row }) => besides(row, run))
    const good = same
      .filter((other) => self !== undefined && isGoodFor(self.row, other.row) && byBeginning(other, self) < 0)
      .sort(byBeginning)
    const issueId = self === undefined ? null : issueIn(self)
    const alike = same
      .filter((other) => (issueId === null ? endedAs(other.row, run) : issueIn(other) === issueId))
      .map(({ row }) => row.completedAt ?? sortTime(row))
    return {
      lastGood: good.at(-1)?.row ?? null,
      alike:
        run.errorCode === null
          ? null
          : {
              issueId,
              total: { value: Math.min(alike.length, exactCountMax), exact: alike.length < exactCountMax },
              since: Math.min(...alike),
            },
    }
  }
}

function endedAs(row: RunRow, run: RunRow): boolean {
  return row.status === run.status && row.errorCode === run.errorCode && row.errorStep === run.errorStep
}

function besides(row: RunRow, run: RunRow): boolean {
  return row.workspaceId === run.workspaceId && row.workflowId === run.workflowId && row.environment === run.environment
}

function byBeginning(a: MemoryRun, b: MemoryRun): number {
  return sortTime(a.row) - sortTime(b.row) || a.number - b.number
}
