/** The contract of `RunTallies`: what is counted is what the list holds, grouped as `core/views/run-tally` says. */
import fc from "fast-check"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { RunRow } from "../../core/views/rows.ts"
import { hasId, matchesFilter, noFilter, type RunFilter, resolveFilter, sortTime } from "../../core/views/run-query.ts"
import { countsByStatus, facetNames, facetValues, histogram, mostFrequent } from "../../core/views/run-tally.ts"
import type { RunQuestion } from "../../ports/run-question.ts"
import { fill, filterArbitrary, listNow, planArbitrary } from "./random-runs.ts"
import type { OpenedStores, OpenStores } from "./stores.ts"

export function describeRunTallies(name: string, open: OpenStores, samples: number): void {
  describe(`${name}: counting`, () => {
    let opened: OpenedStores
    beforeEach(async () => {
      opened = await open(() => 1_000)
    })
    afterEach(() => opened.dispose())

    it("counts by status, time and value exactly the runs that a filter means", async () => {
      const standings = await fill(opened, fc.sample(planArbitrary, { numRuns: 60, seed: 7 }))
      const rows = await allRows(opened)
      const standingOf = (row: RunRow) => standings.get(row.runId)!
      const meant = (filter: RunFilter): readonly RunRow[] => {
        const { q } = filter
        const isId = q !== null && rows.some((row) => hasId(row, q))
        const resolved = resolveFilter(filter, listNow)
        return rows.filter((row) => matchesFilter(row, standingOf(row), resolved) && (!isId || hasId(row, q)))
      }
      const windows = fc.record({
        from: fc.integer({ min: 990, max: 1_050 }),
        to: fc.integer({ min: 990, max: 1_050 }),
        bucketMs: fc.integer({ min: 1, max: 30 }),
      })
      await fc.assert(
        fc.asyncProperty(filterArbitrary, windows, fc.integer({ min: 1, max: 5 }), async (filter, window, most) => {
          const question: RunQuestion = { workspaceId: "default", filter, now: listNow }
          const wanted = meant(filter)
          expect(await opened.queries.countsByStatus(question)).toEqual({ value: countsByStatus(wanted), exact: true })
          expect(await opened.queries.histogram(question, window)).toEqual({
            value: histogram(wanted, window),
            exact: true,
          })
          const starts = wanted.map(sortTime)
          expect(await opened.queries.firstStart(question)).toBe(starts.length === 0 ? null : Math.min(...starts))
          const facets = facetNames.map((facet) => {
            const counts = new Map<string, number>()
            for (const row of wanted)
              for (const value of facetValues(row, standingOf(row), facet))
                counts.set(value, (counts.get(value) ?? 0) + 1)
            return mostFrequent(facet, counts, most, true)
          })
          expect(await opened.queries.facets(question, facetNames, most)).toEqual({ value: facets, exact: true })
        }),
        { numRuns: samples, seed: 13 },
      )
    })

    it("counts nothing of another workspace", async () => {
      await fill(opened, fc.sample(planArbitrary, { numRuns: 5, seed: 7 }))
      const question: RunQuestion = { workspaceId: "other", filter: noFilter, now: listNow }
      expect(await opened.queries.countsByStatus(question)).toEqual({ value: {}, exact: true })
      const window = { from: 0, to: 10_000, bucketMs: 10_000 }
      expect(await opened.queries.histogram(question, window)).toEqual({ value: [{}], exact: true })
      const facets = await opened.queries.facets(question, ["status"], 5)
      expect(facets).toEqual({ value: [{ name: "status", values: [], exact: true }], exact: true })
    })
  })
}

async function allRows(opened: OpenedStores): Promise<readonly RunRow[]> {
  const listed = await opened.queries.runs({
    workspaceId: "default",
    filter: noFilter,
    now: listNow,
    sort: "startedAt",
    cursor: null,
    limit: 200,
  })
  if (!listed.ok) throw new Error(listed.message)
  return listed.page.items
}
