/** Runs as lines of CSV: which of a run's fields stand in which column. */
import { type ListedRun, resolutionWord, usd } from "@waybill/engine"
import { type Cell, csvLine as lineOf } from "../../shared/csv.ts"
import { between, rfc3339, rfc3339OrNull } from "../../shared/time.ts"

const columns: readonly (readonly [name: string, cell: (row: ListedRun) => Cell])[] = [
  ["runId", (row) => row.runId],
  ["workflowId", (row) => row.workflowId],
  ["workflowName", (row) => row.workflowName],
  ["version", (row) => row.workflowVersion],
  ["versionNumber", (row) => row.versionNumber],
  ["environment", (row) => row.environment],
  ["status", (row) => row.status],
  ["reason", (row) => row.reason],
  ["lastState", (row) => row.lastState],
  ["createdAt", (row) => rfc3339(row.createdAt)],
  ["startedAt", (row) => rfc3339OrNull(row.startedAt)],
  ["completedAt", (row) => rfc3339OrNull(row.completedAt)],
  ["durationMs", (row) => between(row.startedAt ?? row.createdAt, row.completedAt)],
  ["hitl", (row) => row.hitl],
  ["tags", (row) => row.standing.tags.join(", ")],
  ["owner", (row) => row.standing.owner],
  ["resolution", (row) => resolutionWord(row, row.standing)],
  ["actor", (row) => row.actor],
  ["trigger", (row) => row.triggerKind],
  ["origin", (row) => row.origin],
  ["errorCode", (row) => row.errorCode],
  ["errorClass", (row) => row.errorClass],
  ["errorStep", (row) => row.errorStep],
  ["errorMessage", (row) => row.errorMessage],
  ["businessEventId", (row) => row.businessEventId],
  ["correlationId", (row) => row.correlationId],
  ["traceId", (row) => row.traceId],
  ["parentRunId", (row) => row.parentRunId],
  ["rootRunId", (row) => row.rootRunId],
  ["rerunOf", (row) => row.rerunOf],
  ["steps", (row) => row.stepCount],
  ["retries", (row) => row.retryCount],
  ["tokens", (row) => row.tokens],
  ["computeMs", (row) => row.computeMs],
  ["costUsd", (row) => usd(row.costUsd)],
]

export const csvHead: string = `${columns.map(([name]) => name).join(",")}\r\n`

export function csvLine(row: ListedRun): string {
  return lineOf(columns.map(([, cell]) => cell(row)))
}
