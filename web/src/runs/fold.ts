/** Rows that stand for others: which kinds there are, and what a row says of those under it, with where they are found. */
import type { RunSummary } from "@waybill/contract"
import { written } from "./query/terms.ts"

export const folds = ["duplicates", "children"] as const
export type Fold = (typeof folds)[number]

export interface FoldedUnder {
  readonly kind: Fold
  /** `3`, `1,000+` */
  readonly count: string
  /** `3 earlier` */
  readonly word: string
  /** A sentence. */
  readonly says: string
  /** Finds them, with the run itself among those of a business event. */
  readonly query: string
}

/** What the server counts at most. */
const COUNTED_MAX = 1_000

type Folding = Pick<RunSummary, "runId" | "workflowId" | "environment" | "businessEventId" | "folded">

export function foldedUnder(run: Folding): readonly FoldedUnder[] {
  const { runId, workflowId, environment, businessEventId, folded } = run
  if (folded === undefined) return []
  const { duplicates, children } = folded
  // The list may be of another environment than the page, or of several.
  const env = `env:${written(environment)}`
  const under: FoldedUnder[] = []
  if (duplicates > 0 && businessEventId !== null)
    under.push({
      kind: "duplicates",
      count: counted(duplicates),
      word: `${counted(duplicates)} earlier`,
      says: `${runs(duplicates)} of the same business event, begun before this one, ${stand(duplicates)} under it`,
      query: `event:${written(businessEventId)} wf:${written(workflowId)} ${env}`,
    })
  if (children > 0)
    under.push({
      kind: "children",
      count: counted(children),
      word: `${counted(children)} started`,
      says: `${runs(children)} that this one started ${stand(children)} under it`,
      query: `parent:${runId} ${env}`,
    })
  return under
}

function counted(count: number): string {
  return count < COUNTED_MAX ? String(count) : `${COUNTED_MAX.toLocaleString("en")}+`
}

function runs(count: number): string {
  return count === 1 ? "1 run" : `${counted(count)} runs`
}

function stand(count: number): string {
  return count === 1 ? "stands" : "stand"
}
