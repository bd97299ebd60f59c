/**
 * kill −9 at every commit of a small load, from the first of an empty data directory to the last of the last run: in
 * front of it, behind it, and behind it with a second death in the recovery. How many points there are is counted first.
 */
import { readFileSync } from "node:fs"
import { cpus } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { onlyUnreachable } from "../chaos/kills.ts"
import { Load } from "../chaos/load.ts"
import { freshFolder, removeFolder, type ServerProcess, startServer } from "../chaos/server-process.ts"
import { expectNothingLost } from "../chaos/verdict.ts"
import { numbersOf, pieceOf } from "./piece.ts"

const preload = fileURLToPath(new URL("./crash-at-commit.mjs", import.meta.url))
/** One of each kind, each begun when the one before has ended: a commit of several runs would be fewer points. */
const kinds = ["chain", "fan", "gate", "family", "timed"]
/** So many commits of a recovery are tried in turn. */
const recoveryCommits = 6

const crashAt = (place: string) => ({ NODE_OPTIONS: `--import ${preload}`, CRASH_AT: place })

test("every commit of a small load is counted, and a process that dies at any of them loses nothing", async () => {
  const full = await countCommits()
  const points = numbersOf(pieceOf(full))
  console.log(`${full} commits; points ${points[0]} to ${points.at(-1)}`)
  for (const place of ["before", "after", "twice"] as const) {
    const started = performance.now()
    const died = await countTrue(points, (point) => survives(place, point))
    const seconds = Math.round((performance.now() - started) / 1_000)
    console.log(`${place}: ${died} of ${points.length} died there, all finished (${seconds} s)`)
    // Group commit makes a few more or fewer of them each time, so the last points may not be reached.
    expect(died).toBeGreaterThan(points.length * 0.8)
  }
})

async function countCommits(): Promise<number> {
  const folder = freshFolder()
  const file = join(folder, "commits")
  const server = await startServer({ folder, env: crashAt(`count:${file}`) })
  await work(new Load(join(folder, "ledger.jsonl"), kinds), server, 30_000)
  await server.stop()
  const count = Number(readFileSync(file, "utf8"))
  removeFolder(folder)
  return count
}

/** True when the process died at its point. Whatever happened, the next one finishes everything. */
async function survives(place: "before" | "after" | "twice", point: number): Promise<boolean> {
  const folder = freshFolder()
  const ledger = join(folder, "ledger.jsonl")
  const load = new Load(ledger, kinds)
  const died = await diesUnder(load, folder, `${place === "before" ? "before" : "after"}:${point}`)
  if (place === "twice") await diesUnder(load, folder, `after:${1 + (point % recoveryCommits)}`)
  const server = await startServer({ folder })
  try {
    await expectNothingLost(server, ledger, await work(load, server, 30_000))
  } catch (error) {
    throw new Error(`killed ${place} commit ${point}, see ${folder}`, { cause: error })
  }
  await server.stop()
  removeFolder(folder)
  return died
}

async function diesUnder(load: Load, folder: string, place: string): Promise<boolean> {
  const server = await startServer({ folder, env: crashAt(place) }).catch(() => null)
  if (server === null) return true
  const alive = await Promise.race([server.ended.then(() => false), worked(load, server)])
  if (alive) await server.kill()
  return !alive
}

/** True when everything has ended without a death; what the death of the server cuts off waits for it. */
async function worked(load: Load, server: ServerProcess): Promise<boolean> {
  try {
    await work(load, server, 20_000)
    return true
  } catch (error) {
    onlyUnreachable(error)
    await server.ended
    return false
  }
}

/** What was asked for and not answered is asked for again; then the rest, one after the other. */
async function work(load: Load, server: ServerProcess, withinMs: number): Promise<ReadonlyMap<string, string>> {
  let ended = await load.finish(server, withinMs)
  while (load.asked.length < kinds.length) {
    await load.start(server, 1)
    ended = await load.finish(server, withinMs)
  }
  return ended
}

/** As many at a time as there are cores: each is a server of its own. */
async function countTrue(points: readonly number[], holds: (point: number) => Promise<boolean>): Promise<number> {
  const left = [...points]
  let count = 0
  const lane = async () => {
    for (let point = left.shift(); point !== undefined; point = left.shift()) if (await holds(point)) count++
  }
  await Promise.all(cpus().map(lane))
  return count
}
