/**
 * One instance ("pod") of the `checkout` service: prices orders over HTTP, takes messages of the rate feed, says how it
 * is at `/healthz` and writes one JSON line per order to its log. Started by the supervisor and ends with it.
 *
 *   POST /checkout  {quantity, unitPrice, currency} → {totalCents}
 *   POST /rates     {currency, rate}                 one message of the feed
 *   GET  /healthz   200 when an order in every currency can be priced, else 503 with the reason
 */
import { performance } from "node:perf_hooks"
import { parseArgs } from "node:util"
import { endWithParent, report } from "./child.mjs"
import { createExchangeRates, UnknownCurrency } from "./exchange-rates.mjs"
import { HttpError, readJson, serve } from "./http.mjs"
import { openRequestLog } from "./request-log.mjs"

const { values: options } = parseArgs({ options: { name: { type: "string" }, log: { type: "string" } } })
if (!options.name || !options.log) throw new Error("usage: pod.mjs --name NAME --log FILE")

const rates = createExchangeRates()
const log = openRequestLog(options.log)

function health() {
  for (const currency of rates.currencies()) {
    try {
      rates.price({ quantity: 1, unitPrice: 10, currency })
    } catch (error) {
      return { status: 503, body: { pod: options.name, status: "failing", reason: error.message } }
    }
  }
  return { body: { pod: options.name, status: "ok" } }
}

function checkout(order) {
  if (!(Number.isInteger(order.quantity) && order.quantity > 0 && order.unitPrice >= 0)) {
    return { status: 400, body: { error: "quantity must be a whole number over 0, unitPrice at least 0" } }
  }
  try {
    return { status: 200, body: { pod: options.name, totalCents: rates.price(order) } }
  } catch (error) {
    return { status: error instanceof UnknownCurrency ? 400 : 500, body: { error: error.message } }
  }
}

function level(status) {
  if (status >= 500) return "error"
  return status >= 400 ? "warn" : "info"
}

async function logged(request, path) {
  const began = performance.now()
  const answer = checkout(await readJson(request))
  log.write({
    ts: new Date().toISOString(),
    level: level(answer.status),
    pod: options.name,
    method: request.method,
    path,
    status: answer.status,
    ms: Math.round((performance.now() - began) * 1000) / 1000,
    ...(answer.body.error === undefined ? {} : { error: answer.body.error }),
  })
  return answer
}

const server = await serve(0, async (request, url) => {
  switch (`${request.method} ${url.pathname}`) {
    case "GET /healthz":
      return health()
    case "POST /checkout":
      return logged(request, url.pathname)
    case "POST /rates":
      rates.apply(await readJson(request))
      return { status: 202, body: { accepted: true } }
    default:
      throw new HttpError(404, `no ${request.method} ${url.pathname} here`)
  }
})

endWithParent(() => server.close())
report({ ready: { port: server.port } })
