/** kill −9 with 200 runs in flight: from the beginning of the restart until every run that was acknowledged has ended. */
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import Database from "better-sqlite3"
import { machineLine } from "./lib/machine.ts"
import { inFlight, repeat } from "./lib/numbers.ts"
import { benchOptions } from "./lib/options.ts"
import { peerRows } from "./lib/peers.ts"
import { type Row, report } from "./lib/report.ts"
import { freePort, HttpClient, startProcess } from "./lib/server.ts"
import { freshFolder, removeFolder, waybillLabel } from "./lib/waybill.ts"

const options = benchOptions()
const inFlightAtKill = 200

console.log(machineLine())
const rounds = await repeat(options.rounds, round)
const rows: Row[] = [
  {
    what: "restart → the server is ready",
    system: waybillLabel,
    unit: "s",
    values: rounds.map(({ readyMs }) => readyMs / 1_000),
  },
  {
    what: `restart → all ${inFlightAtKill} runs finished`,
    system: waybillLabel,
    unit: "s",
    values: rounds.map(({ finishedMs }) => finishedMs / 1_000),
    goal: { atMost: 2 },
    note: `${rounds.map(({ left }) => left).join(", ")} were unfinished at the restart`,
  },
]
if (options.peers) rows.push(...(await peerRows("recovery", { runs: inFlightAtKill })))
report("Recovery after kill −9", rows)

async function round() {
  const folder = freshFolder()
  const port = await freePort()
  const first = await startProcess(folder, port)
  const client = new HttpClient(first.url, inFlightAtKill)
  let killed = false
  const load = inFlight(1_000_000, inFlightAtKill, (n) => client.complete("three-steps", { n })).catch((error) => {
    if (!killed) throw error
  })
  await delay(1_500)
  killed = true
  await first.kill()
  await load
  const left = openRunsIn(folder)
  const at = performance.now()
  const second = await startProcess(folder, port)
  while ((await client.count("PENDING,RUNNING")) > 0) {
    if (performance.now() - at > 60_000) throw new Error("runs have not ended a minute after the restart")
  }
  const finishedMs = performance.now() - at
  const bad = await client.count("FAILED,CANCELLED,TIMED_OUT")
  if (bad > 0) throw new Error(`${bad} runs did not complete`)
  client.close()
  await second.stop()
  removeFolder(folder)
  return { readyMs: second.readyMs, finishedMs, left }
}

/** What the dead server left, from its own database. */
function openRunsIn(folder: string): number {
  const db = new Database(join(folder, "data", "waybill.db"))
  try {
    return db
      .prepare<[], { open: number }>("SELECT count(*) AS open FROM workflow_runs WHERE completed_at IS NULL")
      .get()!.open
  } finally {
    db.close()
  }
}
