/**
 * Counts that an index answers by itself: when nothing is asked but times and statuses, no row has to be read. A hundred
 * thousand runs are then some milliseconds instead of hundreds.
 */
import { runStatuses } from "../../../core/views/status-words.ts"
import { all, type Condition, equal } from "./condition.ts"
import type { Asked } from "./plan-runs.ts"
import type { Row, Statements } from "./statements.ts"

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

/** Groups of one status by `key`. Returns false when there were more rows than `max`. */
export function groupStatus(
  statements: Statements,
  asked: Asked,
  status: string,
  key: Condition,
  max: number,
  take: (row: Row) => void,
): boolean {
  const where = all([equal("workspace_id", asked.workspaceId), equal("status", status), ...asked.predicate.times])
  const sql = `SELECT ${key.sql} AS k1, count(*) AS n FROM (
      SELECT r.sort_at FROM workflow_runs r INDEXED BY ${statusIndex} WHERE ${where.sql} LIMIT ?) GROUP BY 1`
  let seen = 0
  for (const row of statements.all(sql, [...key.values, ...where.values, max])) {
    seen += row.n as number
    take({ k0: status, ...row })
  }
  return seen < max
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

/** Each value of a column with the number of its runs. Returns false when there were more rows than `max`. */
export function groupColumn(
  statements: Statements,
  asked: Asked,
  column: string,
  max: number,
  take: (value: string, count: number) => void,
): boolean {
  const { index, isSparse } = valueIndexes[column]!
  const named = isSparse ? [{ sql: `r.${column} IS NOT NULL`, values: [] }] : []
  const where = all([equal("workspace_id", asked.workspaceId), ...named, ...asked.predicate.times])
  const sql = `SELECT k, count(*) AS n FROM (
      SELECT r.${column} AS k FROM workflow_runs r INDEXED BY ${index} WHERE ${where.sql} LIMIT ?) GROUP BY 1`
  let seen = 0
  for (const row of statements.all(sql, [...where.values, max])) {
    seen += row.n as number
    take(row.k as string, row.n as number)
  }
  return seen < max
}
