/**
 * Restate: its server (one node, fsync of its log on, which is its default), its service in this process. Partitions are
 * its unit of work; on two cores 8 were quicker than 2 and than the 24 it begins with.
 */
import { spawn } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { createServer } from "node:http2"
import { createRequire } from "node:module"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { answer } from "./harness.mjs"
import { endProcess, freePort, versionOf } from "./processes.mjs"

const partitions = 8
const healthyMs = 30_000
const registeredMs = 10_000
const answeringMs = 20_000

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
    async open(folder, { parked = 0 }) {
      const server = await startServer(program, folder, parked)
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

async function startServer(program, folder, parked) {
  const [node, ingress, admin] = await Promise.all([freePort(), freePort(), freePort()])
  const base = join(folder, "restate")
  mkdirSync(base, { recursive: true })
  const env = {
    RUST_LOG: "error",
    RESTATE_BASE_DIR: base,
    RESTATE_NODE_NAME: "bench",
    RESTATE_CLUSTER_NAME: "bench",
    RESTATE_BIND_IP: "127.0.0.1",
    RESTATE_BIND_PORT: String(node),
    RESTATE_ADVERTISED_ADDRESS: `http://127.0.0.1:${node}`,
    RESTATE_INGRESS__BIND_PORT: String(ingress),
    RESTATE_ADMIN__BIND_PORT: String(admin),
    RESTATE_DEFAULT_NUM_PARTITIONS: String(partitions),
    RESTATE_LOG_SERVER__ROCKSDB_DISABLE_WAL_FSYNC: "false",
    // Runs that wait keep their slot until they are inactive; with too few slots the others would wait for that.
    RESTATE_WORKER__INVOKER__CONCURRENT_INVOCATIONS_LIMIT: String(Math.max(1_000, 2 * parked)),
    RESTATE_DISABLE_TELEMETRY: "true",
    DO_NOT_TRACK: "1",
  }
  const server = spawn(program, ["--no-logo", "--listen-mode", "tcp"], {
    cwd: base,
    stdio: "ignore",
    env: { ...process.env, ...env },
  })
  const at = (/** @type {number} */ port) => `http://127.0.0.1:${port}`
  const stop = () => endProcess(server, "SIGTERM")
  try {
    await healthy(`${at(admin)}/health`, server)
    await healthy(`${at(ingress)}/restate/health`, server)
  } catch (error) {
    await stop()
    throw error
  }
  return { pid: /** @type {number} */ (server.pid), admin: at(admin), ingress: at(ingress), stop }
}

async function healthy(url, server) {
  const until = performance.now() + healthyMs
  while (performance.now() < until) {
    if (server.exitCode !== null) throw new Error(`restate-server ended with code ${server.exitCode}`)
    const answered = await fetch(url).catch(() => null)
    await answered?.arrayBuffer()
    if (answered?.ok) return
    await delay(20)
  }
  throw new Error(`restate-server was not healthy within ${healthyMs / 1_000} s: ${url}`)
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

async function register(admin, uri) {
  const until = performance.now() + registeredMs
  const headers = { "content-type": "application/json" }
  for (;;) {
    const body = JSON.stringify({ uri, force: true })
    const asked = await fetch(`${admin}/deployments`, { method: "POST", headers, body })
    const said = await asked.text()
    if (asked.ok) return
    if (performance.now() > until) throw new Error(`registering the service: ${asked.status} ${said}`)
    await delay(50)
  }
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

/** Behind a restart it takes a moment until the partitions can be asked. */
async function countInvocations(admin, where) {
  const query = `SELECT count(*) AS n FROM sys_invocation WHERE ${where}`
  const headers = { "content-type": "application/json", accept: "application/json" }
  const until = performance.now() + answeringMs
  for (;;) {
    const asked = await fetch(`${admin}/query`, { method: "POST", headers, body: JSON.stringify({ query }) })
    if (asked.ok) return (await asked.json()).rows[0].n
    const said = await asked.text()
    if (performance.now() > until) throw new Error(`asking for its runs: ${asked.status} ${said}`)
    await delay(20)
  }
}
