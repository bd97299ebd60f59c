import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { UnreachableError } from "@waybill/sdk"
import { expect, test } from "vitest"
import { Load } from "../chaos/load.ts"
import { freshFolder, startServer } from "../chaos/server-process.ts"
import { expectNothingLost } from "../chaos/verdict.ts"

const preload = fileURLToPath(new URL("./crash-at-commit.mjs", import.meta.url))

/** So many commits a small load needs, its boot with it; later points are points of an idle server. */
const points = Number(process.env.CHAOS_POINTS ?? 40)

for (const place of ["before", "after"] as const) {
  test(`a process that dies ${place} any of its first ${points} commits loses nothing`, {
    timeout: points * 60_000,
  }, async () => {
    let died = 0
    for (let point = 1; point <= points; point++) {
      const folder = freshFolder()
      const ledger = join(folder, "ledger.jsonl")
      const load = new Load(ledger)
      const env = { NODE_OPTIONS: `--import ${preload}`, CRASH_AT: `${place}:${point}` }
      const first = await startServer({ folder, env }).catch(() => null)
      if (first !== null) {
        await load
          .start(first, 4)
          .then(() => load.open(first))
          .catch(onlyUnreachable)
        const ended = await Promise.race([
          first.ended.then(() => true),
          load.finish(first, 20_000).then(() => false, onlyUnreachable),
        ])
        if (ended === false) await first.kill()
        else died++
      } else died++
      const again = await startServer({ folder })
      if (load.asked.length === 0) await load.start(again, 4)
      await expectNothingLost(again, ledger, await load.finish(again, 30_000))
      await again.stop()
    }
    expect(died).toBeGreaterThan(points / 2)
  })
}

function onlyUnreachable(error: unknown): undefined {
  if (!(error instanceof UnreachableError)) throw error
  return undefined
}
