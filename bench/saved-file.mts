/** How soon is a saved file live? From the save to the first run that uses the new definition, and the new agent. */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { machineLine } from "./lib/machine.ts"
import { repeat } from "./lib/numbers.ts"
import { benchOptions } from "./lib/options.ts"
import { report } from "./lib/report.ts"
import { completeRun, openWaybill, waybillLabel } from "./lib/waybill.ts"

const options = benchOptions()
const withinMs = 30_000

console.log(machineLine())
const waybill = await openWaybill({ watch: true })
const environment = join(waybill.folder, "environments", "default")
const workflowFile = join(environment, "workflows", "one-step.workflow.json")
const workflow = JSON.parse(readFileSync(workflowFile, "utf8")) as object
const agentFile = join(environment, "agents", "add.agent.js")

await save(0)
const definitions = await repeat(options.rounds, (round) => save(round + 1))
const agents = await repeat(options.rounds, (round) => saveAgent(round + 1))
await waybill.close()

report("A saved file is live (`watch`; what is saved is waited for 100 ms, rule 35)", [
  { what: "workflow saved → a run uses it", system: waybillLabel, unit: "ms", values: definitions },
  { what: "code agent saved → a run uses it", system: waybillLabel, unit: "ms", values: agents },
])

function save(round: number): Promise<number> {
  return untilLive(
    () => writeFileSync(workflowFile, JSON.stringify({ ...workflow, version: `1.${round}` })),
    async (runId) => (await waybill.engine.queries.run(runId))?.workflowVersion === `1.${round}`,
  )
}

function saveAgent(round: number): Promise<number> {
  const brought = 1_000 * round
  return untilLive(
    () => writeFileSync(agentFile, `export default { name: "add", run: async ({ n }) => ({ n: n + ${brought} }) }\n`),
    async (runId) => {
      const [succeeded] = await waybill.engine.queries.events(runId, { after: 0, types: ["step.succeeded"], limit: 1 })
      return succeeded?.payload?.includes(`{"n":${brought}}`) ?? false
    },
  )
}

async function untilLive(change: () => void, isLive: (runId: string) => Promise<boolean>): Promise<number> {
  const at = performance.now()
  change()
  for (;;) {
    if (await isLive(await completeRun(waybill.engine, "one-step", { n: 0 }))) return performance.now() - at
    if (performance.now() - at > withinMs) throw new Error(`what was saved is not live after ${withinMs} ms`)
  }
}
