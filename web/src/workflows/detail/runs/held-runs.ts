import type { RunSummary } from "@waybill/contract"

export interface HeldRuns {
  readonly rows: readonly RunSummary[]
  /** How many have come since, and are not shown. */
  readonly news: number
}

/** The rows that were there when the pointer came, in their order, each as it stands now; null: all as they are. */
export function heldRuns(held: readonly RunSummary[] | null, now: readonly RunSummary[]): HeldRuns {
  if (held === null) return { rows: now, news: 0 }
  const current = new Map(now.map((run) => [run.runId, run]))
  const before = new Set(held.map((run) => run.runId))
  return {
    rows: held.map((run) => current.get(run.runId) ?? run),
    news: now.filter((run) => !before.has(run.runId)).length,
  }
}
