/** kill −9 at random moments, under load, on one data directory; told by a seed, so that a piece can be had again. */
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { UnreachableError } from "@waybill/sdk"
import { expect } from "vitest"
import { Load } from "./load.ts"
import { freshFolder, removeFolder, startServer } from "./server-process.ts"
import { expectNothingLost, expectSound } from "./verdict.ts"

export interface Kills {
  readonly kills: number
  readonly seed: number
  /** Behind every so-manieth kill the database is asked whether it is sound. */
  readonly checkEvery: number
}

const runsEach = 4

export async function killAtRandom({ kills, seed, checkEvery }: Kills): Promise<void> {
  const folder = freshFolder()
  const ledger = join(folder, "ledger.jsonl")
  const load = new Load(ledger)
  const random = randomFrom(seed)
  let server = await startServer({ folder })
  for (let kill = 1; kill <= kills; kill++) {
    const asking = load
      .start(server, runsEach)
      .then(() => load.open(server))
      .catch(onlyUnreachable)
    // Now and then in the middle of the boot itself: recovery must survive its own crash.
    await delay(kill % 7 === 4 ? random() * 15 : random() * 250)
    await server.kill()
    await asking
    server = await startServer({ folder })
    if (kill % checkEvery === 0) await expectSound(server)
  }
  const ended = await load.finish(server, 60_000)
  expect(ended.size).toBe(kills * runsEach)
  await expectNothingLost(server, ledger, ended)
  expect(await server.stop()).toBe(0)
  removeFolder(folder)
}

export function onlyUnreachable(error: unknown): undefined {
  if (!(error instanceof UnreachableError)) throw error
  return undefined
}

/** mulberry32: the same moments in every run of the test. */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
