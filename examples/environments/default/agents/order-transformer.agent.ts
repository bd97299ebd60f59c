/** Turns extracted rows into typed orders in euro cents; rows that cannot be are put aside with the reason. */
import { type Agent, objectSchema } from "./lib/agent.ts"
import { type Order, RATES_FILE, type RawOrder, readLines, readRates, toLines, toOrder } from "./lib/orders.ts"
import { stagingFor, writeText } from "./lib/places.ts"

interface Input {
  readonly file: string
  readonly rates?: string
}

interface Output {
  readonly file: string
  readonly accepted: number
  readonly rejected: number
  readonly rejected_file: string
  /** Rejected rows by reason. */
  readonly reasons: Readonly<Record<string, number>>
}

const agent: Agent<Input, Output> = {
  name: "order-transformer",
  description: "Converts extracted rows to typed orders in euro and puts aside what cannot be converted, with reasons.",
  inputSchema: objectSchema({ file: { type: "string" }, rates: { type: "string", default: RATES_FILE } }, ["rates"]),
  outputSchema: objectSchema({
    file: { type: "string" },
    accepted: { type: "integer", minimum: 0 },
    rejected: { type: "integer", minimum: 0 },
    rejected_file: { type: "string" },
    reasons: { type: "object", additionalProperties: { type: "integer" } },
  }),

  async run({ file, rates = RATES_FILE }, { runId, log }) {
    const { accepted, rejected } = sorted(await readLines<RawOrder>(file), await readRates(rates))
    const good = await writeText(`${stagingFor(runId)}/transformed.jsonl`, toLines(accepted))
    const bad = await writeText(`${stagingFor(runId)}/rejected.jsonl`, toLines(rejected))
    if (rejected.length > 0) log.warn(`${rejected.length} rows were put aside`, { reasons: counted(rejected) })
    return {
      file: good.file,
      accepted: accepted.length,
      rejected: rejected.length,
      rejected_file: bad.file,
      reasons: counted(rejected),
    }
  },
}

interface Rejected {
  readonly row: number
  readonly reason: string
  readonly order_id: string
}

function sorted(raws: readonly RawOrder[], rates: Awaited<ReturnType<typeof readRates>>) {
  const accepted: Order[] = []
  const rejected: Rejected[] = []
  const seen = new Set<string>()
  for (const [index, raw] of raws.entries()) {
    const order = seen.has(raw.order_id) ? "order id was there before" : toOrder(raw, rates)
    if (typeof order === "string") rejected.push({ row: index + 2, reason: order, order_id: raw.order_id })
    else {
      accepted.push(order)
      seen.add(order.order_id)
    }
  }
  return { accepted, rejected }
}

function counted(rejected: readonly Rejected[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { reason } of rejected) counts[reason] = (counts[reason] ?? 0) + 1
  return counts
}

export default agent
