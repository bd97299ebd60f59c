/** Whether a walk can ask of each run what a filter means without reading its row: most of what a walk costs. */
import type { Condition } from "./condition.ts"

/** `wholly`: the index has it side by side; `nearly`: with one look by the run's key at the index of tags. */
export type Narrow = "wholly" | "nearly"

/** Of the index that a list in order of duration walks (migration `list-orders`). */
export const inDurations: ReadonlySet<string> = new Set([
  "workspace_id",
  "duration_ms",
  "run_key",
  "status",
  "workflow_id",
  "environment",
  "workflow_version",
  "origin",
  "trigger_kind",
  "error_code",
  "error_class",
  "hitl",
  "retry_count",
  "tokens",
  "step_count",
])

/** Null: rows have to be read for it. Values are bound, so that each `r.…` in a condition is a column. */
export function isNarrow(index: string | null, { sql }: Condition): Narrow | null {
  if (index !== "workflow_runs_by_duration") return null
  const columns = [...sql.matchAll(/\br\.([a-z_]+)/g)].map(([, column]) => column!)
  if (!columns.every((column) => inDurations.has(column))) return null
  if (sql.includes("waybill_")) return null
  const tables = [...sql.matchAll(/\bFROM ([a-z_.]+)/g)].map(([, table]) => table!)
  if (tables.length === 0) return "wholly"
  return tables.every((table) => table === "workflow_run_tags") ? "nearly" : null
}
