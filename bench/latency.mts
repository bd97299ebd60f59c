/** How long a one-step run takes from its start to its end, asked over HTTP with `?wait`, one at a time. */
import { machineLine } from "./lib/machine.ts"
import { percentile, repeat, timed } from "./lib/numbers.ts"
import { benchOptions } from "./lib/options.ts"
import { peerRows } from "./lib/peers.ts"
import { type Row, report } from "./lib/report.ts"
import { freePort, HttpClient, startProcess } from "./lib/server.ts"
import { freshFolder, removeFolder, waybillLabel } from "./lib/waybill.ts"

const options = benchOptions()
const runs = options.scaled(1_000)

console.log(machineLine())
const folder = freshFolder()
const server = await startProcess(folder, await freePort())
const client = new HttpClient(server.url, 1)
const one = async () => {
  const times: number[] = []
  for (let n = 0; n < runs; n++) times.push((await timed(() => client.complete("one-step", { n }))).ms)
  return times
}
await one()
const rounds = await repeat(options.rounds, one)
client.close()
await server.stop()
removeFolder(folder)

const rows: Row[] = [
  {
    what: "start → complete, p50",
    system: waybillLabel,
    unit: "ms",
    values: rounds.map((times) => percentile(times, 50)),
    goal: { atMost: 2 },
  },
  {
    what: "start → complete, p99",
    system: waybillLabel,
    unit: "ms",
    values: rounds.map((times) => percentile(times, 99)),
    goal: { atMost: 12 },
  },
]
if (options.peers) rows.push(...(await peerRows("latency", { runs: options.scaled(300) })))
report("One-step run, one at a time, over HTTP", rows)
