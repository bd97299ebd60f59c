/** A page of runs: plan, scan, merge, and the cursor for what comes behind. Runs on a reader's thread. */

import { type BatchEnds, joinEnds } from "../../../core/views/archived-ends.ts"
import { foldText } from "../../../core/views/fold-runs.ts"
import { type CursorPlace, type Mac, readCursor, writeCursor } from "../../../core/views/page-cursor.ts"
import type { RunRow } from "../../../core/views/rows.ts"
import {
  exactCountMax,
  filterText,
  type PageTotal,
  type RunFilter,
  resolveFilter,
} from "../../../core/views/run-query.ts"
import { type ArchivedEnds, asksArchived } from "../../../core/views/run-term.ts"
import type { Listed, ListedRun, RunListRequest } from "../../../ports/run-queries.ts"
import type { RunQuestion } from "../../../ports/run-question.ts"
import { newestPosition } from "../high-marks.ts"
import { type StandingRow, standingColumns, standingOrStart } from "../remark-rows.ts"
import { runKeyOf, runShape, selection } from "../rows.ts"
import type { Asked, Plan } from "./asked.ts"
import { expandTerms } from "./expand-terms.ts"
import { foldedUnder, folding } from "./fold-sql.ts"
import { isKept, keptByColumn, statusesPossible, unfinished } from "./kept-counts.ts"
import { planRuns, scansOf } from "./plan-runs.ts"
import { compareInOrder, isByStatus, type Key, type Order, type Segment, segmentsOf } from "./run-order.ts"
import { exactly, keysOfId, predicateOf, withStatus } from "./run-predicate.ts"
import { countScan, merge, type Patience, runScan, type ScanBounds } from "./scan.ts"
import type { Found, Scanned } from "./scan-shape.ts"
import type { Statements } from "./statements.ts"

export interface ListTools {
  readonly statements: Statements
  readonly mac: Mac
  /** Monotonic milliseconds. */
  readonly clock: () => number
  readonly bounds: ScanBounds
}

const columns = selection(runShape, "r")

export function listRuns(tools: ListTools, request: RunListRequest): Listed<ListedRun> {
  const { statements, mac } = tools
  const kinds = request.fold ?? []
  const question = JSON.stringify([
    "runs",
    request.sort,
    filterText(request.workspaceId, request.filter),
    ...foldText(kinds),
  ])
  const place = request.cursor === null ? null : readCursor(mac, question, request.cursor)
  if (request.cursor !== null && place === null)
    return { ok: false, code: "cursor_mismatch", message: "the cursor belongs to another list, or was altered" }
  const whole = askedOf(statements, request, place)
  const asked = folding(whole, kinds)
  const plan = planRuns(statements, asked, tools.bounds.sortedRows)
  const { found, end } = collect(tools, plan, asked, request, place)
  const total = place === null ? countRuns(tools, plan, asked, asked === whole && isKept(asked)) : place.total
  const nextCursor =
    end === null ? null : writeCursor(mac, question, { key: end, asOf: asked.asOf, now: asked.now, total })
  return {
    ok: true,
    page: {
      items: found.map((one) => ({
        ...listedRun(statements, one),
        ...(kinds.length > 0 && { folded: foldedUnder(statements, whole, kinds, keyOfRun(one)) }),
      })),
      nextCursor,
      total,
    },
    position: positionOf(statements),
  }
}

/** Its key in every order ends with it. */
function keyOfRun({ key }: Found): number {
  return key[key.length - 1] as number
}

export function positionOf(statements: Statements): number {
  return statements.get(`SELECT ${newestPosition} AS position`, [])!.position as number
}

export function askedOf(statements: Statements, question: RunQuestion, place: CursorPlace | null): Asked {
  const { workspaceId } = question
  const now = place?.now ?? question.now
  const filter = withinEnds(
    asksApart(
      statements,
      workspaceId,
      expandTerms(
        statements,
        workspaceId,
        resolveFilter(
          question.filter,
          now,
          archivedEnds(statements, workspaceId, question.filter),
          question.stalled,
          question.late,
        ),
      ),
    ),
  )
  const exactId = filter.q !== null && isSomeId(statements, workspaceId, filter.q)
  return {
    workspaceId,
    filter,
    now,
    exactId,
    predicate: predicateOf(workspaceId, filter, exactId),
    asOf:
      place?.asOf ??
      (statements.get("SELECT coalesce(max(run_key), 0) AS newest FROM workflow_runs", [])!.newest as number),
  }
}

