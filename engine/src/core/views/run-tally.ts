/** What counts, histograms and facets of runs mean: the definition that stores are held to. Pure. */

import type { Standing } from "../remarks/standing.ts"
import type { RunStatus } from "../run/state.ts"
import type { RunRow } from "./rows.ts"
import { sortTime } from "./run-facts.ts"

/** What is not named is zero. */
export type StatusCounts = { readonly [status in RunStatus]?: number }

export interface HistogramWindow {
  /** Of the start (rule 32), in milliseconds since the epoch; `to` is not in it. */
  readonly from: number
  readonly to: number
  readonly bucketMs: number
}

export const facetNames = ["workflowId", "status", "env", "version", "tag", "errorCode", "hitl", "actor"] as const
export type FacetName = (typeof facetNames)[number]

export interface FacetTally {
  readonly name: FacetName
  /** Most frequent first, then by value. */
  readonly values: readonly { readonly value: string; readonly count: number }[]
  /** False: of the newest runs only. */
  readonly exact: boolean
}

export function countsByStatus(runs: Iterable<RunRow>): StatusCounts {
  const counts: { [status in RunStatus]?: number } = {}
  for (const { status } of runs) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

export function bucketsOf({ from, to, bucketMs }: HistogramWindow): number {
  return Math.max(0, Math.ceil((to - from) / bucketMs))
}

export function histogram(runs: Iterable<RunRow>, window: HistogramWindow): readonly StatusCounts[] {
  const buckets: RunRow[][] = Array.from({ length: bucketsOf(window) }, () => [])
  for (const run of runs) {
    const at = sortTime(run)
    if (at >= window.from && at < window.to) buckets[Math.floor((at - window.from) / window.bucketMs)]!.push(run)
  }
  return buckets.map((bucket) => countsByStatus(bucket))
}

/** A value a run has in a field; several for tags, none where it has none. */
export function facetValues(run: RunRow, standing: Standing, name: FacetName): readonly string[] {
  switch (name) {
    case "tag":
      return standing.tags
    case "env":
      return [run.environment]
    case "version":
      return [run.workflowVersion]
    default: {
      const value = run[name]
      return value === null ? [] : [value]
    }
  }
}

export function mostFrequent(
  name: FacetName,
  counts: ReadonlyMap<string, number>,
  max: number,
  exact: boolean,
): FacetTally {
  const values = [...counts].map(([value, count]) => ({ value, count }))
  values.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
  return { name, values: values.slice(0, max), exact }
}
