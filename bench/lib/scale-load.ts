/** What a large history takes from new runs: while retention clears runs away, and in runs a second. */
import { inFlight, percentile, repeat, timed } from "./numbers.ts"
import type { Row } from "./report.ts"
import type { ScaleHistory } from "./scale-history.ts"
import type { HttpClient } from "./server.ts"
import { completeRun, openWaybill, waybillLabel } from "./waybill.ts"

const policies = "/api/v1/policies/retention"
const startsAtOnce = 4
/** Between two starts of a lane: what is measured is how long a start waits, not how many there can be. */
const pauseMs = 10
const normalMs = 15_000
const parallel = 200

interface Purged {
  readonly runs: number
  readonly events: number
}

/** Everything of the oldest tenth goes, values, events and rows, while runs are started as before. */
export async function retentionRows(client: HttpClient, history: ScaleHistory): Promise<readonly Row[]> {
  await starts(client, () => new Promise((resolve) => setTimeout(resolve, normalMs / 5)))
  const normal = await starts(client, () => new Promise((resolve) => setTimeout(resolve, normalMs)))
  const { policy: before } = await client.ask<{ policy: object }>(policies)
  const dayMs = 86_400_000
  const oldest = await oldestOf(client)
  const days = Math.floor((history.until - oldest) / dayMs - (history.until - history.from) / dayMs / 10)
  await client.ask(policies, "PUT", { policy: { io: days, events: days, summaries: days } })
  let purged: { readonly [of in "io" | "events" | "summaries"]: Purged } | null = null
  const beside = await starts(client, async () => {
    purged = await client.ask(`${policies}/purge`, "POST")
  })
  await client.ask(policies, "PUT", { policy: before })
  const { summaries } = purged!
  return [
    {
      what: `retention: ${summaries.runs} runs with ${summaries.events} events go`,
      system: waybillLabel,
      unit: "s a 100,000 runs",
      values: [(beside.ms / 1_000 / summaries.runs) * 100_000],
      goal: { atMost: 60 },
    },
    {
      what: `a start (${startsAtOnce} at once), p99, alone`,
      system: waybillLabel,
      unit: "ms",
      values: [percentile(normal.times, 99)],
      note: `p50 ${percentile(normal.times, 50).toFixed(1)}, ${normal.times.length} starts`,
    },
    {
      what: "… while retention works, p99",
      system: waybillLabel,
      unit: "ms",
      values: [percentile(beside.times, 99)],
      note: `p50 ${percentile(beside.times, 50).toFixed(1)}, ${beside.times.length} starts`,
    },
    {
      what: "… ÷ alone",
      system: waybillLabel,
      unit: "×",
      values: [percentile(beside.times, 99) / percentile(normal.times, 99)],
      goal: { atMost: 2 },
    },
  ]
}

async function oldestOf(client: HttpClient): Promise<number> {
  const path = "/api/v1/workflow-runs?sort=startedAt&limit=1&query=ended:%3E2000-01-01"
  const { items } = await client.ask<{ items: readonly { completedAt: string }[] }>(path)
  return Date.parse(items[0]!.completedAt)
}

/** How long each start takes, from the request to its answer, for as long as `work` goes on. */
async function starts(client: HttpClient, work: () => Promise<unknown>) {
  const times: number[] = []
  let goesOn = true
  const lane = async () => {
    while (goesOn) {
      const body = { workflowId: "one-step", input: { n: times.length } }
      times.push((await timed(() => client.ask("/api/v1/workflow-runs", "POST", body))).ms)
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
  const lanes = Array.from({ length: startsAtOnce }, lane)
  const { ms } = await timed(work).finally(() => {
    goesOn = false
  })
  await Promise.all(lanes)
  return { times, ms }
}

/** Beside an empty store, in turn, both as composed for users. */
export async function throughputRows(folder: string, rounds: number, runs: number): Promise<readonly Row[]> {
  const large: number[] = []
  const empty: number[] = []
  await repeat(rounds, async () => {
    large.push(await throughput(runs, folder))
    empty.push(await throughput(runs))
  })
  const what = `3-step runs, ${parallel} in flight`
  const per = large.map((value, index) => value / empty[index]!)
  return [
    { what: `${what}, empty store`, system: waybillLabel, unit: "runs/s", values: empty },
    { what: `${what}, on the history`, system: waybillLabel, unit: "runs/s", values: large },
    { what: "on the history ÷ empty", system: waybillLabel, unit: "×", values: per, goal: { atLeast: 0.8 } },
  ]
}

async function throughput(runs: number, folder?: string): Promise<number> {
  const waybill = await openWaybill({}, folder)
  try {
    const round = () => timed(() => inFlight(runs, parallel, (n) => completeRun(waybill.engine, "three-steps", { n })))
    await round()
    const { ms } = await round()
    return (runs / ms) * 1_000
  } finally {
    await waybill.close()
  }
}
