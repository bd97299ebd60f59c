/** The orders of run lists: their columns, the index that has them, and the condition that goes on behind a place. */
import type { RunSort } from "../../../core/views/run-query.ts"
import type { Cell } from "../rows.ts"
import type { Condition } from "./condition.ts"

/** The key of a row in an order, the tie-break `run_key` last. */
export type Key = readonly (string | number)[]

export interface Order {
  readonly columns: readonly string[]
  readonly descending: boolean
  /** In order without any field asked; null = no single index has it. */
  readonly index: string | null
}

const byTime = ["r.sort_at", "r.run_key"]

/**
 * A list by duration is two lists: the finished runs, and behind them the others by start. `segment` says which; the
 * other orders have one.
 */
export interface Segment {
  readonly order: Order
  readonly condition: Condition | null
}

export function segmentsOf(sort: RunSort): readonly Segment[] {
  const descending = sort.startsWith("-")
  switch (sort) {
    case "-startedAt":
    case "startedAt":
      return [{ order: { columns: byTime, descending, index: "idx_workflow_executions_started_at" }, condition: null }]
    case "-createdAt":
    case "createdAt":
      return [
        {
          order: { columns: ["r.created_at", "r.run_key"], descending, index: "workflow_runs_by_created" },
          condition: null,
        },
      ]
    case "-status":
    case "status":
      return [
        {
          order: {
            columns: ["r.status", ...byTime],
            descending,
            index: "idx_workflow_executions_workspace_status",
          },
          condition: null,
        },
      ]
    case "-duration":
    case "duration":
      return [
        {
          order: { columns: ["r.duration_ms", "r.run_key"], descending, index: "workflow_runs_by_duration" },
          condition: { sql: "r.duration_ms IS NOT NULL", values: [] },
        },
        {
          order: { columns: byTime, descending, index: "workflow_runs_unfinished" },
          condition: { sql: "r.completed_at IS NULL", values: [] },
        },
      ]
  }
}

export function sameOrderAsTime(order: Order): boolean {
  return order.columns.length === byTime.length && order.columns[0] === byTime[0]
}

export function isByStatus({ order }: Segment): boolean {
  return order.columns[0] === "r.status"
}

export function orderBy(order: Order): string {
  return order.columns.map((column) => `${column} ${order.descending ? "DESC" : "ASC"}`).join(", ")
}

export function keyColumns(order: Order): string {
  return order.columns.map((column, index) => `${column} AS "key${index}"`).join(", ")
}

export function keyOf(order: Order, row: { readonly [column: string]: unknown }): Key {
  return order.columns.map((_, index) => row[`key${index}`] as string | number)
}

/** Strictly behind `key`. */
export function behind(order: Order, key: Key): Condition {
  return compare(order, order.descending ? "<" : ">", key)
}

/** At `key` or in front of it. */
export function upTo(order: Order, key: Key): Condition {
  return compare(order, order.descending ? ">=" : "<=", key)
}

function compare(order: Order, operator: string, key: Key): Condition {
  return {
    sql: `(${order.columns.join(", ")}) ${operator} (${order.columns.map(() => "?").join(", ")})`,
    values: key as readonly Cell[],
  }
}

/** Below zero: `a` comes first. */
export function compareInOrder(order: Order, a: Key, b: Key): number {
  for (const [index, left] of a.entries()) {
    const right = b[index]!
    if (left === right) continue
    return left < right === order.descending ? 1 : -1
  }
  return 0
}
