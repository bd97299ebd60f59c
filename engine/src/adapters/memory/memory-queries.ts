/** The port `RunQueries` over the tables in memory: filter, sort, cut. What a list means is in core/views. */

import { decodeEvent } from "../../core/run/decode-event.ts"
import { noValues, type RunValues, runValues } from "../../core/search/run-values.ts"
import type { FeedEvent, StoredEventRow } from "../../core/views/feed-event.ts"
import { foldRuns, foldText } from "../../core/views/fold-runs.ts"
import { type Mac, readCursor, writeCursor } from "../../core/views/page-cursor.ts"
import type { ApprovalRow, RunRow, StepRow } from "../../core/views/rows.ts"
import {
  type ApprovalSort,
  approvalKey,
  compareKeys,
  exactCountMax,
  filterAsksValues,
  filterText,
  hasId,
  matchesFilter,
  mayAsk,
  type PageTotal,
  type RunSort,
  resolveFilter,
  type SortKey,
  sortKey,
  sortTime,
} from "../../core/views/run-query.ts"
import {
  countsByStatus,
  type FacetName,
  type FacetTally,
  facetValues,
  type HistogramWindow,
  histogram,
  mostFrequent,
  type StatusCounts,
} from "../../core/views/run-tally.ts"
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
import { issueIn } from "./issue-in.ts"
import { type MemoryEvent, type MemoryRun, type MemoryTables, standingIn } from "./tables.ts"

const mismatch = {
  ok: false,
  code: "cursor_mismatch",
  message: "the cursor belongs to another list, or was altered",
} as const

export class MemoryQueries implements RunQueries {
  readonly #tables: MemoryTables
  readonly #mac: Mac

  constructor(tables: MemoryTables, mac: Mac) {
    this.#tables = tables
    this.#mac = mac
  }

  async run(runId: string): Promise<RunRow | null> {
    return this.#tables.runs.get(runId)?.row ?? null
  }

  async steps(runId: string, after: number, limit: number): Promise<readonly StepRow[]> {
    const steps = [...(this.#tables.runs.get(runId)?.steps.values() ?? [])]
    return steps
      .filter((step) => step.firstSeq > after)
      .sort((a, b) => a.firstSeq - b.firstSeq)
      .slice(0, limit)
  }

  async events(runId: string, page: EventPage): Promise<readonly StoredEventRow[]> {
    const events = this.#tables.runs.get(runId)?.events ?? []
    const last =
      page.types.length === 0 ? Number.POSITIVE_INFINITY : page.after + (page.within ?? Number.POSITIVE_INFINITY)
    return events
      .filter(
        ({ event }) =>
          event.seq > page.after && event.seq <= last && (page.types.length === 0 || page.types.includes(event.type)),
      )
      .slice(0, page.limit)
      .map(storedRow)
  }

  async since(position: number, limit: number): Promise<readonly FeedEvent[]> {
    return this.#tables.feed.slice(position, position + limit).map((stored) => {
      const { workspaceId, workflowId, environment } = this.#tables.runs.get(stored.runId)!.row
      return { ...storedRow(stored), workspaceId, workflowId, environment, status: stored.status }
    })
  }

