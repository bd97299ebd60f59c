/** DBOS on a PostgreSQL of its own, its workflows in this process, its waits woken by LISTEN and NOTIFY (its default). */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { answer } from "./harness.mjs"
import { childrenOf, versionOf } from "./processes.mjs"

/** Measured here: 10 (its default) leaves connections wanting, 50 is slower on two cores. */
const connections = 20

await answer(fileURLToPath(import.meta.url), async () => {
  const { DBOS } = await import("@dbos-inc/dbos-sdk")
  const { postgresPrograms, startPostgres } = await import("./postgres.mjs")
  const programs = postgresPrograms()
  const workflows = register(DBOS)
  /** @type {Awaited<ReturnType<typeof startPostgres>> | null} */
  let server = null
  const address = (/** @type {string} */ folder) => join(folder, "postgres-url")
  return {
    system: `DBOS ${versionOf("@dbos-inc/dbos-sdk")} on PostgreSQL ${programs.major} (fsync, synchronous_commit on; ${connections} connections)`,
    async prepare(folder) {
      server = await startPostgres(folder, programs, "bench")
      writeFileSync(address(folder), server.url)
    },
    dispose: async () => server?.stop(),
    async open(folder) {
      DBOS.setConfig({
        name: "bench",
        systemDatabaseUrl: readFileSync(address(folder), "utf8"),
        systemDatabasePoolSize: connections,
        logLevel: "error",
        // A hash of the code otherwise; the runs of a killed process belong to the same program.
        applicationVersion: "bench",
      })
      await DBOS.launch()
      return opened(DBOS, workflows, () => server)
    },
  }
})

function register(DBOS) {
  const parked = new Set()
  const steps = async (/** @type {number} */ count) => {
    let n = 0
    for (let step = 0; step < count; step++) {
      const before = n
      n = await DBOS.runStep(async () => before + 1, { name: "add" })
    }
    return n
  }
  const fan = async (/** @type {number} */ count) => {
    const all = Array.from({ length: count }, (_, n) => DBOS.runStep(async () => n + 1, { name: `add-${n}` }))
    return (await Promise.all(all)).reduce((sum, n) => sum + n, 0)
  }
  const gate = async () => {
    parked.add(DBOS.workflowID)
    const n = await DBOS.recv("go", 600)
    return DBOS.runStep(async () => n + 1, { name: "add" })
  }
  return {
    parked,
    steps: DBOS.registerWorkflow(steps, { name: "steps" }),
    fan: DBOS.registerWorkflow(fan, { name: "fan" }),
    gate: DBOS.registerWorkflow(gate, { name: "gate" }),
  }
}

/** @returns {import("./harness.mjs").Opened} */
function opened(DBOS, { parked, steps, fan, gate }, server) {
  const count = async (/** @type {string | string[]} */ status) =>
    (await DBOS.listWorkflows({ status, loadInput: false, loadOutput: false })).length
  return {
    steps: async (count) => (await DBOS.startWorkflow(steps)(count)).getResult(),
    fan: async (count) => (await DBOS.startWorkflow(fan)(count)).getResult(),
    async park(key) {
      const handle = await DBOS.startWorkflow(gate, { workflowID: key })()
      return async () => {
        await DBOS.send(key, 1, "go")
        return handle.getResult()
      }
    },
    parked: () => parked.size,
    // What a dead process left is put on a queue first.
    counts: async () => ({ open: await count(["PENDING", "ENQUEUED"]), failed: await count("ERROR") }),
    // The database server outlives a killed worker.
    pids: ({ own } = { own: false }) => (own || server() === null ? [] : [server().pid, ...childrenOf(server().pid)]),
    close: () => DBOS.shutdown(),
  }
}
