/** All runs that match, looked at together: how many, when, and which values they have. */
import { type RunFilter, resolveFilter } from "../../core/views/run-query.ts"
import { facetNames, type HistogramWindow } from "../../core/views/run-tally.ts"
import type { Queries } from "../../door.ts"
import type { RunTallies } from "../../ports/run-tallies.ts"

const facetValuesMax = 20
const dayMs = 86_400_000

type Overview = Pick<Queries, "countRuns" | "runHistogram" | "runFacets">

export function runOverview(tallies: RunTallies, workspaceId: string, clock: () => number): Overview {
  return {
    async countRuns(filter) {
      const { value, exact } = await tallies.countsByStatus({ workspaceId, filter, now: clock() })
      return { byStatus: value, total: Object.values(value).reduce((sum, count) => sum + count, 0), exact }
    },
    async runHistogram(filter, asked) {
      const now = clock()
      const isOpen = asked.from === null && saidOfStart(filter, now).from === null
      const first = isOpen ? await tallies.firstStart({ workspaceId, filter, now }) : null
      const window = windowOf(filter, asked, first, now)
      const { value, exact } = await tallies.histogram({ workspaceId, filter, now }, window)
      return { ...window, buckets: value, exact }
    },
    async runFacets(filter) {
      const { value, exact } = await tallies.facets({ workspaceId, filter, now: clock() }, facetNames, facetValuesMax)
      return { facets: value, exact }
    },
  }
}

/** What is asked; else what the query says of the start; else from the first run on; without any the last 24 hours. */
export function windowOf(
  filter: RunFilter,
  asked: { readonly from: number | null; readonly to: number | null; readonly buckets: number },
  /** When the first run began. */
  first: number | null,
  now: number,
): HistogramWindow {
  const said = saidOfStart(filter, now)
  // A run that starts in this millisecond is in it.
  const to = asked.to ?? said.to ?? now + 1
  const from = asked.from ?? said.from ?? (first !== null && first < to ? first : to - dayMs)
  const end = Math.max(to, from + 1)
  return { from, to: end, bucketMs: Math.max(1, Math.ceil((end - from) / asked.buckets)) }
}

function saidOfStart(filter: RunFilter, now: number): { readonly from: number | null; readonly to: number | null } {
  let from: number | null = null
  let to: number | null = null
  for (const { negated, test } of resolveFilter(filter, now).terms) {
    if (negated || test.kind !== "number" || test.field !== "sortAt") continue
    const [range, ...others] = test.any
    if (range === undefined || others.length > 0) continue
    if (range.least !== null) from = Math.max(from ?? range.least.value, range.least.value)
    if (range.most !== null) {
      const end = range.most.included ? range.most.value + 1 : range.most.value
      to = Math.min(to ?? end, end)
    }
  }
  return { from, to }
}