  async runs(request: RunListRequest): Promise<Listed<ListedRun>> {
    const { workspaceId, filter, sort, fold = [] } = request
    const question = JSON.stringify(["runs", sort, filterText(workspaceId, filter), ...foldText(fold)])
    const place = request.cursor === null ? null : readCursor(this.#mac, question, request.cursor)
    if (request.cursor !== null && place === null) return mismatch
    const asOf = place?.asOf ?? this.#tables.runs.size
    const now = place?.now ?? request.now
    const known = this.#matching({ ...request, now }).filter((run) => run.number <= asOf)
    const folded = new Map(fold.length === 0 ? [] : foldRuns(known, fold))
    const all = fold.length === 0 ? known : [...folded.keys()]
    const rows = all
      .filter((run) => place === null || behind(run, place.key, sort))
      .sort(
        (a, b) => compareKeys(sortKey(a.row, sort), sortKey(b.row, sort), sort) || byNumber(a.number, b.number, sort),
      )
    const items = rows.slice(0, request.limit)
    const last = items[items.length - 1]
    const total = place === null ? totalOf(all.length) : place.total
    const nextCursor =
      rows.length > items.length && last !== undefined
        ? writeCursor(this.#mac, question, { key: [...sortKey(last.row, sort), last.number], asOf, now, total })
        : null
    const page = {
      items: items.map((run) => ({
        ...run.row,
        lastState: lastState(run),
        standing: standingIn(run),
        ...(fold.length > 0 && { folded: folded.get(run)! }),
      })),
      nextCursor,
      total,
    }
    return { ok: true, page, position: this.#tables.feed.length }
  }

  async approvals(request: ApprovalListRequest): Promise<Listed<ApprovalRow>> {
    const { workspaceId, filter, sort } = request
    const { runId, state, workflowId, environment, assignees, deciders } = filter
    const question = JSON.stringify(["approvals", workspaceId, { ...filter, state: [...state].sort() }, sort])
    const place = request.cursor === null ? null : readCursor(this.#mac, question, request.cursor)
    if (request.cursor !== null && place === null) return mismatch
    const all = [...this.#tables.approvals.values()].filter(
      (row) =>
        row.workspaceId === workspaceId &&
        (runId === null || row.runId === runId) &&
        (state.length === 0 || state.includes(row.state)) &&
        (workflowId === null || row.workflowId === workflowId) &&
        (environment === null || row.environment === environment) &&
        (deciders === undefined || mayAsk(row, deciders)) &&
        (assignees.length === 0 || (JSON.parse(row.approvers) as string[]).some((one) => assignees.includes(one))),
    )
    const rows = all
      .filter((row) => place === null || compareApprovals(approvalKey(row, sort), place.key, sort) > 0)
      .sort((a, b) => compareApprovals(approvalKey(a, sort), approvalKey(b, sort), sort))
    const items = rows.slice(0, request.limit)
    const last = items[items.length - 1]
    const total = place === null ? totalOf(all.length) : place.total
    const nextCursor =
      rows.length > items.length && last !== undefined
        ? writeCursor(this.#mac, question, { key: approvalKey(last, sort), asOf: 0, now: 0, total })
        : null
    return { ok: true, page: { items, nextCursor, total }, position: this.#tables.feed.length }
  }

  async countsByStatus(question: RunQuestion): Promise<Counted<StatusCounts>> {
    return { value: countsByStatus(this.#matching(question).map((run) => run.row)), exact: true }
  }

  async histogram(question: RunQuestion, window: HistogramWindow): Promise<Counted<readonly StatusCounts[]>> {
    const rows = this.#matching(question).map((run) => run.row)
    return { value: histogram(rows, window), exact: true }
  }

  async firstStart(question: RunQuestion): Promise<number | null> {
    const starts = this.#matching(question).map((run) => sortTime(run.row))
    return starts.length === 0 ? null : Math.min(...starts)
  }

  async facets(
    question: RunQuestion,
    names: readonly FacetName[],
    valuesMax: number,
  ): Promise<Counted<readonly FacetTally[]>> {
    const runs = this.#matching(question)
    const value = names.map((name) => {
      const counts = new Map<string, number>()
      for (const run of runs)
        for (const one of facetValues(run.row, standingIn(run), name)) counts.set(one, (counts.get(one) ?? 0) + 1)
      return mostFrequent(name, counts, valuesMax, true)
    })
    return { value, exact: true }
  }

  async approval(approvalId: string): Promise<ApprovalRow | null> {
    return this.#tables.approvals.get(approvalId) ?? null
  }

  #matching({ workspaceId, filter: asked, now, stalled, late }: RunQuestion): MemoryRun[] {
    const filter = resolveFilter(asked, now, [], stalled, late)
    const own = [...this.#tables.runs.values()].filter((run) => run.row.workspaceId === workspaceId)
    const { q } = filter
    const isId = q !== null && own.some((run) => hasId(run.row, q))
    const asksValues = filterAsksValues(filter)
    return own.filter(
      (run) =>
        matchesFilter(run.row, standingIn(run), filter, asksValues ? valuesIn(run) : noValues) &&
        (!isId || hasId(run.row, q)),
    )
  }
}

function valuesIn(run: MemoryRun): RunValues {
  const events = run.events.flatMap(({ event }) => {
    const decoded = decodeEvent(event)
    return decoded.ok ? [decoded.event] : []
  })
  return runValues(events, issueIn(run))
}

function lastState({ steps }: MemoryRun): string | null {
  return [...steps.values()].sort((a, b) => b.firstSeq - a.firstSeq)[0]?.name ?? null
}

function behind(run: MemoryRun, key: SortKey, sort: RunSort): boolean {
  const number = key[key.length - 1] as number
  const compared = compareKeys(sortKey(run.row, sort), key.slice(0, -1), sort)
  return compared > 0 || (compared === 0 && byNumber(run.number, number, sort) > 0)
}

function byNumber(a: number, b: number, sort: RunSort): number {
  return sort.startsWith("-") ? b - a : a - b
}

function compareApprovals(a: SortKey, b: SortKey, sort: ApprovalSort): number {
  for (const [index, left] of a.entries()) {
    const right = b[index]!
    if (left !== right) return left < right === (sort === "dueAt") ? -1 : 1
  }
  return 0
}

function totalOf(count: number): PageTotal {
  return { value: Math.min(count, exactCountMax), exact: count <= exactCountMax }
}

function storedRow({ event, position, runId }: MemoryEvent): StoredEventRow {
  const { seq, v, type, at, actor, stepId, payload, hash } = event
  return { runId, seq, position, v, type, at, actor, stepId, payload, hash }
}
