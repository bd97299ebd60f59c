/** 100 steps at once: one such run, and 50 of them together. */
import { machineLine } from "./lib/machine.ts"
import { inFlight, repeat, timed } from "./lib/numbers.ts"
import { benchOptions } from "./lib/options.ts"
import { peerRows } from "./lib/peers.ts"
import { type Row, report } from "./lib/report.ts"
import { completeRun, openWaybill, waybillLabel } from "./lib/waybill.ts"

const options = benchOptions()
const runs = options.scaled(50)

console.log(machineLine())
const waybill = await openWaybill()
const fan = (count: number) =>
  timed(() => inFlight(count, count, (n) => completeRun(waybill.engine, "hundred-at-once", { n })))
await fan(10)
const single = await repeat(options.rounds * 4, () => fan(1))
const together = await repeat(options.rounds, () => fan(runs))
await waybill.close()

const rows: Row[] = [
  {
    what: "one run of 100 parallel steps",
    system: waybillLabel,
    unit: "ms",
    values: single.map(({ ms }) => ms),
    goal: { atMost: 50 },
  },
  {
    what: `${runs} runs of 100 parallel steps`,
    system: waybillLabel,
    unit: "ms",
    values: together.map(({ ms }) => ms),
    goal: { atMost: 1_000 },
  },
]
if (options.peers) rows.push(...(await peerRows("fan-out", { runs })))
report("Fan-out", rows)
