/** Raw events and rows for `verify`, `fsck` and `rebuild`: one run at a time, as they lie there. */
import type { StoredRows } from "../../../core/audit/index.ts"
import type { Remark } from "../../../core/remarks/remark.ts"
import type { Standing } from "../../../core/remarks/standing.ts"
import type { SignalRow, StepRow, TimerRow } from "../../../core/views/rows.ts"
import type { RawEvent, WorkspaceHead } from "../../../ports/history-store.ts"
import { chainedEvent } from "../read-statements.ts"
import {
  type RemarkRow,
  remarkColumns,
  remarkFrom,
  remarkSource,
  type StandingRow,
  standingColumns,
  standingFrom,
} from "../remark-rows.ts"
import { placeColumns, type SignedPlace } from "../retention-places.ts"
import { approvalShape, runKeyOf, selection, signalShape, timerShape } from "../rows.ts"
import { type StoredSeal, sealColumns } from "../run-seal.ts"
import { approvalOf } from "./list-approvals.ts"
import { findRun, stepsOf } from "./run-points.ts"
import type { Row, Statements } from "./statements.ts"

/** Every run that has, or had, an event: its row may be missing. */
export function runIds(statements: Statements, after: string | null, limit: number): readonly string[] {
  const sql = "SELECT run_id FROM workflow_run_keys WHERE run_id > ? ORDER BY run_id LIMIT ?"
  return statements.all(sql, [after ?? "", limit]).map((row) => row.run_id as string)
}

export function rawEvents(statements: Statements, runId: string, after: number, limit: number): readonly RawEvent[] {
  const sql = `SELECT ${chainedEvent} FROM workflow_run_events e
    WHERE e.run_key = ${runKeyOf} AND e.seq > ? ORDER BY e.seq LIMIT ?`
  return statements.all(sql, [runId, after, limit]) as unknown as RawEvent[]
}

/** How often a run that goes on meanwhile is begun again. */
const triesMax = 3

/**
 * Of one moment: a commit in between must not mix old rows with new ones (rule 26).
 * @param atOnce runs with more events are read in pages of as many steps, each a short read (rule 29)
 */
export function storedRows(statements: Statements, runId: string, atOnce: number): StoredRows | null {
  for (let tries = 1; ; tries++) {
    const before = findRun(statements, runId)
    if (before === null) return null
    if (before.seq <= atOnce || tries > triesMax) return statements.together(() => rowsOf(statements, runId, atOnce))
    const rows = rowsOf(statements, runId, atOnce)
    // Every commit of a run raises its seq.
    if (rows?.run.seq === before.seq && findRun(statements, runId)?.seq === before.seq) return rows
  }
}

function rowsOf(statements: Statements, runId: string, pageRows: number): StoredRows | null {
  const run = findRun(statements, runId)
  if (run === null) return null
  const all = (columns: string, table: string, order: string): Row[] =>
    statements.all(`SELECT ${columns} FROM ${table} x WHERE x.run_key = ${runKeyOf} ORDER BY ${order}`, [runId])
  const own = <T>(rows: readonly Row[]): T[] => rows.map((row) => ({ runId, ...row }) as T)
  return {
    run: run as unknown as StoredRows["run"],
    steps: [...pagesOfSteps(statements, runId, pageRows)],
    approvals: all(selection(approvalShape, "x"), "workflow_approvals", "x.requested_seq, x.approval_id").map((row) =>
      approvalOf({ runId, ...row }),
    ),
    signals: own<SignalRow>(all(selection(signalShape, "x"), "workflow_signals", "x.received_seq")),
    timers: own<TimerRow>(all(selection(timerShape, "x"), "workflow_timers", "x.due_at, x.timer_id")),
  }
}

function* pagesOfSteps(statements: Statements, runId: string, pageRows: number): Generator<StepRow, void> {
  for (let after = 0; ; ) {
    const page = stepsOf(statements, runId, after, pageRows)
    yield* page
    if (page.length < pageRows) return
    after = page[page.length - 1]!.firstSeq
  }
}

export function remarksOf(statements: Statements, runId: string, after: number, limit: number): readonly Remark[] {
  const sql = `SELECT ${remarkColumns} FROM ${remarkSource}
    WHERE m.run_key = ${runKeyOf} AND m.number > ? ORDER BY m.number LIMIT ?`
  return statements.all(sql, [runId, after, limit]).map((row) => remarkFrom(row as unknown as RemarkRow))
}

export function storedStanding(statements: Statements, runId: string): Standing | null {
  const sql = `SELECT ${standingColumns} FROM workflow_run_standing s WHERE s.run_key = ${runKeyOf}`
  const row = statements.get(sql, [runId])
  return row === undefined ? null : standingFrom(row as unknown as StandingRow)
}

export function leftOf(statements: Statements, runId: string): StoredSeal | null {
  const sql = `SELECT ${sealColumns}, signature FROM retention_seals WHERE run_id = ?`
  return (statements.get(sql, [runId]) as StoredSeal | undefined) ?? null
}

/** A finished run, by what its chain and its workspace's hold of it, and how far retention came with the values there. */
export interface PlacedRun {
  readonly workspaceId: string
  readonly completedAt: number
  readonly runKey: number
  readonly place: SignedPlace | null
}

export function placeOver(statements: Statements, runId: string): PlacedRun | null {
  // Not by its row: that is no part of a chain, and could have been dated back. The last event is the one that ended it.
  const run = statements.get(
    `SELECT h.workspace_id AS "workspaceId", e.run_key AS "runKey", e.at AS "completedAt"
     FROM workflow_workspace_heads h, workflow_run_events e
     WHERE h.run_id = ? AND e.run_key = ${runKeyOf} ORDER BY e.seq DESC LIMIT 1`,
    [runId, runId],
  ) as Omit<PlacedRun, "place"> | undefined
  if (run === undefined) return null
  const place = statements.get(
    `SELECT ${placeColumns} FROM retention_progress WHERE workspace_id = ? AND class = 'io'`,
    [run.workspaceId],
  ) as SignedPlace | undefined
  return { ...run, place: place ?? null }
}

const head = `workspace_id AS "workspaceId", number, run_id AS "runId", run_seq AS "runSeq", run_head AS "runHead",
  prev_hash AS "prevHash", hash`

export function sealOf(statements: Statements, runId: string): WorkspaceHead | null {
  const row = statements.get(`SELECT ${head} FROM workflow_workspace_heads WHERE run_id = ? LIMIT 1`, [runId])
  return (row as WorkspaceHead | undefined) ?? null
}

export function workspaceHeads(
  statements: Statements,
  after: { readonly workspaceId: string; readonly number: number } | null,
  limit: number,
): readonly WorkspaceHead[] {
  const sql = `SELECT ${head}
    FROM workflow_workspace_heads WHERE (workspace_id, number) > (?, ?) ORDER BY workspace_id, number LIMIT ?`
  return statements.all(sql, [after?.workspaceId ?? "", after?.number ?? 0, limit]) as unknown as WorkspaceHead[]
}
