/**
 * OpenWorkflow on SQLite, its worker in this process with a slot for each run in flight. Its worker polls at intervals
 * that cannot be set; its client asks once a second whether a run has ended, so here the run's own function says when it
 * comes to its end, and only then the store is asked until the end is there.
 */
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { answer } from "./harness.mjs"
import { provideNodeSqlite } from "./node-sqlite.mjs"
import { versionOf } from "./processes.mjs"

await answer(fileURLToPath(import.meta.url), async () => {
  const sqlite = provideNodeSqlite()
  const { OpenWorkflow } = await import("openworkflow")
  const { BackendSqlite } = await import("openworkflow/sqlite")
  return {
    system: `OpenWorkflow ${versionOf("openworkflow")} on ${sqlite} (WAL, synchronous=FULL; its polling, 0.05 to 1 s, as it is)`,
    async open(folder, { parallel }) {
      const backend = BackendSqlite.connect(join(folder, "openworkflow.db"))
      const client = new OpenWorkflow({ backend })
      const workflows = define(client)
      const worker = client.newWorker({ concurrency: parallel })
      await worker.start()
      return opened({ backend, client, worker, workflows })
    },
  }
})

function define(client) {
  const parked = new Set()
  /** @type {Map<string, () => void>} */
  const ending = new Map()
  const saysWhenItEnds = (work) => async (context) => {
    const result = await work(context)
    ending.get(context.input.key)?.()
    return result
  }
  const steps = async ({ input, step }) => {
    let n = 0
    for (let index = 0; index < input.count; index++) {
      const before = n
      n = await step.run({ name: `add-${index}` }, async () => before + 1)
    }
    return n
  }
  const fan = async ({ input, step }) => {
    const all = Array.from({ length: input.count }, (_, n) => step.run({ name: `add-${n}` }, async () => n + 1))
    return (await Promise.all(all)).reduce((sum, n) => sum + n, 0)
  }
  const gate = async ({ input, step }) => {
    parked.add(input.key)
    const { data } = await step.waitForSignal({ name: "go", signal: input.key, timeout: "1h" })
    return step.run({ name: "add" }, async () => data + 1)
  }
  return {
    parked,
    ending,
    steps: client.defineWorkflow({ name: "steps" }, saysWhenItEnds(steps)),
    fan: client.defineWorkflow({ name: "fan" }, saysWhenItEnds(fan)),
    gate: client.defineWorkflow({ name: "gate" }, saysWhenItEnds(gate)),
  }
}

/** @returns {import("./harness.mjs").Opened} */
function opened({ backend, client, worker, workflows: { parked, ending, steps, fan, gate } }) {
  let keys = 0
  const start = async (workflow, input) => {
    const key = input.key ?? `run-${keys++}`
    const ended = new Promise((resolve) => ending.set(key, () => resolve(undefined)))
    const handle = await workflow.run({ ...input, key })
    return async () => {
      await ended
      ending.delete(key)
      return result(backend, handle.workflowRun.id)
    }
  }
  return {
    steps: async (count) => (await start(steps, { count }))(),
    fan: async (count) => (await start(fan, { count }))(),
    async park(key) {
      const ended = await start(gate, { key })
      return async () => {
        // A signal that nobody waits for yet is dropped.
        while ((await client.sendSignal({ signal: key, data: 1 })).workflowRunIds.length === 0) await delay(20)
        return ended()
      }
    },
    parked: () => parked.size,
    async counts() {
      const { pending, running, failed } = await backend.countWorkflowRuns()
      return { open: pending + running, failed }
    },
    pids: () => [],
    async close() {
      await worker.stop()
      await backend.stop()
    },
  }
}

async function result(backend, workflowRunId) {
  for (;;) {
    const run = await backend.getWorkflowRun({ workflowRunId })
    if (run.status === "completed") return run.output
    if (run.status !== "running" && run.status !== "pending") throw new Error(`a run is ${run.status}`)
    await delay(1)
  }
}
