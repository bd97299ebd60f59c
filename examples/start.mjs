/**
 * Starts the example's processes — the service and the webhook receiver — and tells agents where they are, by a file
 * `service.json` in the example's directory. `npm start` does this before it starts Waybill; `node examples/start.mjs`
 * does it alone. Everything started here ends with whoever started it, even when that one is killed.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { fileURLToPath, pathToFileURL } from "node:url"
import { startChild, stopChild } from "./service/child.mjs"

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

/** Where agents look when the variable `EXAMPLE_STATE_FILE` names no other file. */
export const DEFAULT_DIRECTORY = here("./.runtime")

export async function startExample({
  directory = DEFAULT_DIRECTORY,
  log = console.log,
  ordersPerSecond = 30,
  malformedAfter = 45,
} = {}) {
  const root = resolve(directory)
  mkdirSync(root, { recursive: true })
  const serviceArgs = ["--orders-per-second", String(ordersPerSecond), "--malformed-after", String(malformedAfter)]
  const children = await startAll(
    [
      { name: "service", module: here("./service/supervisor.mjs"), args: ["--directory", root, ...serviceArgs] },
      { name: "receiver", module: here("./receiver/receiver.mjs"), args: ["--directory", root] },
    ],
    log,
  )
  const { service, receiver } = children
  const { url, front, namespace, service: serviceName } = service.ready

  const stateFile = join(root, "service.json")
  const state = { service: url, receiver: receiver.ready.url, front, namespace, pid: process.pid }
  writeFileSync(`${stateFile}.tmp`, `${JSON.stringify(state, null, 2)}\n`)
  renameSync(`${stateFile}.tmp`, stateFile)

  const measure = async ({ since = Date.now() - 10_000 } = {}) => {
    const path = `/namespaces/${namespace}/services/${serviceName}/traffic?since=${Number(since)}`
    const response = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(5_000) })
    if (!response.ok) throw new Error(`the example's service answered ${response.status}`)
    return response.json()
  }

  return {
    service: url,
    receiver: receiver.ready.url,
    front,
    directory: root,
    stateFile,
    input: { namespace, service: serviceName },
    pids: { service: service.child.pid, receiver: receiver.child.pid },
    measure,
    async untilFailing({ errorRate = 0.05, timeoutMs = 30_000 } = {}) {
      const deadline = Date.now() + timeoutMs
      for (;;) {
        const seen = await measure()
        // Well over the threshold, so that whoever looks a moment later still sees it.
        if (seen.errorRate > 1.5 * errorRate) return seen
        if (Date.now() > deadline) throw new Error(`the service did not fail within ${timeoutMs} ms`)
        await delay(200)
      }
    },
    async stop() {
      await Promise.all([stopChild(service.child), stopChild(receiver.child)])
      if (ownedHere(stateFile, url)) rmSync(stateFile, { force: true })
    },
  }
}

/** All or none: when one does not start, those that did are ended. */
async function startAll(wanted, log) {
  const results = await Promise.allSettled(
    wanted.map(({ name, module, args }) => startChild(module, args, { onLog: (text) => log(`[${name}] ${text}`) })),
  )
  const failed = results.find((result) => result.status === "rejected")
  if (failed) {
    await Promise.all(results.flatMap((result) => (result.status === "fulfilled" ? stopChild(result.value.child) : [])))
    throw failed.reason
  }
  return Object.fromEntries(wanted.map(({ name }, index) => [name, results[index].value]))
}

function ownedHere(stateFile, url) {
  try {
    return JSON.parse(readFileSync(stateFile, "utf8")).service === url
  } catch {
    return false
  }
}

async function main() {
  const example = await startExample()
  console.log(`service   ${example.service}  (customers call ${example.front})`)
  console.log(`receiver  ${example.receiver}/messages`)
  console.log(`agents find both by ${example.stateFile}; Ctrl-C ends them`)
  const { errorRate } = await example.untilFailing()
  console.log(`a pod is failing: ${(errorRate * 100).toFixed(1)} % of the orders get an error`)
  process.once("SIGINT", () => example.stop().then(() => process.exit(0)))
  process.once("SIGTERM", () => example.stop().then(() => process.exit(0)))
}

if (process.argv[1]?.endsWith("start.mjs") && import.meta.url === pathToFileURL(process.argv[1]).href) await main()
