/** Runs that failed in the same way, as a question in the list's language. */
import type { RunRow } from "../rows.ts"

/** @param issueId the issue that they are; null: the same code at the same step */
export function alikeQuery(run: RunRow, issueId: string | null): string {
  if (issueId !== null) return `issue:${issueId}`
  const terms = [
    ["wf", run.workflowId],
    ["env", run.environment],
    ["status", run.status.toLowerCase()],
    ["code", run.errorCode],
    ["step", run.errorStep],
  ] as const
  return terms.flatMap(([field, value]) => (value === null ? [] : [`${field}:${quoted(value)}`])).join(" ")
}

/** In quotes nothing is special but the quote and the backslash. */
function quoted(value: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(value) && !value.includes("..")) return value
  return `"${value.replace(/["\\]/g, (character) => `\\${character}`)}"`
}
