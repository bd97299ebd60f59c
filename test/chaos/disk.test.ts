import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { ProblemError } from "@waybill/sdk"
import { expect, test } from "vitest"
import { Load } from "./load.ts"
import { preloadOf } from "./preload.ts"
import { DidNotStart, freshFolder, startServer } from "./server-process.ts"
import { expectNothingLost } from "./verdict.ts"

const library = preloadOf("disk-faults")

function faulty(folder: string) {
  const control = join(folder, "faults")
  const trace = join(folder, "trace")
  writeFileSync(control, "none")
  return {
    env: { LD_PRELOAD: library, DISK_FAULTS: control, DISK_TRACE: trace },
    be: (word: "none" | "eio-sync" | "enospc") => writeFileSync(control, word),
    trace: () => (existsSync(trace) ? readFileSync(trace, "utf8") : ""),
  }
}

const slow = { timeout: 120_000 }

test("every answer comes after the sync of what it answers for", slow, async () => {
  const folder = freshFolder()
  const disk = faulty(folder)
  const server = await startServer({ folder, env: disk.env })
  const ledger = join(folder, "ledger.jsonl")
  for (let index = 0; index < 20; index++) {
    const before = disk.trace().length
    await server.client.runs.start({ workflowId: "chain", input: { ledger }, startPaused: true })
    const order = disk.trace().slice(before)
    expect(order, "nothing was written for this answer").toContain("W")
    // On a busy machine something else, as the index, may have begun to write behind it by now; nothing else syncs before.
    expect(order, "what was written for this answer is not synced").toMatch(/WS/)
  }
  await server.stop()
})

test(
  "when a sync fails the process ends with code 70, and what it had answered is there afterwards",
  slow,
  async () => {
    const folder = freshFolder()
    const ledger = join(folder, "ledger.jsonl")
    const disk = faulty(folder)
    const server = await startServer({ folder, env: disk.env })
    const load = new Load(ledger)
    await load.start(server, 4)
    disk.be("eio-sync")
    await load.start(server, 2).catch(() => {})
    expect(await server.ended).toBe(70)
    disk.be("none")
    const again = await startServer({ folder, env: disk.env })
    await expectNothingLost(again, ledger, await load.finish(again, 30_000))
    await again.stop()
  },
)

test(
  "a full disk refuses new runs with a problem that says so, and when there is room again everything goes on",
  slow,
  async () => {
    const folder = freshFolder()
    const ledger = join(folder, "ledger.jsonl")
    const disk = faulty(folder)
    const server = await startServer({ folder, env: disk.env })
    const load = new Load(ledger)
    await load.start(server, 4)
    disk.be("enospc")
    const refused = await server.client.runs
      .start({ workflowId: "chain", input: { ledger } })
      .catch((error: unknown) => error)
    // Either the store says full and the server lives, or it cannot tell what was stored and ends: never an answer.
    const alive = await Promise.race([server.ended.then(() => false), delay(500).then(() => true)])
    if (alive) {
      expect(refused).toBeInstanceOf(ProblemError)
      expect((refused as ProblemError).problem.status).toBe(503)
      disk.be("none")
      await expectNothingLost(server, ledger, await load.finish(server, 30_000))
      await server.stop()
      return
    }
    disk.be("none")
    const again = await startServer({ folder, env: disk.env })
    await expectNothingLost(again, ledger, await load.finish(again, 30_000))
    await again.stop()
  },
)

test("a log that was torn in the middle of its last page loses nothing that was synced before it", slow, async () => {
  const folder = freshFolder()
  const ledger = join(folder, "ledger.jsonl")
  const server = await startServer({ folder })
  const load = new Load(ledger)
  await load.start(server, 8)
  await server.kill()
  const wal = readdirSync(folder).find((name) => name === "waybill.db-wal")!
  const path = join(folder, wal)
  // What a power cut leaves of a write that no sync had covered yet.
  writeFileSync(path, Buffer.alloc(1_000, 0x5a), { flag: "a" })
  const again = await startServer({ folder })
  await expectNothingLost(again, ledger, await load.finish(again, 30_000))
  await again.stop()
  expect(statSync(folder).isDirectory()).toBe(true)
})

test("a damaged database is refused at the start, with what to do", slow, async () => {
  const folder = freshFolder()
  const server = await startServer({ folder })
  await server.client.runs.start({ workflowId: "chain", input: { ledger: join(folder, "l") } })
  await server.stop()
  const file = readdirSync(folder).find((name) => name === "waybill.db")!
  truncateSync(join(folder, file), 5_000)
  const refused = await startServer({ folder }).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(DidNotStart)
  expect((refused as DidNotStart).code).not.toBe(0)
  expect((refused as DidNotStart).output).toMatch(/restore|backup/i)
})
