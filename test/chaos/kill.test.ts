import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { UnreachableError } from "@waybill/sdk"
import { expect, test } from "vitest"
import { Load } from "./load.ts"
import { freshFolder, startServer } from "./server-process.ts"
import { expectNothingLost } from "./verdict.ts"

/** `npm run proof` kills a thousand times. */
const kills = Number(process.env.CHAOS_KILLS ?? 60)

test(`a server killed at ${kills} random moments loses nothing and repeats nothing that succeeded`, {
  timeout: 600_000 + kills * 3_000,
}, async () => {
  const folder = freshFolder()
  const ledger = join(folder, "ledger.jsonl")
  const load = new Load(ledger)
  const random = randomFrom(Number(process.env.CHAOS_SEED ?? 20_261_120))
  let server = await startServer({ folder })
  for (let kill = 0; kill < kills; kill++) {
    const asking = load
      .start(server, 4)
      .then(() => load.open(server))
      .catch(onlyUnreachable)
    // Now and then in the middle of the boot itself: recovery must survive its own crash.
    await delay(kill % 7 === 3 ? random() * 15 : random() * 250)
    await server.kill()
    await asking
    server = await startServer({ folder })
  }
  const ended = await load.finish(server, 60_000)
  expect(ended.size).toBe(kills * 4)
  await expectNothingLost(server, ledger, ended)
  expect(await server.stop()).toBe(0)
})

function onlyUnreachable(error: unknown): void {
  if (!(error instanceof UnreachableError)) throw error
}

/** mulberry32: the same moments in every run of the test. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
