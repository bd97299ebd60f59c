/**
 * From an event's decision to its arrival at a webhook, beside a steady load of which everything is told; and what a dead
 * webhook that is owed everything costs the engine at full speed. The receiver is a process of its own and compares each
 * message's `timestamp` with its clock when it arrives, so that commit, message and sending are all in the time.
 */
import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { setTimeout as delay } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { machineLine } from "./lib/machine.ts"
import { inFlight, percentile, repeat, timed } from "./lib/numbers.ts"
import { benchOptions } from "./lib/options.ts"
import { report } from "./lib/report.ts"
import { completeRun, openWaybill, type Waybill, waybillLabel } from "./lib/waybill.ts"

/** Of every three-step run: it began, three steps, it ended. */
const messagesARun = 5
const runsASecond = 40
const events = ["run.started", "run.completed", "run.failed", "step.completed", "step.failed"]

if (process.env.WAYBILL_BENCH_RECEIVER !== undefined) await receive()
else await bench()

async function bench(): Promise<void> {
  const options = benchOptions()
  console.log(machineLine())
  await arrival(options.scaled(400), options.rounds)
  await besideADeadOne(options.scaled(4_000), options.rounds)
}

async function arrival(runs: number, rounds: number): Promise<void> {
  const waybill = await openWaybill({ webhooksAllow: ["127.0.0.1/32"] })
  const receiver = await openReceiver("answers")
  await tell(waybill, receiver.url)
  await paced(waybill, Math.min(runs, 40))
  await receiver.take(Math.min(runs, 40) * messagesARun)
  const ages = await repeat(rounds, async () => {
    await paced(waybill, runs)
    return receiver.take(runs * messagesARun)
  })
  receiver.close()
  await waybill.close()
  const note = `${runs * messagesARun} messages a round`
  const inTime = (round: readonly number[]) => (round.filter((age) => age < 5_000).length / round.length) * 100
  report(`Event → webhook, beside ${runsASecond} three-step runs a second of which everything is told`, [
    { what: "p50", system: waybillLabel, unit: "ms", values: ages.map((round) => percentile(round, 50)), note },
    { what: "p99", system: waybillLabel, unit: "ms", values: ages.map((round) => percentile(round, 99)) },
    { what: "within 5 s", system: waybillLabel, unit: "%", values: ages.map(inTime), goal: { atLeast: 99 } },
  ])
}

async function besideADeadOne(runs: number, rounds: number): Promise<void> {
  const waybill = await openWaybill({ webhooksAllow: ["127.0.0.1/32"] })
  const speed = async () => {
    const { ms } = await timed(() => inFlight(runs, 200, (n) => completeRun(waybill.engine, "three-steps", { n })))
    return runs / (ms / 1_000)
  }
  await speed()
  const alone = await repeat(rounds, speed)
  const receiver = await openReceiver("hangs")
  await tell(waybill, receiver.url)
  await speed()
  const beside = await repeat(rounds, speed)
  receiver.close()
  await waybill.close()
  report("Three-step runs, 200 in flight, and a webhook that never answers", [
    { what: "without webhooks", system: waybillLabel, unit: "runs/s", values: alone },
    { what: "owing it everything", system: waybillLabel, unit: "runs/s", values: beside },
    {
      what: "what is left of the speed",
      system: waybillLabel,
      unit: "%",
      values: beside.map((value, round) => (value / alone[round]!) * 100),
      goal: { atLeast: 80 },
    },
  ])
}

/** A steady rate: the next is not put off by those before it. */
async function paced(waybill: Waybill, runs: number): Promise<void> {
  const began = performance.now()
  const under: Promise<unknown>[] = []
  for (let n = 0; n < runs; n++) {
    await delay(Math.max(0, began + (n * 1_000) / runsASecond - performance.now()))
    under.push(completeRun(waybill.engine, "three-steps", { n }))
  }
  await Promise.all(under)
}

async function tell(waybill: Waybill, url: string): Promise<void> {
  const answer = await fetch(`${waybill.url}/api/v1/webhooks`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ url, events }),
  })
  if (!answer.ok) throw new Error(await answer.text())
}

interface Receiver {
  readonly url: string
  /** Ages of so many messages, once they are there. */
  take(count: number): Promise<readonly number[]>
  close(): void
}

async function openReceiver(manner: "answers" | "hangs"): Promise<Receiver> {
  const child: ChildProcess = fork(fileURLToPath(import.meta.url), {
    env: { ...process.env, WAYBILL_BENCH_RECEIVER: manner },
  })
  const [url] = (await once(child, "message")) as [string]
  return {
    url,
    async take(count) {
      child.send(count)
      const [ages] = (await once(child, "message")) as [readonly number[]]
      return ages
    },
    close: () => void child.kill(),
  }
}

async function receive(): Promise<void> {
  const seen = new Map<string, number>()
  let wanted: number | null = null
  const give = () => {
    if (wanted === null || seen.size < wanted) return
    process.send!([...seen.values()])
    seen.clear()
    wanted = null
  }
  const server = createServer((request, response) => {
    let body = ""
    request.setEncoding("utf8").on("data", (part: string) => {
      body += part
    })
    request.on("end", () => {
      if (process.env.WAYBILL_BENCH_RECEIVER === "hangs") return
      const { timestamp } = JSON.parse(body) as { readonly timestamp: string }
      seen.set(String(request.headers["webhook-id"]), Date.now() - Date.parse(timestamp))
      response.writeHead(204).end()
      give()
    })
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  process.on("message", (count) => {
    wanted = Number(count)
    give()
  })
  process.send!(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
}
