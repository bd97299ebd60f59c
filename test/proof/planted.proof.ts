/** Every planted bug is found within 1,000 seeds; which seed it was, and how it showed. */
import { expect, test } from "vitest"
import { plantedBugs } from "../../engine/src/testing/planted/bugs.ts"
import { hunt } from "../../engine/src/testing/planted/hunt-bug.ts"
import { numbersOf, pieceOf } from "./piece.ts"

const bugs = numbersOf(pieceOf(plantedBugs.length)).map((number) => plantedBugs[number - 1]!)

test.each(bugs)("found within 1,000 seeds: $name", async (bug) => {
  const { seed, problem } = await hunt(bug, { from: 1, count: 1_000 })
  console.log(`seed ${seed}: ${bug.name} — ${problem}`)
  expect(seed, problem ?? bug.name).not.toBeNull()
})
