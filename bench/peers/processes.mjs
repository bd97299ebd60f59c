/** What the peers' servers need of the machine: a port that nobody has, and an end that comes. */
import { readFileSync } from "node:fs"
import { createServer } from "node:net"
import { setTimeout as delay } from "node:timers/promises"

const graceMs = 5_000

/** @returns {Promise<number>} a port of the loopback interface that nobody listens on now */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on("error", reject)
    probe.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (probe.address())
      probe.close(() => resolve(port))
    })
  })
}

/** Gone when it resolves. @param {import("node:child_process").ChildProcess} server @param {NodeJS.Signals} signal */
export async function endProcess(server, signal) {
  if (server.exitCode !== null || server.signalCode !== null) return
  const gone = new Promise((resolve) => server.once("exit", resolve))
  server.kill(signal)
  const late = new AbortController()
  const killed = delay(graceMs, undefined, { signal: late.signal }).then(
    () => server.kill("SIGKILL"),
    () => {},
  )
  await gone
  late.abort()
  await killed
}

/** @param {number} pid */
export function childrenOf(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number)
}

/** The version in a package's own file. @param {string} name */
export function versionOf(name) {
  return JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), "utf8")).version
}
