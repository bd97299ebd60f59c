/**
 * A run filter as SQL: for each field asked, the index that finds its values and the condition they must meet. The same
 * predicate serves list and count. Values are always bound, never part of the text.
 */
import type { RunFilter } from "../../../core/views/run-query.ts"
import type { Cell } from "../rows.ts"

export interface Condition {
  readonly sql: string
  readonly values: readonly Cell[]
}

/** A field whose values an index brings in order of time. */
export interface Driver {
  readonly index: string
  /** One condition a value: their runs are disjoint. */
  readonly each: readonly Condition[]
  /** All of them at once. */
  readonly any: Condition
}

export interface Predicate {
  readonly drivers: readonly Driver[]
  /** All fields, the drivers' among them, without time. */
  readonly conditions: readonly { readonly index: string | null; readonly condition: Condition }[]
}

export function equal(column: string, value: Cell): Condition {
  return { sql: `r.${column} = ?`, values: [value] }
}

export function anyOf(column: string, values: readonly string[]): Condition {
  return { sql: `r.${column} IN (${values.map(() => "?").join(", ")})`, values }
}

export function all(conditions: readonly Condition[]): Condition {
  return {
    sql: conditions.map((one) => one.sql).join(" AND ") || "1",
    values: conditions.flatMap((one) => one.values),
  }
}

/** Fields with an index `(workspace, field, time)`, or for ids `(field, time)`. */
const indexed = [
  { field: "errorCode", column: "error_code", index: "workflow_runs_by_error" },
  { field: "hitl", column: "hitl", index: "workflow_runs_by_hitl" },
  { field: "workflowId", column: "workflow_id", index: "workflow_runs_by_workflow" },
  { field: "status", column: "status", index: "idx_workflow_executions_workspace_status" },
  { field: "actor", column: "actor", index: "workflow_runs_by_actor" },
  { field: "environment", column: "environment", index: "workflow_runs_by_environment" },
] as const

const ids = [
  { field: "traceId", column: "trace_id", index: "workflow_runs_by_trace" },
  { field: "correlationId", column: "correlation_id", index: "workflow_runs_by_correlation" },
  { field: "businessEventId", column: "business_event_id", index: "workflow_runs_by_business_event" },
  { field: "parentRunId", column: "parent_run_id", index: "workflow_runs_by_parent" },
] as const

/** `exactId`: `q` is the id of some run, and then means only these. */
export function predicateOf(workspaceId: string, filter: RunFilter, exactId: boolean): Predicate {
  const workspace = equal("workspace_id", workspaceId)
  const drivers: Driver[] = []
  const conditions: Predicate["conditions"][number][] = []
  for (const { field, column, index } of ids) {
    const value = filter[field]
    if (value === null) continue
    const condition = equal(column, value)
    drivers.push({ index, each: [condition], any: condition })
    conditions.push({ index, condition })
  }
  for (const { field, column, index } of indexed) {
    const values = [...new Set(filter[field])]
    if (values.length === 0) continue
    const condition = anyOf(column, values)
    const each = values.map((value) => all([workspace, equal(column, value)]))
    drivers.push({ index, each, any: all([workspace, condition]) })
    conditions.push({ index, condition })
  }
  conditions.push({ index: null, condition: workspace })
  if (filter.version.length > 0) conditions.push({ index: null, condition: versionIn(filter.version) })
  if (filter.tag.length > 0) conditions.push({ index: null, condition: tagged(filter.tag) })
  if (filter.q !== null) conditions.push({ index: null, condition: exactId ? idIs(filter.q) : contains(filter.q) })
  return { drivers, conditions }
}

/** All conditions but the one that the driver's index has met already. */
export function rest(predicate: Predicate, index: string | null): Condition {
  const left = predicate.conditions.filter((one) => one.index === null || one.index !== index)
  return all(left.map((one) => one.condition))
}

/** True when the index's own condition, the workspace and the order are all that is asked. */
export function coveredBy(predicate: Predicate, index: string): boolean {
  const others = predicate.conditions.filter((one) => one.index !== index)
  const byId = ids.some((one) => one.index === index)
  return others.length === 1 && !byId
}

function versionIn(versions: readonly string[]): Condition {
  const numbers = versions.filter((version) => /^[0-9]{1,15}$/.test(version) && String(Number(version)) === version)
  const labels = anyOf("workflow_version", versions)
  if (numbers.length === 0) return labels
  const marks = numbers.map(() => "?").join(", ")
  return { sql: `(${labels.sql} OR r.version_number IN (${marks}))`, values: [...versions, ...numbers.map(Number)] }
}

function tagged(tags: readonly string[]): Condition {
  const marks = tags.map(() => "?").join(", ")
  return {
    sql: `EXISTS (SELECT 1 FROM workflow_run_tags t WHERE t.tag IN (${marks}) AND t.run_key = r.run_key)`,
    values: tags,
  }
}

/** One index each: an OR over them would be a walk through all runs. */
export const keysOfId = `SELECT run_key FROM workflow_run_keys WHERE run_id = ?
  UNION SELECT run_key FROM workflow_runs WHERE correlation_id = ?
  UNION SELECT run_key FROM workflow_runs WHERE business_event_id = ?`

function idIs(id: string): Condition {
  return { sql: `r.run_key IN (${keysOfId})`, values: [id, id, id] }
}

/** SQLite's `lower` changes ASCII letters only, as the filter's meaning says. */
function contains(text: string): Condition {
  const places = ["run_id", "workflow_id", "workflow_name", "business_event_id", "correlation_id"]
  const wanted = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  return {
    sql: `(${places.map((column) => `instr(lower(coalesce(r.${column}, '')), ?) > 0`).join(" OR ")})`,
    values: places.map(() => wanted),
  }
}