/** As `ArchivedRanges` has them of the same batches; none where nobody asks. */
function archivedEnds(statements: Statements, workspaceId: string, { terms }: RunFilter): readonly ArchivedEnds[] {
  const ends: ArchivedEnds[] = []
  if (!asksArchived(terms)) return ends
  const batches = statements.all(
    `SELECT from_completed_at AS behind, first_at AS first, to_completed_at AS last FROM archive_batches
     WHERE workspace_id = ? AND state = 'kept' ORDER BY to_completed_at, to_run_key`,
    [workspaceId],
  )
  for (const batch of batches) joinEnds(ends, batch as unknown as BatchEnds)
  return ends
}

/** Where production is all there is, as in most workspaces, to ask for it is to ask for nothing. */
function asksApart(statements: Statements, workspaceId: string, filter: RunFilter): RunFilter {
  const isLive = (texts: readonly string[] | undefined) => texts?.length === 1 && texts[0] === "live"
  const terms = filter.terms.filter((term) => !isLive(exactly(term, "origin")[0]))
  const origin = isLive(filter.origin) ? [] : filter.origin
  if (terms.length === filter.terms.length && origin === filter.origin) return filter
  const found = statements.get(
    "SELECT 1 FROM workflow_runs r INDEXED BY workflow_runs_apart WHERE r.workspace_id = ? AND r.origin <> 'live' LIMIT 1",
    [workspaceId],
  )
  return found === undefined ? { ...filter, origin, terms } : filter
}

/** A run that ended within a time was under way in it: the same runs, found by their time. */
function withinEnds(filter: RunFilter): RunFilter {
  let { from, to } = filter
  for (const { negated, test } of filter.terms) {
    if (negated || test.kind !== "number" || test.field !== "completedAt" || test.any.length !== 1) continue
    const { least, most } = test.any[0]!
    if (least !== null) from = Math.max(from ?? least.value, least.value)
    if (most !== null) to = Math.min(to ?? most.value + 1, most.value + 1)
  }
  return { ...filter, from, to }
}

function isSomeId(statements: Statements, workspaceId: string, text: string): boolean {
  const sql = `SELECT 1 AS found FROM workflow_runs NOT INDEXED WHERE run_key IN (${keysOfId}) AND workspace_id = ? LIMIT 1`
  return statements.get(sql, [text, text, text, workspaceId]) !== undefined
}

interface Collected {
  readonly found: readonly Found[]
  /** The cursor's key: segment, then the key in its order; null = the list ends here. */
  readonly end: Key | null
}

function collect(
  tools: ListTools,
  plan: Plan,
  asked: Asked,
  request: RunListRequest,
  place: CursorPlace | null,
): Collected {
  const segments = segmentsOf(request.sort)
  const deadline = tools.clock() + tools.bounds.pageMs
  const patience = { chunkRows: tools.bounds.chunkRows, late: () => tools.clock() > deadline }
  const found: Found[] = []
  const [first, ...key] = place === null ? [0] : place.key
  let after: Key | null = key.length === 0 ? null : key
  for (let index = first as number; index < segments.length; index += 1) {
    const part = page(tools, plan, asked, segments[index]!, after, request.limit - found.length, patience)
    found.push(...part.found)
    if (part.frontier !== null) return { found, end: [index, ...part.frontier] }
    if (found.length >= request.limit && index + 1 < segments.length) return { found, end: [index + 1] }
    after = null
  }
  return { found, end: null }
}

function page(
  tools: ListTools,
  plan: Plan,
  asked: Asked,
  segment: Segment,
  after: Key | null,
  limit: number,
  patience: Patience,
): Scanned {
  if (plan.whole === null && isByStatus(segment)) return pageByStatus(tools, asked, segment, after, limit, patience)
  // One more than asked for tells whether another page follows.
  const scanned = scansOf(plan, asked, segment).map((scan) =>
    runScan(tools.statements, scan, segment.order, columns, after, limit + 1, patience),
  )
  return merge(scanned, segment.order, limit)
}

