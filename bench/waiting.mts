/** 10,000 runs that wait for a signal: how long until all are parked, what they weigh, how long until all are done. */
import { machineLine } from "./lib/machine.ts"
import { inFlight, repeat, timed } from "./lib/numbers.ts"
import { benchOptions } from "./lib/options.ts"
import { peerRows } from "./lib/peers.ts"
import { type Row, report } from "./lib/report.ts"
import { actor, openWaybill, startRun, waybillLabel } from "./lib/waybill.ts"

const options = benchOptions()
const runs = options.scaled(10_000)
const parallel = 200

console.log(machineLine())
const rounds = await repeat(Math.min(options.rounds, 3), round)
const rows: Row[] = [
  {
    what: `${runs} runs parked`,
    system: waybillLabel,
    unit: "s",
    values: rounds.map(({ parkMs }) => parkMs / 1_000),
    goal: { atMost: 5 },
  },
  {
    what: "memory they add (resident, after a collection where there is one)",
    system: waybillLabel,
    unit: "MB",
    values: rounds.map(({ megabytes }) => megabytes),
    goal: { atMost: 150 },
  },
  {
    what: "all woken and finished",
    system: waybillLabel,
    unit: "s",
    values: rounds.map(({ wakeMs }) => wakeMs / 1_000),
    goal: { atMost: 5 },
  },
]
if (options.peers) rows.push(...(await peerRows("waiting", { runs, parallel })))
report("Waiting runs", rows)

async function round() {
  const waybill = await openWaybill()
  const { engine } = waybill
  // Code and statements are warm; what is weighed is the runs.
  await settle(await park(100))
  const before = residentMegabytes()
  const parked = await timed(() => park(runs))
  const megabytes = residentMegabytes() - before
  const woken = await timed(() => settle(parked.value))
  await waybill.close()
  return { parkMs: parked.ms, megabytes, wakeMs: woken.ms }

  /** Until the runs wait, not only until they were started. */
  async function park(count: number): Promise<readonly string[]> {
    const ids: string[] = []
    await inFlight(count, parallel, async () => void ids.push(await startRun(engine, "gate", {})))
    const last = await engine.queries.run(ids[ids.length - 1]!)
    if (last?.status !== "WAITING_SIGNAL") throw new Error(`the last run is ${last?.status}`)
    return ids
  }

  async function settle(ids: readonly string[]): Promise<void> {
    await inFlight(ids.length, parallel, async (n) => {
      const signal = { name: "go", id: null, data: { n } }
      const answer = await engine.runs.signal(actor, ids[n]!, signal, null)
      if (!answer.ok) throw new Error(`${answer.rejection.code}: ${answer.rejection.message}`)
      const status = await engine.runs.settled(ids[n]!, 60_000)
      if (status !== "COMPLETED") throw new Error(`run ${ids[n]} is ${status}`)
    })
  }
}

function residentMegabytes(): number {
  globalThis.gc?.()
  return process.memoryUsage().rss / 1e6
}
