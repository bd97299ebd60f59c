/** Failed runs as the issues they belong to: from the end of their own history, and from their rows where that has gone. */
import { createHash } from "node:crypto"
import type { Failure } from "../../../core/measures/issue.ts"
import { type FailedRow, issueIdOf, printOf } from "../../../core/measures/issue-name.ts"
import type { RunError } from "../../../core/run/events.ts"
import type { EndedRun } from "./ended-run.ts"
import type { Statements } from "./statements.ts"

const sampleMax = 500

type Told = FailedRow & { readonly createdAt: number; readonly payload: string | null }

/** Null: it did not fail. */
export function failureOf(statements: Statements, run: EndedRun): Failure | null {
  if (run.status !== "FAILED" && run.status !== "TIMED_OUT") return null
  const row = statements.get(
    `SELECT r.workspace_id AS "workspaceId", r.environment, r.workflow_id AS "workflowId", r.status,
       r.created_at AS "createdAt", r.error_code AS "errorCode", r.error_class AS "errorClass",
       r.error_message AS "errorMessage", r.error_step AS "errorStep",
       (SELECT e.payload FROM workflow_run_events e WHERE e.position = ?) AS payload
     FROM workflow_runs r WHERE r.run_key = ?`,
    [run.position, run.runKey],
  ) as unknown as Told | undefined
  if (row === undefined) return null
  const { workspaceId, environment, workflowId, versionNumber, position, runId } = run
  const print = printOf(row, inPayload(row.payload))
  return {
    issueId: issueIdOf(row, print, issueHash),
    workspaceId,
    environment,
    workflowId,
    ...print,
    position,
    runId,
    versionNumber,
    createdAt: row.createdAt,
    at: run.completedAt,
    sample: (row.errorMessage ?? row.errorCode ?? run.status.toLowerCase()).slice(0, sampleMax),
  }
}

function inPayload(payload: string | null): RunError | null {
  return payload === null ? null : ((JSON.parse(payload) as { readonly error?: RunError }).error ?? null)
}

function issueHash(text: string): string {
  return createHash("sha256").update(text).digest("base64url")
}
