/**
 * Summarizes a CSV of orders: `fast` looks at the first fifty rows, `standard` at all, `thorough` at all and also for
 * orders that somebody should look at: told twice, or with a total far from the others of the same article.
 */
import { type Agent, objectSchema } from "./lib/agent.ts"
import { type Order, RATES_FILE, rawOrders, readRates, toOrder } from "./lib/orders.ts"
import { readText } from "./lib/places.ts"
import { SUMMARY_PROPERTIES, type Summary, summarize } from "./lib/summary.ts"

const MODES = ["fast", "standard", "thorough"] as const
const FAST_ROWS = 50
const FAR = 20

interface Input {
  readonly source: string
  readonly mode?: (typeof MODES)[number]
}

interface Output extends Summary {
  readonly source: string
  readonly mode: (typeof MODES)[number]
}

const agent: Agent<Input, Output> = {
  name: "order-summarizer",
  description: "Counts orders, revenue and countries of a CSV of orders; the mode says how closely it looks.",
  inputSchema: objectSchema({ source: { type: "string" }, mode: { enum: MODES, default: "standard" } }, ["mode"]),
  outputSchema: objectSchema({ source: { type: "string" }, mode: { enum: MODES }, ...SUMMARY_PROPERTIES }),

  async run({ source, mode = "standard" }, { log }) {
    const all = rawOrders(await readText(source), source)
    const rows = mode === "fast" ? all.slice(0, FAST_ROWS) : all
    const rates = await readRates(RATES_FILE)
    const orders = rows.map((row) => toOrder(row, rates)).filter((order): order is Order => typeof order !== "string")
    const summary = summarize(orders, rows.length, mode === "thorough" ? remarkable(orders) : [])
    log.info(`${summary.orders} orders, ${summary.revenue_eur.toFixed(2)} EUR`)
    return { source, mode, ...summary }
  },
}

function remarkable(orders: readonly Order[]): Summary["flagged"] {
  const seen = new Set<string>()
  const typical = typicalTotals(orders)
  return orders.flatMap((order) => {
    const reasons = [
      seen.has(order.order_id) ? "order id was there before" : "",
      order.total_cents > FAR * (typical.get(order.sku) ?? 0)
        ? `over ${FAR} times what ${order.sku} usually makes`
        : "",
    ].filter((reason) => reason !== "")
    seen.add(order.order_id)
    return reasons.map((reason) => ({ order_id: order.order_id, reason }))
  })
}

/** The median total of each article's orders, in cents. */
function typicalTotals(orders: readonly Order[]): ReadonlyMap<string, number> {
  const totals = new Map<string, number[]>()
  for (const { sku, total_cents } of orders) {
    const own = totals.get(sku)
    if (own) own.push(total_cents)
    else totals.set(sku, [total_cents])
  }
  return new Map([...totals].map(([sku, own]) => [sku, own.sort((a, b) => a - b)[Math.floor(own.length / 2)] ?? 0]))
}

export default agent
