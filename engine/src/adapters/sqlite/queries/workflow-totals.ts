/**
 * All runs of one workflow: summed by the database, in pieces that are short reads each (rule 29), and paged newest first
 * by how many stand in front. Nothing is summed from rows in memory.
 */

import type { RunRow } from "../../../core/views/rows.ts"
import { addTotal, noTotals, type StatusTotal, type WorkflowTotals } from "../../../core/views/workflow-totals.ts"
import type { StepTotals, WorkflowPage, WorkflowPageQuestion, WorkflowQuestion } from "../../../ports/run-insights.ts"
import { type Cell, runKeyOf, runShape, selection } from "../rows.ts"
import { inTime, type Row, type Statements } from "./statements.ts"

const from = "FROM workflow_runs r INDEXED BY workflow_runs_by_workflow"
const ofWorkflow = "r.workspace_id = ? AND r.workflow_id = ?"

/** @param pieceRows runs of one statement */
export function workflowTotals(statements: Statements, question: WorkflowQuestion, pieceRows: number): WorkflowTotals {
  const { workspaceId, workflowId, environment } = question
  let totals = noTotals
  let after: readonly Cell[] = [Number.MIN_SAFE_INTEGER, 0]
  for (;;) {
    const end = statements.get(
      `SELECT r.sort_at AS "at", r.run_key AS "key" ${from}
       WHERE ${ofWorkflow} AND (r.sort_at, r.run_key) > (?, ?) ORDER BY r.sort_at, r.run_key LIMIT 1 OFFSET ${pieceRows}`,
      [workspaceId, workflowId, ...after],
    )
    const until: readonly Cell[] =
      end === undefined ? [Number.MAX_SAFE_INTEGER, 0] : [end.at as number, end.key as number]
    const sums = statements.all(
      `SELECT r.status, count(*) AS runs, count(CASE WHEN r.started_at IS NOT NULL THEN r.duration_ms END) AS timed,
         sum(CASE WHEN r.started_at IS NOT NULL THEN r.duration_ms END) AS "totalMs",
         min(CASE WHEN r.started_at IS NOT NULL THEN r.duration_ms END) AS "minMs",
         max(CASE WHEN r.started_at IS NOT NULL THEN r.duration_ms END) AS "maxMs"
       ${from} WHERE ${ofWorkflow} AND (r.sort_at, r.run_key) > (?, ?) AND (r.sort_at, r.run_key) <= (?, ?)
         AND (? IS NULL OR r.environment = ?) GROUP BY r.status`,
      [workspaceId, workflowId, ...after, ...until, environment, environment],
    )
    for (const sum of sums) totals = addTotal(totals, sum as unknown as StatusTotal)
    if (end === undefined) return totals
    after = until
  }
}

export function stepTotals(statements: Statements, runId: string): StepTotals {
  const counts = statements.all(
    `SELECT s.status, count(*) AS n FROM workflow_run_steps s
     WHERE ${inTime("s.step_key")} AND s.run_key = ${runKeyOf} GROUP BY s.status`,
    [runId],
  )
  const top = statements.all(
    `SELECT DISTINCT s.name FROM workflow_run_steps s
     WHERE ${inTime("s.step_key")} AND s.run_key = ${runKeyOf} AND s.branch_path = ''`,
    [runId],
  )
  return {
    byStatus: Object.fromEntries(counts.map(({ status, n }) => [status, n])),
    topStates: top.map(({ name }) => name as string),
  }
}

const columns = selection(runShape, "r")

/** Newest first, in pieces: the items are found in those at which the runs in front of them have been counted. */
export function workflowPage(statements: Statements, question: WorkflowPageQuestion, pieceRows: number): WorkflowPage {
  const { workspaceId, workflowId, environment, statuses, skip, limit } = question
  const among = statuses.length === 0 ? "" : ` AND r.status IN (${statuses.map(() => "?").join(", ")})`
  const inside = environment === null ? "" : " AND r.environment = ?"
  const filters = [...statuses, ...(environment === null ? [] : [environment])]
  const items: Row[] = []
  let total = 0
  let before: readonly Cell[] = [Number.MAX_SAFE_INTEGER, 0]
  for (;;) {
    const end = statements.get(
      `SELECT r.sort_at AS "at", r.run_key AS "key" ${from}
       WHERE ${ofWorkflow} AND (r.sort_at, r.run_key) < (?, ?)
       ORDER BY r.sort_at DESC, r.run_key DESC LIMIT 1 OFFSET ${pieceRows - 1}`,
      [workspaceId, workflowId, ...before],
    )
    const last: readonly Cell[] =
      end === undefined ? [Number.MIN_SAFE_INTEGER, 0] : [end.at as number, end.key as number]
    const where = `WHERE ${ofWorkflow} AND (r.sort_at, r.run_key) < (?, ?) AND (r.sort_at, r.run_key) >= (?, ?)${among}${inside}`
    const values = [workspaceId, workflowId, ...before, ...last, ...filters]
    const count = statements.get(`SELECT count(*) AS n ${from} ${where}`, values)!.n as number
    if (items.length < limit && skip < total + count)
      items.push(
        ...statements.all(
          `SELECT ${columns} ${from} ${where} ORDER BY r.sort_at DESC, r.run_key DESC LIMIT ? OFFSET ?`,
          [...values, limit - items.length, Math.max(0, skip - total)],
        ),
      )
    total += count
    if (end === undefined) return { items: items as unknown as readonly RunRow[], total }
    before = last
  }
}
