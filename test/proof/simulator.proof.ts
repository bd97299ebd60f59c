/** The simulator's full numbers: 20,000 seeds without a violation, and every planted bug found within 1,000. */
import { cpus } from "node:os"
import { expect, test } from "vitest"
import { plantedBugs } from "../../engine/src/testing/planted/bugs.ts"
import { hunt } from "../../engine/src/testing/planted/hunt-bug.ts"
import { explain } from "../../engine/src/testing/simulator/report.ts"
import { simulate } from "../../engine/src/testing/simulator/simulation.ts"

const seeds = 20_000

test(`${seeds} seeds break no invariant`, async () => {
  const processes = Math.max(1, cpus().length)
  const share = Math.ceil(seeds / processes)
  const started = performance.now()
  const found = await Promise.all(
    Array.from({ length: processes }, (_, i) => hunt(null, { from: 1 + i * share, count: share })),
  )
  const rate = Math.round(seeds / ((performance.now() - started) / 1_000))
  console.log(`${processes * share} seeds on ${processes} processes: ${rate} a second in all`)
  for (const { seed, problem } of found) {
    if (seed !== null && seed > 0) expect.fail(await explain(await simulate({ seed })))
    expect(problem).toBeNull()
  }
})

test.each(plantedBugs)("found within 1,000 seeds: $name", async (bug) => {
  const { seed, problem } = await hunt(bug, { from: 1, count: 1_000 })
  console.log(`seed ${seed}: ${bug.name} — ${problem}`)
  expect(seed, problem ?? bug.name).not.toBeNull()
})
