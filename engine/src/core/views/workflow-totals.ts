/** All runs of one workflow in a few numbers: a sum that stores make where the rows lie. */
import type { RunRow } from "./rows.ts"
import type { StatusCounts } from "./run-tally.ts"

export interface WorkflowTotals {
  readonly byStatus: StatusCounts
  /** Of the runs that were started and have ended, in milliseconds; null where there is none. */
  readonly durations: {
    readonly runs: number
    readonly totalMs: number
    readonly minMs: number | null
    readonly maxMs: number | null
  }
}

export const noTotals: WorkflowTotals = {
  byStatus: {},
  durations: { runs: 0, totalMs: 0, minMs: null, maxMs: null },
}

/** Of runs of one status. */
export interface StatusTotal {
  readonly status: RunRow["status"]
  readonly runs: number
  readonly timed: number
  readonly totalMs: number | null
  readonly minMs: number | null
  readonly maxMs: number | null
}

export function addTotal({ byStatus, durations }: WorkflowTotals, more: StatusTotal): WorkflowTotals {
  return {
    byStatus: { ...byStatus, [more.status]: (byStatus[more.status] ?? 0) + more.runs },
    durations: {
      runs: durations.runs + more.timed,
      totalMs: durations.totalMs + (more.totalMs ?? 0),
      minMs: least(durations.minMs, more.minMs),
      maxMs: most(durations.maxMs, more.maxMs),
    },
  }
}

function least(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b)
}

function most(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b)
}
