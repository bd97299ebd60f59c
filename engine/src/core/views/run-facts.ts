/** What filters, orders and rows have in common to say of a run. */

import { withoutStar } from "../search/words.ts"
import type { RunRow } from "./rows.ts"

/** `started_at`, and until there is one `created_at`: sort keys are never null (rule 32). */
export function sortTime(run: RunRow): number {
  return run.startedAt ?? run.createdAt
}

/** Of a finished run; never negative (rule 15). */
export function durationMs(run: RunRow): number | null {
  return run.completedAt === null ? null : Math.max(0, run.completedAt - sortTime(run))
}

/** The run's id, or one it was given, in full. */
export function hasId(run: RunRow, text: string): boolean {
  return run.runId === text || run.correlationId === text || run.businessEventId === text
}

export function containsText(run: RunRow, text: string): boolean {
  const wanted = lowerAscii(withoutStar(text))
  const places = [run.runId, run.workflowId, run.workflowName, run.businessEventId ?? "", run.correlationId]
  return places.some((place) => lowerAscii(place).includes(wanted))
}

/** ASCII only, as databases do it without a collation of their own. */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}
