/**
 * The runs of a term that asks for a range, or for what few runs have, as keys along an index: when they are few they are
 * read whole. A statement here may give more runs than the term means, never fewer; each is still asked.
 */
import type { NumberField, Range, RunTerm } from "../../../core/views/run-term.ts"
import { all, type Condition, equal } from "./condition.ts"
import { textsOf } from "./term-sql.ts"

interface FinishedIndex {
  readonly column: string
  readonly index: string
  /** What a run must have to be in the index. */
  readonly having: string
  /** The index has only what is above zero. */
  readonly aboveZero: boolean
}

const finished: { readonly [Field in NumberField]?: FinishedIndex } = {
  durationMs: {
    column: "duration_ms",
    index: "workflow_runs_by_duration",
    having: "r.duration_ms IS NOT NULL",
    aboveZero: false,
  },
  completedAt: {
    column: "completed_at",
    index: "workflow_runs_finished",
    having: "r.completed_at IS NOT NULL",
    aboveZero: false,
  },
  stepCount: {
    column: "step_count",
    index: "workflow_runs_by_steps",
    having: "r.completed_at IS NOT NULL",
    aboveZero: false,
  },
  tokens: {
    column: "tokens",
    index: "workflow_runs_by_tokens",
    having: "r.completed_at IS NOT NULL AND r.tokens > 0",
    aboveZero: true,
  },
  costUsd: {
    column: "cost_usd",
    index: "workflow_runs_by_cost",
    having: "r.completed_at IS NOT NULL AND r.cost_usd > 0",
    aboveZero: true,
  },
}

/** Null: no index has what is asked. */
export function keysOfRange(workspaceId: string, { negated, test }: RunTerm): Condition | null {
  if (negated) return null
  const workspace = equal("workspace_id", workspaceId)
  if (test.kind === "text" && test.field === "rootRunId") return keysOfRoot(textsOf(test.any), test.any.length)
  if (test.kind === "text" && test.field === "reason")
    return keysOfReason(workspace, textsOf(test.any), test.any.length)
  if (test.kind !== "number") return null
  if (test.field === "createdAt") return ranged(workspace, "created_at", "workflow_runs_by_created", "1", test.any)
  const found = finished[test.field]
  if (found === undefined || (found.aboveZero && !test.any.every(isAboveZero))) return null
  const ended = ranged(workspace, found.column, found.index, found.having, test.any)
  // A run that goes on has no end, and its other numbers still grow.
  return test.field === "completedAt" ? ended : together([ended, goingOn(workspace)])
}

function isAboveZero({ least }: Range): boolean {
  return least !== null && (least.value > 0 || (least.value === 0 && !least.included))
}

function ranged(
  workspace: Condition,
  column: string,
  index: string,
  having: string,
  ranges: readonly Range[],
): Condition {
  return together(
    ranges.map((range) => {
      // The range in front: of two bounds below the planner takes the first, and what is in the index at all is the other.
      const where = all([workspace, edges(`r.${column}`, range), { sql: having, values: [] }])
      return {
        sql: `SELECT r.run_key FROM workflow_runs r INDEXED BY ${index} WHERE ${where.sql}`,
        values: where.values,
      }
    }),
  )
}

export function edges(column: string, { least, most }: Range): Condition {
  const found: Condition[] = []
  if (least !== null) found.push({ sql: `${column} ${least.included ? ">=" : ">"} ?`, values: [least.value] })
  if (most !== null) found.push({ sql: `${column} ${most.included ? "<=" : "<"} ?`, values: [most.value] })
  return all(found)
}

function goingOn(workspace: Condition): Condition {
  return {
    sql: `SELECT r.run_key FROM workflow_runs r INDEXED BY workflow_runs_unfinished
      WHERE ${workspace.sql} AND r.completed_at IS NULL`,
    values: workspace.values,
  }
}

/** The run itself, and those below it. */
function keysOfRoot(ids: readonly string[], asked: number): Condition | null {
  if (ids.length !== asked) return null
  const marks = ids.map(() => "?").join(", ")
  return together([
    { sql: `SELECT k.run_key FROM workflow_run_keys k WHERE k.run_id IN (${marks})`, values: ids },
    {
      sql: `SELECT r.run_key FROM workflow_runs r INDEXED BY workflow_runs_by_root
        WHERE r.root_run_id <> r.run_id AND r.root_run_id IN (${marks})`,
      values: ids,
    },
  ])
}

function keysOfReason(workspace: Condition, reasons: readonly string[], asked: number): Condition | null {
  if (reasons.length !== asked) return null
  const ended = all([
    workspace,
    { sql: "r.completed_at IS NOT NULL AND r.reason IS NOT NULL", values: [] },
    { sql: `r.reason IN (${reasons.map(() => "?").join(", ")})`, values: reasons },
  ])
  const sql = `SELECT r.run_key FROM workflow_runs r INDEXED BY workflow_runs_by_reason WHERE ${ended.sql}`
  return together([{ sql, values: ended.values }, goingOn(workspace)])
}

function together(parts: readonly Condition[]): Condition {
  return {
    sql: parts.map(({ sql }) => sql).join(" UNION ALL "),
    values: parts.flatMap(({ values }) => values),
  }
}
