/** The simulator's full number: 20,000 seeds without a violation. */
import { cpus } from "node:os"
import { expect, test } from "vitest"
import { hunt } from "../../engine/src/testing/planted/hunt-bug.ts"
import { explain } from "../../engine/src/testing/simulator/report.ts"
import { simulate } from "../../engine/src/testing/simulator/simulation.ts"
import { pieceOf } from "./piece.ts"

const { from, count } = pieceOf(20_000)

test(`seeds ${from} to ${from + count - 1} break no invariant`, async () => {
  const processes = Math.max(1, cpus().length)
  const share = Math.ceil(count / processes)
  const started = performance.now()
  const found = await Promise.all(
    Array.from({ length: processes }, (_, i) => hunt(null, { from: from + i * share, count: share })),
  )
  const rate = Math.round((processes * share) / ((performance.now() - started) / 1_000))
  console.log(`${processes * share} seeds on ${processes} processes: ${rate} a second in all`)
  for (const { seed, problem } of found) {
    if (seed !== null && seed > 0) expect.fail(await explain(await simulate({ seed })))
    expect(problem).toBeNull()
  }
})
