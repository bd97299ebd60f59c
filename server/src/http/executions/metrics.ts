/** 002's metrics of a workflow from its totals (settled 30): cancelled and open runs say nothing about success. */
import type { ExecutionMetrics } from "@waybill/contract"
import type { WorkflowTotals } from "@waybill/engine"
import { type Made, make } from "../shared/made.ts"
import { seconds } from "./words.ts"

const table = {
  total_duration_seconds: ({ durations }) => seconds(durations.totalMs),
  success_rate: (totals) => {
    const ended = succeeded(totals) + failed(totals)
    return ended === 0 ? 0 : (succeeded(totals) / ended) * 100
  },
  total_executions: ({ byStatus }) => Object.values(byStatus).reduce((sum, count) => sum + count, 0),
  successful_executions: succeeded,
  failed_executions: failed,
  average_duration_seconds: ({ durations }) => seconds(durations.runs === 0 ? 0 : durations.totalMs / durations.runs),
  min_duration_seconds: ({ durations }) => (durations.minMs === null ? null : seconds(durations.minMs)),
  max_duration_seconds: ({ durations }) => (durations.maxMs === null ? null : seconds(durations.maxMs)),
} satisfies Made<ExecutionMetrics, WorkflowTotals>

export function executionMetrics(totals: WorkflowTotals): ExecutionMetrics {
  return make(table, totals)
}

function succeeded({ byStatus }: WorkflowTotals): number {
  return byStatus.COMPLETED ?? 0
}

function failed({ byStatus }: WorkflowTotals): number {
  return (byStatus.FAILED ?? 0) + (byStatus.TIMED_OUT ?? 0)
}
