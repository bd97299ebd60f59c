/** Failed runs as the issues they belong to: from the end of their own history, and from their rows where that has gone. */
import { createHash } from "node:crypto"
import { fingerprintOf } from "../../../core/measures/fingerprint.ts"
import type { Failure } from "../../../core/measures/issue.ts"
import type { RunError } from "../../../core/run/events.ts"
import type { EndedRun } from "./ended-run.ts"
import type { Statements } from "./statements.ts"

const sampleMax = 500

/** Null: it did not fail. */
export function failureOf(statements: Statements, run: EndedRun): Failure | null {
  if (run.status !== "FAILED" && run.status !== "TIMED_OUT") return null
  const row = statements.get(
    `SELECT r.created_at AS "createdAt", r.error_code AS code, r.error_class AS class, r.error_message AS message,
       r.error_step AS step, (SELECT e.payload FROM workflow_run_events e WHERE e.position = ?) AS payload
     FROM workflow_runs r WHERE r.run_key = ?`,
    [run.position, run.runKey],
  )
  if (row === undefined) return null
  const code = (row.code as string | null) ?? run.status.toLowerCase()
  const message = (row.message as string | null) ?? code
  const ofRow = { type: `waybill:${code}`, class: row.class ?? "bug", code, title: code, detail: message } as RunError
  const error = inPayload(row.payload as string | null) ?? ofRow
  const { workspaceId, environment, workflowId, versionNumber, position, runId } = run
  const print = fingerprintOf(error, row.step as string | null)
  const named = [workspaceId, environment, workflowId, ...Object.values(print)]
  return {
    issueId: `iss_${createHash("sha256").update(JSON.stringify(named)).digest("base64url").slice(0, 26)}`,
    workspaceId,
    environment,
    workflowId,
    ...print,
    position,
    runId,
    versionNumber,
    createdAt: row.createdAt as number,
    at: run.completedAt,
    sample: message.slice(0, sampleMax),
  }
}

function inPayload(payload: string | null): RunError | null {
  return payload === null ? null : ((JSON.parse(payload) as { readonly error?: RunError }).error ?? null)
}
