/** Reads the warehouse again after a load and counts itself: the document must hold exactly what was to be loaded. */
import { type Agent, AgentError, objectSchema } from "./lib/agent.ts"
import { euro, type Order } from "./lib/orders.ts"
import { readText, sha256 } from "./lib/places.ts"

interface Input {
  readonly target: string
  readonly orders: number
  readonly revenue_eur: number
  readonly sha256: string
}

interface Output {
  readonly verified: true
  readonly target: string
  readonly orders: number
  readonly revenue_eur: number
}

const agent: Agent<Input, Output> = {
  name: "load-verifier",
  description: "Reads a loaded document again and compares its content, count and revenue with what was loaded.",
  inputSchema: objectSchema({
    target: { type: "string" },
    orders: { type: "integer" },
    revenue_eur: { type: "number" },
    sha256: { type: "string" },
  }),
  outputSchema: objectSchema({
    verified: { const: true },
    target: { type: "string" },
    orders: { type: "integer" },
    revenue_eur: { type: "number" },
  }),

  async run(expected) {
    const text = await readText(expected.target)
    const { items } = JSON.parse(text) as { items: readonly Order[] }
    const revenue = euro(items.reduce((sum, order) => sum + order.total_cents, 0))
    const differences = [
      items.length === expected.orders ? "" : `${items.length} orders instead of ${expected.orders}`,
      revenue === expected.revenue_eur ? "" : `revenue ${revenue} instead of ${expected.revenue_eur}`,
      sha256(text) === expected.sha256 ? "" : "another content",
    ].filter((difference) => difference !== "")
    if (differences.length > 0) {
      throw new AgentError("validation_failed", "load_differs", `${expected.target}: ${differences.join(", ")}`)
    }
    return { verified: true, target: expected.target, orders: items.length, revenue_eur: revenue }
  },
}

export default agent
