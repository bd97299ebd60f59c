import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { expect, test } from "vitest"
import { Load } from "./load.ts"
import { DidNotStart, freshFolder, startServer } from "./server-process.ts"
import { expectNothingLost } from "./verdict.ts"

const slow = { timeout: 120_000 }

test(
  "a step that throws, exits, hangs, eats memory or answers 100 MB hurts its own run and nobody else",
  slow,
  async () => {
    const folder = freshFolder()
    const ledger = join(folder, "ledger.jsonl")
    const server = await startServer({ folder })
    const load = new Load(ledger)
    const poisoned = await Promise.all(
      ["throw", "exit", "hang", "memory", "huge", "reject"].map(async (how) => {
        const workflowId = how === "hang" ? "hang" : "poison"
        const run = await server.client.runs.start({ workflowId, input: { how } })
        return { how, runId: run.runId }
      }),
    )
    await load.start(server, 8)
    await expectNothingLost(server, ledger, await load.finish(server, 60_000))
    for (const { how, runId } of poisoned) {
      const run = await ending(server, runId)
      expect(`${how}: ${run.status}`).toMatch(
        how === "reject" ? /reject: (COMPLETED|FAILED)/ : new RegExp(`${how}: FAILED`),
      )
      if (how === "huge") expect(`${run.error?.class}: ${run.error?.detail}`).toMatch(/^validation_failed: /)
      if (how === "hang") expect(run.error?.kind).toBe("timeout")
      if (run.status === "FAILED") expect(run.error?.detail.length).toBeGreaterThan(5)
    }
    expect(await server.stop()).toBe(0)
  },
)

test("what fell due while the server was down happens when it is back", slow, async () => {
  const folder = freshFolder()
  const ledger = join(folder, "ledger.jsonl")
  const first = await startServer({ folder })
  const runs = await Promise.all(
    Array.from({ length: 5 }, () => first.client.runs.start({ workflowId: "chain", input: { ledger } })),
  )
  await delay(40)
  await first.kill()
  await delay(300)
  const second = await startServer({ folder })
  for (const { runId } of runs) expect((await ending(second, runId)).status).toBe("COMPLETED")
  await second.stop()
})

test("a server that was stopped past its agents' deadlines and goes on keeps its word", slow, async () => {
  const folder = freshFolder()
  const ledger = join(folder, "ledger.jsonl")
  const server = await startServer({ folder })
  const load = new Load(ledger)
  await load.start(server, 8)
  server.signal("SIGSTOP")
  await delay(3_000)
  server.signal("SIGCONT")
  await expectNothingLost(server, ledger, await load.finish(server, 60_000))
  expect(await server.stop()).toBe(0)
})

test("a second server on the same data directory is refused and told who has it", slow, async () => {
  const folder = freshFolder()
  const server = await startServer({ folder })
  const refused = await startServer({ folder }).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(DidNotStart)
  expect((refused as DidNotStart).code).toBe(3)
  expect((refused as DidNotStart).output).toContain(String(server.pid))
  await server.stop()
})

test("a port in use is named, and the server ends without touching anything", slow, async () => {
  const server = await startServer({ folder: freshFolder() })
  const port = new URL(server.url).port
  const refused = await startServer({ folder: freshFolder(), env: { WAYBILL_PORT: port } }).catch(
    (error: unknown) => error,
  )
  // The first one answers at the address that the second would have had.
  expect(refused).toBeInstanceOf(DidNotStart)
  expect((refused as DidNotStart).output).toContain(port)
  await server.stop()
})

async function ending(server: Awaited<ReturnType<typeof startServer>>, runId: string) {
  for (let look = 0; look < 1_200; look++) {
    const run = await server.client.runs.get(runId)
    if (run.completedAt !== null) return run
    await delay(50)
  }
  throw new Error(`run ${runId} did not end`)
}
