/** How long a server with 100,000 finished runs takes from the start of its process until it is ready. */
import { machineLine } from "./lib/machine.ts"
import { inFlight, repeat } from "./lib/numbers.ts"
import { benchOptions } from "./lib/options.ts"
import { report } from "./lib/report.ts"
import { freePort, startProcess } from "./lib/server.ts"
import { completeRun, freshFolder, openWaybill, removeFolder, waybillLabel } from "./lib/waybill.ts"

const options = benchOptions()
const runs = options.scaled(100_000)

console.log(machineLine())
const folder = freshFolder()
const waybill = await openWaybill({}, folder)
await inFlight(runs, 500, (n) => completeRun(waybill.engine, "one-step", { n }))
await waybill.close()
const full = await repeat(options.rounds, () => readyMs(folder))
removeFolder(folder)
const empty = await repeat(options.rounds, async () => {
  const fresh = freshFolder()
  const ms = await readyMs(fresh)
  removeFolder(fresh)
  return ms
})

report("Cold start (a new process; the file system's cache is warm)", [
  {
    what: `ready with ${runs} finished runs`,
    system: waybillLabel,
    unit: "ms",
    values: full,
    goal: { atMost: 1_000 },
  },
  { what: "ready with an empty data directory", system: waybillLabel, unit: "ms", values: empty },
])

async function readyMs(at: string): Promise<number> {
  const server = await startProcess(at, await freePort())
  await server.stop()
  return server.readyMs
}
