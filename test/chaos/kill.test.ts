import { test } from "vitest"
import { killAtRandom } from "./kills.ts"

/** `npm run proof -- kills` kills a thousand times. */
const kills = 60

test(
  `a server killed at ${kills} random moments loses nothing and repeats nothing that succeeded`,
  {
    timeout: 600_000,
  },
  () => killAtRandom({ kills, seed: 20_261_120, checkEvery: 10 }),
)
