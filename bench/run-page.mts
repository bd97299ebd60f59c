/**
 * What a run page asks of a long run, over HTTP, and what that takes from the engine's thread meanwhile: why it failed,
 * its timeline, a page of steps, its context now and in the middle.
 */
import { monitorEventLoopDelay } from "node:perf_hooks"
import { machineLine } from "./lib/machine.ts"
import { repeat, timed } from "./lib/numbers.ts"
import { benchOptions } from "./lib/options.ts"
import { type Row, report } from "./lib/report.ts"
import { actor, openWaybill, startRun, waybillLabel } from "./lib/waybill.ts"

const options = benchOptions()
const items = options.scaled(10_000)

/** One step an item, then a branch in which the last one fails. */
const failing = {
  id: "long-and-failing",
  version: "1",
  name: "Many items, then a failure",
  states: [
    {
      name: "each",
      type: "foreach",
      itemsPath: "ctx.items",
      itemName: "item",
      maxConcurrency: 1_000,
      iterator: {
        states: [
          {
            name: "work",
            type: "operation",
            action: "agent.run",
            input: { agent: "add", variables: { n: "{{ item }}" } },
            resultPath: "steps.work",
          },
        ],
      },
      resultPath: "steps.each",
      next: "both",
    },
    {
      name: "both",
      type: "parallel",
      branches: [{ name: "a", states: [{ name: "no", type: "raise", error: { type: "out_of_luck", title: "No" } }] }],
    },
  ],
}

console.log(machineLine())
const waybill = await openWaybill()
const { engine, url } = waybill
const saved = await engine.definitions.save(
  actor,
  {
    environment: "default",
    workflowId: null,
    text: JSON.stringify(failing),
    format: "json",
    expectNew: true,
    note: null,
  },
  null,
)
if (!saved.ok) throw new Error(JSON.stringify(saved.rejection))

const settled = async (workflowId: string, input: object): Promise<string> => {
  const runId = await startRun(engine, workflowId, input as never)
  await engine.runs.settled(runId, 600_000)
  return runId
}
await settled("long-and-failing", { items: [1] })
const failed = await settled("long-and-failing", { items: Array.from({ length: items }, (_, index) => index) })
const chained = await settled("ten-thousand-rounds", { n: 0 })

const rows: Row[] = []
async function measure(what: string, path: string, atMost: number): Promise<void> {
  const get = () =>
    timed(async () => {
      const response = await fetch(`${url}/api/v1/workflow-runs/${path}`)
      const text = await response.text()
      if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`)
      return text.length
    })
  await get()
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const times = await repeat(options.rounds * 4, get)
  delay.disable()
  const note = `${Math.round(times[0]!.value / 1_024)} KiB, thread held ≤ ${(delay.max / 1e6).toFixed(1)} ms`
  rows.push({ what, system: waybillLabel, unit: "ms", values: times.map(({ ms }) => ms), goal: { atMost }, note })
}

const middle = Math.floor(((await engine.queries.run(chained))?.seq ?? 2) / 2)
await measure(`why a run of ${items} items failed`, `${failed}/why`, 50)
await measure("the run itself", failed, 50)
await measure("its timeline", `${failed}/timeline`, 100)
await measure("a page of 200 steps", `${failed}/steps?limit=200`, 100)
await measure("its context now", `${failed}/context`, 100)
await measure("10,000 rounds: timeline", `${chained}/timeline`, 100)
await measure("10,000 rounds: context now", `${chained}/context`, 100)
await measure("10,000 rounds: context in the middle", `${chained}/context?at=${middle}`, 100)
await waybill.close()
report("A run page on a long run", rows)
