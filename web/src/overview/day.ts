/** What a day's counts say in one line. */
import type { RunCounts, RunStatus } from "@waybill/contract"

export interface Day {
  readonly total: string
  readonly completed: number
  readonly failed: number
  /** 0 to 1 of those that ended by themselves; null while none has. */
  readonly successRate: number | null
}

const failures: readonly RunStatus[] = ["FAILED", "TIMED_OUT"]

/** A cancelled run is no failure of the workflow, and no success either. */
export function dayOf({ total, byStatus }: RunCounts): Day {
  const count = (status: RunStatus) => byStatus[status] ?? 0
  const completed = count("COMPLETED")
  const failed = failures.reduce((sum, status) => sum + count(status), 0)
  const ended = completed + failed
  return {
    total: `${total.value.toLocaleString("en")}${total.exact ? "" : "+"}`,
    completed,
    failed,
    successRate: ended === 0 ? null : completed / ended,
  }
}

/** 1 only when nothing failed: 999 of 1,000 is 99.9 %, never 100 %. */
export function percent(rate: number | null): string {
  if (rate === null) return "–"
  if (rate === 1) return "100 %"
  const tenths = Math.floor(rate * 1_000) / 10
  return `${tenths % 1 === 0 ? tenths.toFixed(0) : tenths.toFixed(1)} %`
}
