import { expect, test } from "vitest"
import { countRun, emptyRunTally, runRollup } from "../../core/measures/rollup.ts"
import { tellRuns } from "../../core/measures/tell-runs.ts"
import type { MeasureQuestion, RunCell } from "../../ports/measure-store.ts"
import { comparisonOf, type MetricsPorts, metricsOf } from "./answer-metrics.ts"

const hour = 3_600_000
const key = { workspaceId: "default", environment: "default", workflowId: "pay", version: "1", origin: "api" }
const asked = { workflowId: "pay", environment: null, versionNumber: null, origins: [], bucket: null, groupBy: [] }

function cell(versionNumber: number, completed: number): RunCell {
  const tally = emptyRunTally()
  const run = { retryCount: 0, hitl: null, rerunOf: null, tokens: 0, computeMs: 0, costUsd: 0, effectiveness: null }
  for (let i = 0; i < 100; i++)
    countRun(tally, { ...run, status: i < completed ? "COMPLETED" : "FAILED", durationMs: 10 })
  return { ...runRollup({ ...key, versionNumber, hour: 0, folded: 0 }, tally), bucket: 0 } as RunCell
}

/** A store whose answers are whole or not, as the question is. */
function portsWhich(whole: { readonly scan: boolean; readonly repairs: boolean; readonly experience: boolean }) {
  const cells = (versionNumber: number | null) => [cell(versionNumber ?? 1, versionNumber === 2 ? 99 : 40)]
  return {
    store: {
      runs: async ({ versionNumber }: MeasureQuestion) => ({ cells: cells(versionNumber), folded: [] }),
      told: async () => tellRuns([]),
      scan: async ({ versionNumber }: MeasureQuestion) => ({
        cells: cells(versionNumber),
        runs: 100,
        complete: whole.scan,
      }),
      repairs: async () => ({ buckets: [], exact: whole.repairs }),
    },
    outcomes: { experience: async () => ({ exact: whole.experience }) },
    now: () => 0,
    behind: () => 0,
  } as unknown as MetricsPorts
}

const all = { scan: true, repairs: true, experience: true }

test.each([
  [all, true],
  [{ ...all, repairs: false }, false],
  [{ ...all, experience: false }, false],
])("an answer is exact only if repairs and experience in it are too: %o", async (whole, exact) => {
  const answer = await metricsOf(portsWhich(whole))("default", { ...asked, from: 0, to: hour, filter: null })
  expect(answer).toMatchObject({ ok: true, value: { exact } })
})

test("of a side of which only the newest runs were looked at, nothing is said to be better", async () => {
  const side = (versionNumber: number) => ({ versionNumber, from: 1, to: hour })
  const question = { workflowId: "pay", environment: "default", before: side(1), after: side(2), least: null }
  const success = async (scan: boolean) => {
    const answer = await comparisonOf(portsWhich({ ...all, scan }))("default", question)
    return answer.ok ? answer.value.measures.find(({ measure }) => measure === "successRate") : null
  }
  expect(await success(true)).toMatchObject({ verdict: "better", why: "interval" })
  expect(await success(false)).toMatchObject({ verdict: "inconclusive", why: "cut_off" })
})

test("the mean time to repair is that of all repairs, and of each bucket its own", async () => {
  const buckets = [
    { bucket: 2 * hour, count: 1, sumMs: 60 },
    { bucket: hour, count: 3, sumMs: 30 },
  ]
  const ports = portsWhich(all)
  const store = { ...ports.store, repairs: async () => ({ buckets, exact: true }) }
  const question = { ...asked, bucket: "hour" as const, from: 0, to: 3 * hour, filter: null }
  const answer = await metricsOf({ ...ports, store })("default", question)
  expect(answer).toMatchObject({
    ok: true,
    value: {
      total: { repair: { count: 4, meanMs: 22.5 } },
      repairs: [
        { at: hour, count: 3, meanMs: 10 },
        { at: 2 * hour, count: 1, meanMs: 60 },
      ],
    },
  })
})