/** In order of status: one status after the other, each a list in order of time with one filter more. */
function pageByStatus(
  tools: ListTools,
  asked: Asked,
  { order }: Segment,
  after: Key | null,
  limit: number,
  patience: Patience,
): Scanned {
  const found: Found[] = []
  const segment = segmentsOf(order.descending ? "-startedAt" : "startedAt")[0]!
  for (const status of statusesInOrder(tools.statements, asked, order)) {
    if (after !== null && compareInOrder(order, [status], [after[0]!]) < 0) continue
    const from = after !== null && after[0] === status ? after.slice(1) : null
    const one = { ...asked, predicate: withStatus(asked.predicate, asked.workspaceId, status) }
    const plan = planRuns(tools.statements, one, tools.bounds.sortedRows)
    const isFull = found.length >= limit
    // Of a full page it is only asked whether another follows.
    const part = page(tools, plan, one, segment, from, isFull ? 1 : limit - found.length, patience)
    if (isFull && part.found.length === 0 && part.frontier === null) continue
    if (isFull) return { found, frontier: found[found.length - 1]!.key }
    found.push(...part.found.map(({ key, row }) => ({ key: [status, ...key], row })))
    if (part.frontier !== null) return { found, frontier: [status, ...part.frontier] }
  }
  return { found, frontier: null }
}

function statusesInOrder(statements: Statements, asked: Asked, { descending }: Order): readonly string[] {
  const { status } = asked.filter
  const possible = statusesPossible(statements, asked).filter((one) => status.length === 0 || status.includes(one))
  const ascending = [...possible].sort()
  return descending ? ascending.reverse() : ascending
}

/** One short look a row, for the rows of a page only: the list's own scans must not pay for it. */
const lastState = `SELECT s.name FROM workflow_run_steps s WHERE s.run_key = ${runKeyOf} ORDER BY s.first_seq DESC LIMIT 1`

const standing = `SELECT ${standingColumns} FROM workflow_run_standing s WHERE s.run_key = ${runKeyOf}`

function listedRun(statements: Statements, found: Found): ListedRun {
  const row: { [column: string]: unknown } = { ...found.row }
  for (const column of Object.keys(row)) if (/^key\d$/.test(column)) delete row[column]
  const last = statements.get(lastState, [found.row.runId as string])
  const run = row as unknown as RunRow
  const stands = statements.get(standing, [run.runId]) as StandingRow | undefined
  return { ...run, lastState: (last?.name as string | undefined) ?? null, standing: standingOrStart(stands, run) }
}

/** Of a count, for so many times as long as it may take: where there are few runs their number is exact on a slow day too. */
const countPiecesLeast = 8
const slowDay = 2.5

/** @param isCounted by the database, as far as runs have ended */
function countRuns(tools: ListTools, plan: Plan, asked: Asked, isCounted: boolean): PageTotal {
  const segment = segmentsOf("-startedAt")[0]!
  const began = tools.clock()
  const { countMs } = tools.bounds
  const kept = isCounted ? keptTotal(tools.statements, asked) : 0
  if (kept > exactCountMax) return { value: exactCountMax, exact: false }
  let pieces = 0
  const late = () => tools.clock() - began > (++pieces >= countPiecesLeast ? countMs : countMs * slowDay)
  const patience = { chunkRows: tools.bounds.chunkRows, late }
  let value = kept
  for (const scan of isCounted ? [unfinished(asked)] : scansOf(plan, asked, segment)) {
    const counted = countScan(tools.statements, scan, segment.order, exactCountMax + 1 - value, patience)
    value += counted.value
    if (value > exactCountMax) return { value: exactCountMax, exact: false }
    if (!counted.complete) return { value, exact: false }
  }
  return { value, exact: true }
}

/** Of finished runs, as the database keeps their number. */
function keptTotal(statements: Statements, asked: Asked): number {
  let total = 0
  keptByColumn(statements, asked, "status", (_, runs) => {
    total += runs
  })
  return total
}
