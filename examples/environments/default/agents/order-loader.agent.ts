/** Loads transformed orders into the warehouse: one JSON document, replaced as a whole, so loading twice loads once. */
import { type Agent, objectSchema } from "./lib/agent.ts"
import { euro, type Order, readLines } from "./lib/orders.ts"
import { writeText } from "./lib/places.ts"

interface Input {
  readonly file: string
  readonly target: string
}

interface Output {
  readonly target: string
  readonly orders: number
  readonly revenue_eur: number
  readonly sha256: string
}

const agent: Agent<Input, Output> = {
  name: "order-loader",
  description: "Writes transformed orders as one document into the warehouse, whole or not at all.",
  inputSchema: objectSchema({
    file: { type: "string" },
    target: { type: "string", description: "A path such as warehouse/orders.json" },
  }),
  outputSchema: objectSchema({
    target: { type: "string" },
    orders: { type: "integer", minimum: 0 },
    revenue_eur: { type: "number" },
    sha256: { type: "string" },
  }),

  async run({ file, target }) {
    const orders = await readLines<Order>(file)
    const revenue = euro(orders.reduce((sum, order) => sum + order.total_cents, 0))
    const document = { orders: orders.length, revenue_eur: revenue, items: orders }
    const { sha256 } = await writeText(target, `${JSON.stringify(document, null, 2)}\n`)
    return { target, orders: orders.length, revenue_eur: revenue, sha256 }
  },
}

export default agent
