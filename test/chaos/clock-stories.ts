/**
 * What a wall clock may do to a running server: jump, go back, be elsewhere after a stop. Told to any way of moving the
 * clock; the times that people wait for are the wall's, the time that work may take is not (rule 15).
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { expect } from "vitest"
import { readLedger } from "./ledger.ts"
import { Load } from "./load.ts"
import { freshFolder, removeFolder, type ServerProcess, startServer } from "./server-process.ts"
import { expectSound } from "./verdict.ts"

export interface MovableClock {
  readonly env: NodeJS.ProcessEnv
  /** From now on the server's wall clock differs by so much from the machine's. */
  moveTo(offsetMs: number): void
}

export const hour = 3_600_000
/** No gates: their deadlines are the wall's, and a clock that is an hour ahead has passed them. */
const kinds = ["timed", "chain", "fan", "family"]

/** Under load the clock goes wherever `offsets` say, and at the end to the furthest: what began there waits for there. */
export async function clockSteps(clock: MovableClock, offsets: readonly number[]): Promise<void> {
  const folder = freshFolder()
  const ledger = join(folder, "ledger.jsonl")
  clock.moveTo(0)
  const server = await startServer({ folder, env: clock.env })
  const load = new Load(ledger, kinds)
  await load.start(server, kinds.length)
  for (const offset of offsets) {
    await delay(120)
    clock.moveTo(offset)
    await load.start(server, kinds.length)
  }
  await delay(120)
  clock.moveTo(Math.max(...offsets))
  const ended = await load.finish(server, 60_000)
  expect(new Set(ended.values())).toEqual(new Set(["COMPLETED"]))
  await expectOncePerAttempt(server, ledger)
  expect(await server.stop()).toBe(0)
  removeFolder(folder)
}

/** What fell due while no server was there happens when one is; what is not due yet waits, whatever the clock did before. */
export async function dueWhileDown(clock: MovableClock): Promise<void> {
  const folder = freshFolder()
  const ledger = join(folder, "ledger.jsonl")
  clock.moveTo(0)
  const first = await startServer({ folder, env: clock.env })
  const start = async (seconds: number) =>
    (await first.client.runs.start({ workflowId: "later", input: { ledger, seconds } })).runId
  const due = await Promise.all([3_600, 60, 1_800, 600].map(start))
  const notDue = await start(30 * 86_400)
  await first.kill()
  clock.moveTo(2 * hour)
  const second = await startServer({ folder, env: clock.env })
  for (const runId of due) await untilCompleted(second, runId)
  // Set back behind what has fired: it does not fire again.
  clock.moveTo(0)
  await untilCompleted(second, await startNow(second, ledger))
  expect((await second.client.runs.get(notDue)).completedAt).toBeNull()
  await second.kill()
  clock.moveTo(31 * 24 * hour)
  const third = await startServer({ folder, env: clock.env })
  await untilCompleted(third, notDue)
  await expectOncePerAttempt(third, ledger)
  expect(await third.stop()).toBe(0)
  removeFolder(folder)
}

/** Set back by an hour, the clock lets what is new go on and what waits wait; set forth again, it rings for all. */
export async function setBackAndForth(clock: MovableClock): Promise<void> {
  const folder = freshFolder()
  const ledger = join(folder, "ledger.jsonl")
  clock.moveTo(0)
  const server = await startServer({ folder, env: clock.env })
  const input = { ledger, seconds: 1 }
  const waiting = (await server.client.runs.start({ workflowId: "later", input })).runId
  clock.moveTo(-hour)
  await untilCompleted(server, await startNow(server, ledger))
  await delay(1_200)
  expect((await server.client.runs.get(waiting)).completedAt, "it woke an hour early").toBeNull()
  clock.moveTo(0)
  await untilCompleted(server, await startNow(server, ledger))
  await untilCompleted(server, waiting)
  await expectOncePerAttempt(server, ledger)
  expect(await server.stop()).toBe(0)
  removeFolder(folder)
}

async function startNow(server: ServerProcess, ledger: string): Promise<string> {
  return (await server.client.runs.start({ workflowId: "later", input: { ledger, seconds: 0.05 } })).runId
}

async function untilCompleted(server: ServerProcess, runId: string): Promise<void> {
  const until = performance.now() + 60_000
  for (;;) {
    const { status } = await server.client.runs.get(runId)
    if (status === "COMPLETED") return
    if (performance.now() > until) throw new Error(`run ${runId} is ${status} after a minute`)
    await delay(20)
  }
}

/** Nobody was killed while he worked, so every attempt begins once and ends once, whatever the times beside it say. */
async function expectOncePerAttempt(server: ServerProcess, ledger: string): Promise<void> {
  const lines = readLedger(ledger).map(({ what, stepId, attempt }) => `${what} ${stepId} ${attempt}`)
  expect(lines.length).toBeGreaterThan(0)
  expect(lines.length, readFileSync(ledger, "utf8")).toBe(new Set(lines).size)
  await expectSound(server)
}
