/**
 * How many 3-step runs a second with every step durable, 200 in flight, through the engine's door in this process; what
 * CPU that costs with the client in it; the same over HTTP, reported beside; and what a bare journal with the same group
 * commit does. Budget of CPU per 1,000 runs (rule 18): store 0.25, agent hosts 0.1, hashes 0.05, decisions and rows 0.2.
 */

import { bareJournal } from "./lib/bare-journal.ts"
import { machineLine } from "./lib/machine.ts"
import { inFlight, repeat, timed } from "./lib/numbers.ts"
import { benchOptions } from "./lib/options.ts"
import { peerRows } from "./lib/peers.ts"
import { type Row, report } from "./lib/report.ts"
import { cpuMsOf, freePort, HttpClient, startProcess } from "./lib/server.ts"
import { completeRun, freshFolder, openWaybill, removeFolder, waybillLabel } from "./lib/waybill.ts"

const options = benchOptions()
const runs = options.scaled(4_000)
const parallel = 200

console.log(machineLine())
const rows: Row[] = []
rows.push(...(await inProcess()))
rows.push(...(await overHttp()))
rows.push(await journal())
if (options.peers) rows.push(...(await peerRows("throughput", { runs: options.scaled(1_000), parallel })))
report(`3-step runs, ${parallel} in flight`, rows)

async function inProcess(): Promise<Row[]> {
  const waybill = await openWaybill()
  const round = () => timed(() => inFlight(runs, parallel, (n) => completeRun(waybill.engine, "three-steps", { n })))
  await round()
  const times = await repeat(options.rounds, round)
  await waybill.close()
  return [
    {
      what: "runs a second",
      system: waybillLabel,
      unit: "runs/s",
      values: times.map(({ ms }) => (runs / ms) * 1_000),
      goal: { atLeast: 2_200 },
    },
    {
      what: "CPU per 1,000 runs, client included",
      system: waybillLabel,
      unit: "s",
      values: times.map(({ cpuMs }) => cpuMs / runs),
      goal: { atMost: 0.7 },
    },
  ]
}

async function overHttp(): Promise<Row[]> {
  const folder = freshFolder()
  const server = await startProcess(folder, await freePort())
  const client = new HttpClient(server.url, parallel)
  const round = async () => {
    const cpu = cpuMsOf(server.pid)
    const { ms } = await timed(() => inFlight(runs, parallel, (n) => client.complete("three-steps", { n })))
    return { ms, cpuMs: cpuMsOf(server.pid) - cpu }
  }
  await round()
  const times = await repeat(options.rounds, round)
  client.close()
  await server.stop()
  removeFolder(folder)
  return [
    {
      what: "runs a second over HTTP (`?wait`), client in a process beside",
      system: waybillLabel,
      unit: "runs/s",
      values: times.map(({ ms }) => (runs / ms) * 1_000),
    },
    {
      what: "CPU per 1,000 runs over HTTP, server only",
      system: waybillLabel,
      unit: "s",
      values: times.map(({ cpuMs }) => cpuMs / runs),
    },
  ]
}

async function journal(): Promise<Row> {
  return {
    what: "runs a second of a bare SQLite journal: same group commit, no engine",
    system: "better-sqlite3, WAL, synchronous=FULL",
    unit: "runs/s",
    values: await repeat(options.rounds, () => bareJournal(runs * 4, parallel)),
  }
}
