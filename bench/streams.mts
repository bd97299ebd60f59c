/**
 * From an event's decision to its arrival at an SSE client, under the throughput load. The client is a process of its
 * own: it follows one probe run after another, and compares each event's `at` with the clock when it arrives, so that
 * the commit is in the time. `at` has whole milliseconds.
 */
import { fork } from "node:child_process"
import { request } from "node:http"
import { fileURLToPath } from "node:url"
import { machineLine } from "./lib/machine.ts"
import { inFlight, percentile, repeat } from "./lib/numbers.ts"
import { benchOptions } from "./lib/options.ts"
import { report } from "./lib/report.ts"
import { completeRun, openWaybill, waybillLabel } from "./lib/waybill.ts"

const probeUrl = process.env.WAYBILL_BENCH_PROBE
if (probeUrl === undefined) await bench()
else await probe(probeUrl)

async function bench(): Promise<void> {
  const options = benchOptions()
  console.log(machineLine())
  const waybill = await openWaybill()
  let loading = true
  let completed = 0
  const load = inFlight(10_000_000, 200, async (n) => {
    if (!loading) return
    await completeRun(waybill.engine, "three-steps", { n })
    completed++
  })
  await fromProbe(waybill.url, options.scaled(50))
  const at = performance.now()
  const before = completed
  const rounds = await repeat(options.rounds, () => fromProbe(waybill.url, options.scaled(200)))
  const perSecond = ((completed - before) / (performance.now() - at)) * 1_000
  loading = false
  await load
  await waybill.close()
  const note = `${rounds.map(({ length }) => length).join(", ")} events`
  report(`Event → SSE client, beside ${Math.round(perSecond)} three-step runs a second`, [
    { what: "p50", system: waybillLabel, unit: "ms", values: rounds.map((ages) => percentile(ages, 50)), note },
    {
      what: "p99",
      system: waybillLabel,
      unit: "ms",
      values: rounds.map((ages) => percentile(ages, 99)),
      goal: { atMost: 50 },
    },
  ])
}

/** Ages in milliseconds of all events of `runs` runs. */
function fromProbe(url: string, runs: number): Promise<readonly number[]> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [String(runs)], {
      env: { ...process.env, WAYBILL_BENCH_PROBE: url },
    })
    let ages: readonly number[] | null = null
    child.on("message", (message) => {
      ages = message as readonly number[]
    })
    child.on("close", (code) =>
      code === 0 && ages !== null ? resolve(ages) : reject(new Error(`the probe ended with ${code}`)),
    )
  })
}

/** Runs are started paused: the stream is open before anything happens, so that every event has only its own way. */
async function probe(url: string): Promise<void> {
  const ages: number[] = []
  const runs = `${url}/api/v1/workflow-runs`
  for (let run = Number(process.argv[2]); run > 0; run--) {
    const started = await post(runs, { workflowId: "three-steps", input: { n: run }, startPaused: true })
    const { runId } = JSON.parse(started) as { readonly runId: string }
    await follow(`${runs}/${runId}/stream`, {
      opened: () => post(`${runs}/${runId}/resume`, {}),
      live: (at) => ages.push(Date.now() - at),
    })
  }
  process.send!(ages)
  process.disconnect()
}

async function post(url: string, body: object): Promise<string> {
  const headers = { "content-type": "application/json" }
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${text}`)
  return text
}

interface Following {
  /** What had happened before is here. */
  opened(): Promise<unknown>
  live(at: number): void
}

function follow(url: string, { opened, live }: Following): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent: false }, (answer) => {
      let rest = ""
      let isLive = false
      answer.setEncoding("utf8").on("data", (text: string) => {
        rest += text
        const frames = rest.split("\n\n")
        rest = frames.pop()!
        for (const frame of frames) {
          const at = /"at":"([^"]+)"/.exec(frame)?.[1]
          if (at === undefined) continue
          if (isLive) live(Date.parse(at))
          else if (frame.includes("event: run.paused")) {
            isLive = true
            opened().catch(reject)
          }
        }
      })
      answer.on("end", () => resolve())
      answer.on("error", reject)
    })
    sent.on("error", reject)
    sent.end()
  })
}
