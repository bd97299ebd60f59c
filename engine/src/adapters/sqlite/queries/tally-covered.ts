/**
 * Counts that an index answers by itself: when nothing is asked but times and statuses, no row has to be read. A hundred
 * thousand runs are then some milliseconds instead of hundreds.
 */
import { runStatuses } from "../../../core/views/status-words.ts"
import type { Asked } from "./asked.ts"
import { all, type Condition, equal } from "./condition.ts"
import { type Order, segmentsOf } from "./run-order.ts"
import { chunksOf, source } from "./scan.ts"
import type { Scan } from "./scan-shape.ts"
import type { Row, Statements } from "./statements.ts"

const newestFirst = segmentsOf("-startedAt")[0]!.order

const statusIndex = "idx_workflow_executions_workspace_status"

/** The statuses of which all runs in the asked times are meant; null = more is asked. */
export function statusesMeant({ predicate, filter, exactId }: Asked): readonly string[] | null {
  if (exactId || filter.from !== null || filter.to !== null) return null
  const others = predicate.conditions.filter(({ driver }) => driver?.index !== statusIndex)
  // The workspace is always asked.
  if (others.length !== 1) return null
  const lists = predicate.drivers.filter(({ index }) => index === statusIndex).map(({ any }) => any.values.slice(1))
  return runStatuses.filter((status) => lists.every((list) => list.includes(status)))
}

/** How many rows are counted: in one statement, a short read each (rule 29), and in all. */
export interface CountBounds {
  readonly tallyIndexChunkRows: number
  readonly tallyIndexRows: number
}

/** Groups of one status by `key`. Returns false when there were more rows than are counted. */
export function groupStatus(
  statements: Statements,
  asked: Asked,
  status: string,
  key: Condition,
  bounds: CountBounds,
  take: (row: Row) => void,
): boolean {
  const range = all([equal("workspace_id", asked.workspaceId), equal("status", status), ...asked.predicate.times])
  const scan: Scan = { index: statusIndex, range, residual: null, ordered: true }
  let seen = 0
  for (const where of chunksOf(statements, scan, newestFirst, bounds.tallyIndexChunkRows)) {
    if (seen >= bounds.tallyIndexRows) return false
    const sql = `SELECT ${key.sql} AS k1, count(*) AS n FROM ${source(scan)} WHERE ${where.sql} GROUP BY 1`
    for (const row of statements.all(sql, [...key.values, ...where.values])) {
      seen += row.n as number
      take({ k0: status, ...row })
    }
  }
  return true
}

/** Fields whose values an index has side by side, with the times of each. */
export const valueIndexes: { readonly [column: string]: { readonly index: string; readonly isSparse: boolean } } = {
  workflow_id: { index: "workflow_runs_by_workflow", isSparse: false },
  status: { index: statusIndex, isSparse: false },
  environment: { index: "workflow_runs_by_environment", isSparse: false },
  actor: { index: "workflow_runs_by_actor", isSparse: false },
  error_code: { index: "workflow_runs_by_error", isSparse: true },
  hitl: { index: "workflow_runs_by_hitl", isSparse: true },
}

/** Each value of a column with the number of its runs, in pieces. Returns false when there were more rows than are counted. */
export function groupColumn(
  statements: Statements,
  asked: Asked,
  column: string,
  bounds: CountBounds,
  take: (value: string, count: number) => void,
): boolean {
  const { index, isSparse } = valueIndexes[column]!
  const named = isSparse ? [{ sql: `r.${column} IS NOT NULL`, values: [] }] : []
  const range = all([equal("workspace_id", asked.workspaceId), ...named, ...asked.predicate.times])
  const scan: Scan = { index, range, residual: null, ordered: true }
  const order: Order = { columns: [`r.${column}`, ...newestFirst.columns], descending: true, index }
  let seen = 0
  for (const where of chunksOf(statements, scan, order, bounds.tallyIndexChunkRows)) {
    if (seen >= bounds.tallyIndexRows) return false
    const sql = `SELECT r.${column} AS k, count(*) AS n FROM ${source(scan)} WHERE ${where.sql} GROUP BY 1`
    for (const row of statements.all(sql, [...where.values])) {
      seen += row.n as number
      take(row.k as string, row.n as number)
    }
  }
  return true
}
