/**
 * Long runs: 1,000 steps in a row, and whether a step costs the same after 10,000 as at the beginning. Times of steps
 * are taken as the engine's feed tells of their success, in this process, on a clock that never goes back.
 */
import { machineLine } from "./lib/machine.ts"
import { repeat, timed } from "./lib/numbers.ts"
import { benchOptions } from "./lib/options.ts"
import { peerRows } from "./lib/peers.ts"
import { type Row, report } from "./lib/report.ts"
import { completeRun, openWaybill, waybillLabel } from "./lib/waybill.ts"

const options = benchOptions()

console.log(machineLine())
const waybill = await openWaybill()
await completeRun(waybill.engine, "thousand-steps", { n: 0 })
const thousand = await repeat(options.rounds, () =>
  timed(() => completeRun(waybill.engine, "thousand-steps", { n: 0 })),
)
const ratios = await repeat(Math.min(options.rounds, 3), lastOverFirst)
await waybill.close()

const rows: Row[] = [
  {
    what: "a chain of 1,000 steps",
    system: waybillLabel,
    unit: "ms",
    values: thousand.map(({ ms }) => ms),
    goal: { atMost: 1_000 },
  },
  {
    what: "of 10,000 steps: the last hundred ÷ the first hundred",
    system: waybillLabel,
    unit: "×",
    values: ratios,
    goal: { atMost: 1.2 },
  },
]
if (options.peers) rows.push(...(await peerRows("chain", { steps: 1_000 })))
report("Chains", rows)

async function lastOverFirst(): Promise<number> {
  const at: number[] = [performance.now()]
  const stop = waybill.engine.feed.subscribe((events) => {
    for (const event of events) if (event.type === "step.succeeded") at.push(performance.now())
  })
  await completeRun(waybill.engine, "ten-thousand-rounds", { n: 0 })
  stop()
  const steps = at.length - 1
  if (steps !== 10_000) throw new Error(`${steps} steps succeeded, not 10,000`)
  return (at[steps]! - at[steps - 100]!) / (at[100]! - at[0]!)
}
