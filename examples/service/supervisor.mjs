/**
 * The example's small cluster: three pods of the service `checkout` in the namespace `shop`, a front that customers
 * call, the customers, and the rate feed whose one malformed message makes a pod fail. It keeps processes running and
 * restarts them when asked; it never decides that one is unhealthy: that is for whoever asks the pods themselves.
 *
 *   GET  /healthz
 *   GET  /namespaces/:namespace/pods[?service=]               name, pid, url, log file and restarts of each pod
 *   POST /namespaces/:namespace/pods/:pod/restart             a new process; the same `idempotency-key`, the same answer
 *   GET  /restarts?key=                                       restarts made under an idempotency key
 *   GET  /namespaces/:namespace/services/:service/traffic?since=   what customers saw since then (ms)
 *   POST /namespaces/:namespace/services/:service/rates       one more message on the rate feed {currency, rate}
 */
import { mkdirSync, rmSync } from "node:fs"
import { join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { endWithParent, report } from "./child.mjs"
import { openFront } from "./front.mjs"
import { HttpError, readJson, serve } from "./http.mjs"
import { PodProcess } from "./pod-process.mjs"
import { createRateFeed } from "./rate-feed.mjs"
import { startTraffic } from "./traffic.mjs"

const NAMESPACE = "shop"
const SERVICE = "checkout"
const PODS = 3
const RESTARTS_MAX = 1_000

const { values: options } = parseArgs({
  options: {
    directory: { type: "string" },
    port: { type: "string", default: "0" },
    "orders-per-second": { type: "string", default: "30" },
    "malformed-after": { type: "string", default: "45" },
  },
})
if (!options.directory) throw new Error("usage: supervisor.mjs --directory DIR [--port N] [--orders-per-second N]")
const perSecond = Math.min(40, Math.max(1, Number(options["orders-per-second"])))
const malformedAfter = Number(options["malformed-after"])
const log = (text) => report({ log: text })

const logs = resolve(options.directory, "logs")
rmSync(logs, { recursive: true, force: true })
mkdirSync(logs, { recursive: true })

const pods = Array.from({ length: PODS }, (_, index) => {
  const name = `${SERVICE}-${index + 1}`
  return new PodProcess({ namespace: NAMESPACE, service: SERVICE, name, logFile: join(logs, `${name}.log`), log })
})
const podUrls = () => pods.flatMap((pod) => pod.url ?? [])
await Promise.all(pods.map((pod) => pod.start()))

const front = await openFront(podUrls)
const feed = createRateFeed(podUrls, malformedAfter, log)
const traffic = startTraffic(front.url, { perSecond, onOrder: feed.onOrder })
const restarts = []

function podsOf(namespace, service) {
  if (namespace !== NAMESPACE) throw new HttpError(404, `no namespace ${namespace}; there is ${NAMESPACE}`)
  if (service !== null && service !== SERVICE) throw new HttpError(404, `no service ${service}; there is ${SERVICE}`)
  return pods
}

async function restart(namespace, podName, key) {
  const pod = podsOf(namespace, null).find((candidate) => candidate.name === podName)
  if (!pod) throw new HttpError(404, `no pod ${podName} in ${namespace}`)
  const before = restarts.find((record) => record.key !== null && record.key === key && record.pod === podName)
  // The first request with a key is remembered before it is done: a second that comes meanwhile awaits the same restart.
  const record = before ?? { key, pod: podName, at: new Date().toISOString(), done: pod.restart() }
  if (!before) {
    restarts.push(record)
    if (restarts.length > RESTARTS_MAX) restarts.shift()
  }
  return { pod: record.pod, at: record.at, ...(await record.done) }
}

async function handle(request, url) {
  const [, first, namespace, kind, name, verb] = url.pathname.split("/").map(decodeURIComponent)
  const route = `${request.method} ${[first, kind, verb].filter(Boolean).join("/")}`
  switch (route) {
    case "GET healthz":
      return { body: { status: "ok", orders: front.total() } }
    case "GET restarts":
      return { body: { restarts: await restartsUnder(url.searchParams.get("key")) } }
    case "GET namespaces/pods":
      return { body: { pods: podsOf(namespace, url.searchParams.get("service")).map((pod) => pod.describe()) } }
    case "POST namespaces/pods/restart":
      await readJson(request)
      return { body: await restart(namespace, name, request.headers["idempotency-key"] ?? null) }
    case "GET namespaces/services/traffic":
      podsOf(namespace, name)
      return { body: front.measure(Number(url.searchParams.get("since") ?? 0)) }
    case "POST namespaces/services/rates":
      podsOf(namespace, name)
      return { status: 202, body: { delivered: await feed.publish(await readJson(request)) } }
    default:
      throw new HttpError(404, `no ${request.method} ${url.pathname} here`)
  }
}

async function restartsUnder(key) {
  const found = restarts.filter((record) => key !== null && record.key === key)
  return Promise.all(found.map(async (record) => ({ pod: record.pod, at: record.at, ...(await record.done) })))
}

const api = await serve(Number(options.port), handle)
endWithParent(async () => {
  traffic.stop()
  await Promise.all([api.close(), front.close(), ...pods.map((pod) => pod.stop())])
})
report({ ready: { url: api.url, front: front.url, namespace: NAMESPACE, service: SERVICE } })
