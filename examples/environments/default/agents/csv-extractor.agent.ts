/** Copies the rows of a CSV of orders, as text, into the run's staging folder, if the file is still the inspected one. */
import { type Agent, AgentError, objectSchema } from "./lib/agent.ts"
import { rawOrders, toLines } from "./lib/orders.ts"
import { readText, sha256, stagingFor, writeText } from "./lib/places.ts"

interface Input {
  readonly source: string
  readonly sha256: string
}

interface Output {
  readonly file: string
  readonly rows: number
}

const agent: Agent<Input, Output> = {
  name: "csv-extractor",
  description: "Copies the rows of an inspected CSV into the run's staging folder.",
  inputSchema: objectSchema({
    source: { type: "string" },
    sha256: { type: "string", description: "The fingerprint taken when the source was inspected" },
  }),
  outputSchema: objectSchema({ file: { type: "string" }, rows: { type: "integer", minimum: 0 } }),

  async run(input, { runId }) {
    const text = await readText(input.source)
    if (sha256(text) !== input.sha256) {
      const detail = `${input.source} is not the file any more that was inspected`
      throw new AgentError("validation_failed", "source_changed", detail)
    }
    const orders = rawOrders(text, input.source)
    const { file } = await writeText(`${stagingFor(runId)}/extracted.jsonl`, toLines(orders))
    return { file, rows: orders.length }
  },
}

export default agent
