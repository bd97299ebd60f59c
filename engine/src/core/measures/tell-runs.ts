/** What was counted of runs, told as numbers: of all of them, and of each group with its course in time. */
import { type RunMetrics, runMetrics } from "./metrics.ts"
import { addRunTally, emptyRunTally, type RunTally } from "./rollup.ts"

/** Groups that are told; the others have fewer runs. */
export const groupsMax = 200

/** Names of a group, those that were asked for. */
export interface GroupKey {
  readonly workflowId: string | null
  readonly environment: string | null
  readonly versionNumber: number | null
  readonly version: string | null
  readonly origin: string | null
}

/** Of one group in one bucket of time. */
export interface CountedRuns {
  readonly key: GroupKey
  readonly bucket: number
  readonly tally: RunTally
}

export interface RunsTold {
  readonly total: RunMetrics
  readonly groups: readonly {
    readonly key: GroupKey
    readonly total: RunMetrics
    readonly buckets: readonly ({ readonly at: number } & RunMetrics)[]
  }[]
  readonly leftOut: number
}

/** @param counted each group's bucket once */
export function tellRuns(counted: Iterable<CountedRuns>): RunsTold {
  const all = emptyRunTally()
  const found = new Map<string, { readonly key: GroupKey; readonly total: RunTally; readonly buckets: CountedRuns[] }>()
  for (const one of counted) {
    const { workflowId, environment, versionNumber, origin } = one.key
    const text = [workflowId, environment, versionNumber, origin].join("\n")
    const group = found.get(text) ?? { key: one.key, total: emptyRunTally(), buckets: [] }
    found.set(text, group)
    addRunTally(group.total, one.tally)
    group.buckets.push(one)
  }
  for (const { total } of found.values()) addRunTally(all, total)
  const groups = [...found.values()]
    .map(({ key, total, buckets }) => ({ key, told: runMetrics(total), buckets }))
    .sort((a, b) => b.told.runs - a.told.runs)
  return {
    total: runMetrics(all),
    groups: groups.slice(0, groupsMax).map(({ key, told, buckets }) => ({
      key,
      total: told,
      buckets: buckets
        .sort((a, b) => a.bucket - b.bucket)
        .map(({ bucket, tally }) => ({ at: bucket, ...runMetrics(tally) })),
    })),
    leftOut: Math.max(0, groups.length - groupsMax),
  }
}
