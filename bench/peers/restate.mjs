/** Restate: its server as a process beside, its service and its client in this one. */
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { createServer } from "node:http2"
import { createRequire } from "node:module"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { answer } from "./harness.mjs"
import { freePort, versionOf } from "./processes.mjs"
import { countInvocations, partitions, register, startServer } from "./restate-server.mjs"

// Its SDK asks for Node 22's; the same in words that Node 20 knows.
Promise.withResolvers ??= () => {
  const made = {}
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }))
  return made
}

await answer(fileURLToPath(import.meta.url), async () => {
  const restate = await import("@restatedev/restate-sdk")
  const clients = await import("@restatedev/restate-sdk-clients")
  const places = `@restatedev/restate-server-${process.platform}-${process.arch}/bin/restate-server`
  const program = createRequire(import.meta.url).resolve(places)
  const services = define(restate)
  return {
    system: `Restate ${versionOf("@restatedev/restate-server")} (one node, its log on fsync; ${partitions} partitions)`,
    async open(folder, { parked = 0 }, spawned) {
      const server = await startServer(program, folder, parked, spawned)
      try {
        await register(server.admin, await serve(restate, services, folder))
        return opened(clients.connect({ url: server.ingress }), services, server)
      } catch (error) {
        await server.stop()
        throw error
      }
    },
  }
})

function define(restate) {
  const parked = new Set()
  const steps = async (ctx, count) => {
    let n = 0
    for (let step = 0; step < count; step++) {
      const before = n
      n = await ctx.run("add", async () => before + 1)
    }
    return n
  }
  const fan = async (ctx, count) => {
    const all = Array.from({ length: count }, (_, n) => ctx.run(`add-${n}`, async () => n + 1))
    return (await restate.RestatePromise.all(all)).reduce((sum, n) => sum + n, 0)
  }
  const run = async (ctx) => {
    parked.add(ctx.key)
    const n = await ctx.promise("go")
    return ctx.run("add", async () => n + 1)
  }
  const go = async (ctx) => ctx.promise("go").resolve(1)
  return {
    parked,
    bench: restate.service({ name: "bench", handlers: { steps, fan } }),
    gate: restate.workflow({ name: "gate", handlers: { run, go } }),
  }
}

/**
 * On loopback only, where its own `listen` would take every interface; at the address of the process that was killed, to
 * which its runs are pinned.
 */
async function serve(restate, { bench, gate }, folder) {
  const endpoint = restate.endpoint().setLogger(() => {})
  const server = createServer(endpoint.bind(bench).bind(gate).http2Handler())
  const remembered = join(folder, "service-port")
  if (!existsSync(remembered)) writeFileSync(remembered, String(await freePort()))
  const port = Number(readFileSync(remembered, "utf8"))
  await new Promise((resolve, reject) => server.on("error", reject).listen(port, "127.0.0.1", () => resolve(undefined)))
  return `http://127.0.0.1:${port}`
}

/** @returns {import("./harness.mjs").Opened} */
function opened(client, { parked, bench, gate }, server) {
  const service = client.serviceClient(bench)
  const count = (/** @type {string} */ where) => countInvocations(server.admin, where)
  return {
    steps: (count) => service.steps(count),
    fan: (count) => service.fan(count),
    async park(key) {
      const workflow = client.workflowClient(gate, key)
      await workflow.workflowSubmit()
      return async () => {
        await workflow.go()
        return workflow.workflowAttach()
      }
    },
    parked: () => parked.size,
    async counts() {
      const open = await count("status <> 'completed'")
      const failed = await count("status = 'completed' AND completion_result = 'failure'")
      return { open, failed }
    },
    pids: () => [server.pid],
    close: () => server.stop(),
  }
}
