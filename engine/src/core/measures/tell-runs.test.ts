import { expect, test } from "vitest"
import { countRun, emptyRunTally } from "./rollup.ts"
import { type CountedRuns, groupsMax, tellRuns } from "./tell-runs.ts"

const run = { retryCount: 0, hitl: null, rerunOf: null, tokens: 0, computeMs: 0, costUsd: 0, effectiveness: null }

function counted(workflowId: string, bucket: number, completed: number): CountedRuns {
  const tally = emptyRunTally()
  for (let index = 0; index < completed; index++) countRun(tally, { ...run, status: "COMPLETED", durationMs: 10 })
  const key = { workflowId, environment: null, versionNumber: null, version: null, origin: null }
  return { key, bucket, tally }
}

test("groups are told with the most runs first, each in the order of time, and all of them together", () => {
  const told = tellRuns([counted("few", 1, 1), counted("many", 2, 3), counted("many", 1, 4)])
  expect(told.total.runs).toBe(8)
  expect(told.groups.map(({ key, total }) => [key.workflowId, total.runs])).toEqual([
    ["many", 7],
    ["few", 1],
  ])
  expect(told.groups[0]!.buckets.map(({ at, runs }) => [at, runs])).toEqual([
    [1, 4],
    [2, 3],
  ])
})

test("of more groups than are told, those with the fewest runs are counted in the total only", () => {
  const told = tellRuns(Array.from({ length: groupsMax + 5 }, (_, index) => counted(`w${index}`, 0, index < 5 ? 1 : 2)))
  expect(told.groups.length).toBe(groupsMax)
  expect(told.leftOut).toBe(5)
  expect(told.groups.every(({ total }) => total.runs === 2)).toBe(true)
  expect(told.total.runs).toBe(5 + groupsMax * 2)
})
