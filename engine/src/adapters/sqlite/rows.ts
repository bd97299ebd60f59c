/**
 * Which field of a row lies in which column. A row's type and its columns cannot drift apart: a field that is in
 * neither list does not compile. `fixed` fields are written once; `moving` ones are what an update writes.
 */
import type { ApprovalRow, RunRow, SignalRow, StepRow, TimerRow } from "../../core/views/rows.ts"

/** A run's key by its id, as a part of a statement. */
export const runKeyOf = "(SELECT run_key FROM workflow_run_keys WHERE run_id = ?)"

export type Cell = string | number | null

/** Columns of one table, in the order in which they are bound. */
export interface RowShape<Row> {
  readonly table: string
  readonly fixed: readonly (keyof Row & string)[]
  readonly moving: readonly (keyof Row & string)[]
}

type AllOf<Row, Named extends keyof Row> = Exclude<keyof Row, Named> extends never ? RowShape<Row> : never

function shape<Row>() {
  return <const F extends keyof Row & string, const M extends keyof Row & string>(
    table: string,
    fixed: readonly F[],
    moving: readonly M[],
  ): AllOf<Row, F | M> => ({ table, fixed, moving }) as unknown as AllOf<Row, F | M>
}

export const runShape: RowShape<RunRow> = shape<RunRow>()(
  "workflow_runs",
  [
    "runId",
    "workspaceId",
    "projectId",
    "environment",
    "workflowId",
    "workflowName",
    "workflowVersion",
    "versionNumber",
    "definitionHash",
    "executionNumber",
    "createdAt",
    "actor",
    "triggerKind",
    "origin",
    "correlationId",
    "businessEventId",
    "traceId",
    "parentRunId",
    "rootRunId",
    "rerunOf",
    "tags",
    "concurrencyKey",
  ],
  [
    "seq",
    "status",
    "reason",
    "blockedOn",
    "blockedCount",
    "startedAt",
    "completedAt",
    "hitl",
    "errorCode",
    "errorClass",
    "errorMessage",
    "errorStep",
    "outputSeq",
    "stepCount",
    "succeededCount",
    "failedCount",
    "retryCount",
    "tokens",
    "computeMs",
    "costUsd",
    "effectiveness",
    "headHash",
  ],
)

/** What the table keeps beside the row, so that lists can be sorted without nulls (rule 32). */
export interface SortedRun extends RunRow {
  readonly sortAt: number
  readonly durationMs: number | null
}

export function sorted(run: RunRow): SortedRun {
  return { ...run, sortAt: sortAt(run), durationMs: durationMs(run) }
}

export function sortAt(run: RunRow): number {
  return run.startedAt ?? run.createdAt
}

export function durationMs(run: RunRow): number | null {
  return run.completedAt === null ? null : Math.max(0, run.completedAt - sortAt(run))
}

export const stepShape: RowShape<Omit<StepRow, "runId">> = shape<Omit<StepRow, "runId">>()(
  "workflow_run_steps",
  ["stepId", "name", "type", "action", "parentStepId", "branchPath", "itemIndex", "visit", "enteredAt", "firstSeq"],
  [
    "status",
    "attempt",
    "delivery",
    "scheduledAt",
    "startedAt",
    "completedAt",
    "retries",
    "agent",
    "agentRunId",
    "spanId",
    "inputSeq",
    "outputSeq",
    "error",
    "tokens",
    "computeMs",
    "costUsd",
    "next",
  ],
)

export const approvalShape: RowShape<Omit<ApprovalRow, "runId">> = shape<Omit<ApprovalRow, "runId">>()(
  "workflow_approvals",
  [
    "approvalId",
    "stepId",
    "workspaceId",
    "environment",
    "workflowId",
    "name",
    "round",
    "message",
    "requestedSeq",
    "requestedBy",
    "requestedAt",
  ],
  [
    "state",
    "approvers",
    "outcomes",
    "timeoutAt",
    "dueAt",
    "decidedAt",
    "decidedBy",
    "outcome",
    "comment",
    "form",
    "contentHash",
    "bound",
    "votes",
  ],
)

export const signalShape: RowShape<Omit<SignalRow, "runId">> = shape<Omit<SignalRow, "runId">>()(
  "workflow_signals",
  ["name", "signalId", "receivedSeq", "receivedAt", "actor"],
  ["state", "stepId"],
)

export const timerShape: RowShape<Omit<TimerRow, "runId">> = shape<Omit<TimerRow, "runId">>()(
  "workflow_timers",
  ["timerId"],
  ["kind", "stepId", "dueAt"],
)

export function columnOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** `r.run_id AS "runId", …` — a row comes out of SQLite with the names it has in the engine. */
export function selection<Row>(row: RowShape<Row>, alias: string): string {
  return [...row.fixed, ...row.moving].map((field) => `${alias}.${columnOf(field)} AS "${field}"`).join(", ")
}

/** Appends a row's cells in the order of `fields`. SQLite has no booleans. */
export function cells<Row>(into: Cell[], row: Row, fields: readonly (keyof Row & string)[]): Cell[] {
  for (const field of fields) {
    const value = row[field] as Cell | boolean | undefined
    into.push(typeof value === "boolean" ? (value ? 1 : 0) : (value ?? null))
  }
  return into
}

/** As `cells`, over a row that is not copied for two more fields. */
export function runCells(into: Cell[], run: RunRow, fields: readonly (keyof SortedRun)[]): Cell[] {
  for (const field of fields)
    into.push(field === "sortAt" ? sortAt(run) : field === "durationMs" ? durationMs(run) : run[field])
  return into
}

export function insertSql<Row>(row: RowShape<Row>, own: readonly string[]): string {
  const columns = [...own, ...row.fixed.map(columnOf), ...row.moving.map(columnOf)]
  return `INSERT INTO ${row.table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`
}

/** `SET a = ?, …` over the moving columns. */
export function assignments<Row>(row: RowShape<Row>): string {
  return row.moving.map((field) => `${columnOf(field)} = ?`).join(", ")
}

export function overwrite<Row>(row: RowShape<Row>): string {
  return row.moving.map((field) => `${columnOf(field)} = excluded.${columnOf(field)}`).join(", ")
}
