/** Checks transformed orders against what must hold before they are loaded; anything else than all of it fails the step. */
import { type Agent, AgentError, objectSchema } from "./lib/agent.ts"
import { euro, type Order, readLines } from "./lib/orders.ts"

interface Input {
  readonly file: string
  readonly extracted: number
  readonly rejected: number
  readonly rejected_share_max?: number
}

interface Check {
  readonly name: string
  readonly passed: boolean
  readonly detail: string
}

interface Output {
  readonly valid: true
  readonly orders: number
  readonly revenue_eur: number
  readonly checks: readonly Check[]
}

const REJECTED_SHARE_MAX = 0.05

const agent: Agent<Input, Output> = {
  name: "order-validator",
  description: "Checks that no row got lost, no order is there twice, totals are sound and few rows were rejected.",
  inputSchema: objectSchema(
    {
      file: { type: "string" },
      extracted: { type: "integer", minimum: 0, description: "How many rows were extracted" },
      rejected: { type: "integer", minimum: 0 },
      rejected_share_max: { type: "number", minimum: 0, maximum: 1, default: REJECTED_SHARE_MAX },
    },
    ["rejected_share_max"],
  ),
  outputSchema: objectSchema({
    valid: { const: true },
    orders: { type: "integer" },
    revenue_eur: { type: "number" },
    checks: {
      type: "array",
      items: objectSchema({ name: { type: "string" }, passed: { type: "boolean" }, detail: { type: "string" } }),
    },
  }),

  async run(input) {
    const orders = await readLines<Order>(input.file)
    const checks = check(orders, input)
    const failed = checks.filter(({ passed }) => !passed)
    if (failed.length > 0) {
      const detail = failed.map(({ name, detail }) => `${name}: ${detail}`).join("; ")
      throw new AgentError("validation_failed", "transformation_invalid", detail)
    }
    const cents = orders.reduce((sum, order) => sum + order.total_cents, 0)
    return { valid: true, orders: orders.length, revenue_eur: euro(cents), checks }
  },
}

function check(
  orders: readonly Order[],
  { extracted, rejected, rejected_share_max = REJECTED_SHARE_MAX }: Input,
): Check[] {
  const ids = new Set(orders.map((order) => order.order_id))
  const unsound = orders.filter((order) => !(Number.isSafeInteger(order.total_cents) && order.total_cents >= 0))
  const share = extracted === 0 ? 0 : rejected / extracted
  return [
    {
      name: "no row lost",
      passed: orders.length + rejected === extracted,
      detail: `${orders.length} orders and ${rejected} rejected of ${extracted} rows`,
    },
    { name: "ids unique", passed: ids.size === orders.length, detail: `${ids.size} ids in ${orders.length} orders` },
    { name: "totals sound", passed: unsound.length === 0, detail: `${unsound.length} totals are not whole cents` },
    {
      name: "few rejected",
      passed: share <= rejected_share_max,
      detail: `${(share * 100).toFixed(1)} % rejected, ${(rejected_share_max * 100).toFixed(1)} % allowed`,
    },
  ]
}

export default agent
