/** Looks whether a CSV of orders can be used at all: it exists, has the columns, has rows. Says what is in it. */
import { type Agent, AgentError, objectSchema } from "./lib/agent.ts"
import { ORDER_COLUMNS, rawOrders } from "./lib/orders.ts"
import { readText, sha256 } from "./lib/places.ts"

interface Input {
  readonly source: string
}

interface Output {
  readonly source: string
  readonly rows: number
  readonly columns: readonly string[]
  readonly bytes: number
  readonly sha256: string
}

const agent: Agent<Input, Output> = {
  name: "csv-inspector",
  description: "Checks that a CSV of orders exists, has its columns and is not empty, and takes its fingerprint.",
  inputSchema: objectSchema({ source: { type: "string", description: "A path such as data/orders.csv" } }),
  outputSchema: objectSchema({
    source: { type: "string" },
    rows: { type: "integer", minimum: 1 },
    columns: { type: "array", items: { type: "string" } },
    bytes: { type: "integer" },
    sha256: { type: "string" },
  }),

  async run({ source }, { log }) {
    const text = await readText(source)
    const { length } = rawOrders(text, source)
    if (length === 0) throw new AgentError("validation_failed", "no_rows", `${source} has a header and no rows`)
    log.info(`${source} has ${length} rows`)
    return { source, rows: length, columns: [...ORDER_COLUMNS], bytes: Buffer.byteLength(text), sha256: sha256(text) }
  },
}

export default agent
