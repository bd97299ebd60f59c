/** The story of `npm test`, a thousand times, and sound after each: pieces begin with a fresh database each. */
import { test } from "vitest"
import { killAtRandom } from "../chaos/kills.ts"
import { pieceOf } from "./piece.ts"

const { from, count } = pieceOf(1_000)

test(`a server killed at random moments ${from} to ${from + count - 1} of 1,000 loses nothing and repeats nothing that succeeded`, async () => {
  const started = performance.now()
  await killAtRandom({ kills: count, seed: 20_261_120 + from, checkEvery: 1 })
  console.log(`${count} kills in ${((performance.now() - started) / 1_000).toFixed(0)} s`)
})
