/**
 * Production beside a backfill: what do starts of normal runs take, and these runs from start to end, while as much of the
 * past is worked off as the server lets in? One server over HTTP with its settings as they come; a round is half a minute.
 */
import { setTimeout as delay } from "node:timers/promises"
import { machineLine } from "./lib/machine.ts"
import { percentile, timed } from "./lib/numbers.ts"
import { benchOptions } from "./lib/options.ts"
import { report } from "./lib/report.ts"
import { freePort, HttpClient, startProcess } from "./lib/server.ts"
import { freshFolder, removeFolder, waybillLabel } from "./lib/waybill.ts"

const options = benchOptions()
const rounds = Math.min(options.rounds, 2)
const phaseMs = options.scaled(12_000)
const lanes = 4
/** Between two runs of a lane: production as it comes, not as fast as it can. */
const pauseMs = 10
const backfillers = 8
const tooFastMs = 20
const runs = "/api/v1/workflow-runs"

interface Production {
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

console.log(machineLine())
const folder = freshFolder()
const server = await startProcess(folder, await freePort())
const client = new HttpClient(server.url, 64)
try {
  await production(phaseMs / 4)
  const measured: { readonly alone: Production; readonly beside: Production; readonly past: number }[] = []
  for (let round = 0; round < rounds; round++) {
    const alone = await production(phaseMs)
    const past = backfill()
    await delay(phaseMs / 8)
    const beside = await production(phaseMs)
    measured.push({ alone, beside, past: await past.end() })
  }
  show(measured)
} finally {
  client.close()
  await server.stop()
  removeFolder(folder)
}

/** Half of the lanes wait for the ends of their runs, the others only start them. */
async function production(ms: number): Promise<Production> {
  const starts: number[] = []
  const ends: number[] = []
  const until = performance.now() + ms
  const lane = async (number: number) => {
    for (let n = 0; performance.now() < until; n++) {
      if (number % 2 === 0) starts.push((await timed(() => start({ workflowId: "one-step", input: { n } }))).ms)
      else ends.push((await timed(() => client.complete("one-step", { n }))).ms)
      await delay(pauseMs)
    }
  }
  await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)))
  return { starts, ends }
}

function start(body: object): Promise<unknown> {
  return client.ask(runs, "POST", body)
}

/** Starts all that it may until it is ended, and says how many these were. */
function backfill(): { end(): Promise<number> } {
  let goesOn = true
  let begun = 0
  const lane = async () => {
    while (goesOn) {
      const isLetIn = await start({ workflowId: "three-steps", input: { n: begun }, origin: "backfill" }).then(
        () => true,
        (error: Error) => {
          if (error.message.includes("backfill_too_fast")) return false
          throw error
        },
      )
      if (isLetIn) begun++
      else await delay(tooFastMs)
    }
  }
  const all = Promise.all(Array.from({ length: backfillers }, lane))
  return {
    async end() {
      goesOn = false
      await all
      return begun
    },
  }
}

function show(measured: readonly { readonly alone: Production; readonly beside: Production; readonly past: number }[]) {
  const row = (what: string, when: "alone" | "beside", of: keyof Production, p: number) => ({
    what: `${what}, ${when === "alone" ? "alone" : "beside the backfill"}: p${p}`,
    system: waybillLabel,
    unit: "ms",
    values: measured.map((one) => percentile(one[when][of], p)),
  })
  const per = (what: string, of: keyof Production) => ({
    what: `${what}: p99 beside ÷ alone`,
    system: waybillLabel,
    unit: "×",
    values: measured.map(({ alone, beside }) => percentile(beside[of], 99) / percentile(alone[of], 99)),
    goal: { atMost: 2 },
  })
  const past = measured.map((one) => one.past)
  report(`Production beside a backfill of ${past.reduce((sum, count) => sum + count, 0)} three-step runs`, [
    ...([50, 99] as const).flatMap((p) => [
      row("a start", "alone", "starts", p),
      row("a start", "beside", "starts", p),
    ]),
    per("a start", "starts"),
    ...([50, 99] as const).flatMap((p) => [
      row("a one-step run", "alone", "ends", p),
      row("a one-step run", "beside", "ends", p),
    ]),
    per("a one-step run", "ends"),
    { what: "runs of the backfill a round", system: waybillLabel, unit: "runs", values: past },
  ])
}
