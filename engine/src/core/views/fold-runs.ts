/**
 * Rows of a list that stand under another one: of the runs of one business event the last stands for the others, and a run
 * that another one started stands under it. Only under a run that is in the list itself, so that a question about failures
 * never hides one behind a run that it does not show (settled 14).
 */
import type { RunRow } from "./rows.ts"
import { sortTime } from "./run-facts.ts"

export const foldKinds = ["duplicates", "children"] as const
export type FoldKind = (typeof foldKinds)[number]

/** Runs of the list that stand directly under one; of each kind so many at most are counted. */
export interface Folded {
  readonly duplicates: number
  readonly children: number
}

export const foldedMax = 1_000

/** For the question that a cursor is bound to; a list that is not folded is what it was before. */
export function foldText(kinds: readonly FoldKind[]): readonly string[] {
  return kinds.length === 0 ? [] : [[...kinds].sort().join()]
}

export interface Placed {
  readonly row: RunRow
  /** Tells runs apart that began in the same millisecond: higher is later. */
  readonly number: number
}

/** Whether `later` stands for `run`: a backfill or a replay stands for none of production. */
export function standsFor(later: Placed, run: Placed): boolean {
  const [a, b] = [later.row, run.row]
  if (b.businessEventId === null || a.businessEventId !== b.businessEventId) return false
  if (a.workflowId !== b.workflowId || a.environment !== b.environment || a.origin !== b.origin) return false
  const [left, right] = [sortTime(a), sortTime(b)]
  return left > right || (left === right && later.number > run.number)
}

export function isChildOf(child: Placed, parent: Placed): boolean {
  return child.row.parentRunId === parent.row.runId
}

/** Those that stand under no other, with how many stand under each. @param runs all that match */
export function foldRuns<Run extends Placed>(
  runs: readonly Run[],
  kinds: readonly FoldKind[],
): readonly (readonly [Run, Folded])[] {
  const under = (run: Placed, kind: FoldKind, other: Placed) =>
    kinds.includes(kind) && (kind === "duplicates" ? standsFor(other, run) : isChildOf(run, other))
  const counted = (run: Placed, kind: FoldKind) =>
    Math.min(foldedMax, runs.filter((other) => under(other, kind, run)).length)
  return runs
    .filter((run) => !foldKinds.some((kind) => runs.some((other) => under(run, kind, other))))
    .map((run) => [run, { duplicates: counted(run, "duplicates"), children: counted(run, "children") }])
}
