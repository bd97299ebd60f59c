/** Rule 19: do 1,000 short runs beside a foreach of 100,000 items keep their p99 within twice what it is alone? */
import { machineLine } from "./lib/machine.ts"
import { inFlight, percentile, repeat, timed } from "./lib/numbers.ts"
import { benchOptions } from "./lib/options.ts"
import { report } from "./lib/report.ts"
import { actor, completeRun, openWaybill, startRun, waybillLabel } from "./lib/waybill.ts"

const options = benchOptions()
const runs = options.scaled(1_000)
const items = Array.from({ length: 100_000 }, (_, n) => n)
const parallel = 4

console.log(machineLine())
const waybill = await openWaybill()
await shortRuns()
const rounds = await repeat(Math.min(options.rounds, 3), async () => {
  const alone = await shortRuns()
  const big = await startRun(waybill.engine, "each", { items })
  const beside = await shortRuns()
  const status = await waybill.engine.runs.settled(big, 0)
  await waybill.engine.runs.cancel(actor, big, { reason: "measured", force: true }, null)
  await waybill.engine.runs.settled(big, 60_000)
  if (status !== "RUNNING") throw new Error(`the foreach was ${status} before the short runs had ended`)
  return { alone, beside }
})
await waybill.close()

const values = (of: "alone" | "beside", p: number) => rounds.map((round) => percentile(round[of], p))
const what = `${runs} one-step runs, ${parallel} in flight`
report("Short runs beside a foreach of 100,000 items", [
  { what: `${what}, alone: p50`, system: waybillLabel, unit: "ms", values: values("alone", 50) },
  { what: "alone: p99", system: waybillLabel, unit: "ms", values: values("alone", 99) },
  { what: "beside the foreach: p50", system: waybillLabel, unit: "ms", values: values("beside", 50) },
  { what: "beside the foreach: p99", system: waybillLabel, unit: "ms", values: values("beside", 99) },
  {
    what: "p99 beside ÷ p99 alone",
    system: waybillLabel,
    unit: "×",
    values: rounds.map(({ alone, beside }) => percentile(beside, 99) / percentile(alone, 99)),
    goal: { atMost: 2 },
  },
])

async function shortRuns(): Promise<readonly number[]> {
  const times: number[] = []
  await inFlight(runs, parallel, async (n) => {
    times.push((await timed(() => completeRun(waybill.engine, "one-step", { n }))).ms)
  })
  return times
}
