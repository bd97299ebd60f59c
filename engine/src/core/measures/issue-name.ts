/** What the id of an issue is made of: the same failures have the same id on every server, and after every recount. */
import type { RunError } from "../run/events.ts"
import type { RunRow } from "../views/rows.ts"
import { type Fingerprint, fingerprintOf } from "./fingerprint.ts"
import { production } from "./rollup.ts"

export type FailedRow = Pick<
  RunRow,
  "workspaceId" | "environment" | "workflowId" | "status" | "errorCode" | "errorClass" | "errorMessage" | "errorStep"
>

/** @param error of its last event; null: it has been erased, and its row says what there is */
export function printOf(row: FailedRow, error: RunError | null): Fingerprint {
  return fingerprintOf(error ?? errorOfRow(row), row.errorStep)
}

/** @param hash sha256 in base64url; handed in because core does no I/O */
export function issueIdOf(row: FailedRow, print: Fingerprint, hash: (text: string) => string): string {
  const { workspaceId, environment, workflowId } = row
  const { step, errorClass, errorCode, message, frame } = print
  const named = [workspaceId, environment, workflowId, step, errorClass, errorCode, message, frame]
  return `iss_${hash(JSON.stringify(named)).slice(0, 26)}`
}

/** Null: it is no failure of production. */
export function issueOfRun(row: RunRow, error: RunError | null, hash: (text: string) => string): string | null {
  return isSomeIssues(row) ? issueIdOf(row, printOf(row, error), hash) : null
}

/** What fails beside production is nobody's issue: it would count as a trend, or as one that came back. */
export function isSomeIssues({ status, origin, triggerKind }: Pick<RunRow, "status" | "origin" | "triggerKind">) {
  return (status === "FAILED" || status === "TIMED_OUT") && origin === "live" && production.includes(triggerKind)
}

function errorOfRow({ status, errorCode, errorClass, errorMessage }: FailedRow): RunError {
  const code = errorCode ?? status.toLowerCase()
  const detail = errorMessage ?? code
  return { type: `waybill:${code}`, class: (errorClass ?? "bug") as RunError["class"], code, title: code, detail }
}
