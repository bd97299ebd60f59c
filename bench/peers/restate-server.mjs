/**
 * Restate's server: one node, all its ports of loopback, its data in a folder that goes, fsync of its log on, which is its
 * default. Partitions are its unit of work; on two cores 8 were quicker than 2 and than the 24 it begins with.
 */
import { spawn } from "node:child_process"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { endProcess, freePort } from "./processes.mjs"

export const partitions = 8
const healthyMs = 30_000
const registeredMs = 10_000
const answeringMs = 20_000

export async function startServer(program, folder, parked, spawned) {
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
  spawned(server.pid)
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
    if (server.exitCode !== null || server.signalCode !== null)
      throw new Error(`restate-server ended with code ${server.exitCode}`)
    const answered = await fetch(url).catch(() => null)
    await answered?.arrayBuffer()
    if (answered?.ok) return
    await delay(20)
  }
  throw new Error(`restate-server was not healthy within ${healthyMs / 1_000} s: ${url}`)
}

export async function register(admin, uri) {
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

/** Behind a restart it takes a moment until the partitions can be asked. */
export async function countInvocations(admin, where) {
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
