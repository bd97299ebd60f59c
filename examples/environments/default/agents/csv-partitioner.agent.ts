/** Splits a CSV of orders into three files of equal size in the run's staging folder, one for each branch. */
import { type Agent, objectSchema } from "./lib/agent.ts"
import { formatCsv, parseCsv } from "./lib/csv.ts"
import { readText, stagingFor, writeText } from "./lib/places.ts"

interface Input {
  readonly source: string
}

interface Output {
  readonly rows: number
  readonly part_a: string
  readonly part_b: string
  readonly part_c: string
}

const agent: Agent<Input, Output> = {
  name: "csv-partitioner",
  description: "Splits a CSV into three parts of equal size.",
  inputSchema: objectSchema({ source: { type: "string" } }),
  outputSchema: objectSchema({
    rows: { type: "integer", minimum: 0 },
    part_a: { type: "string" },
    part_b: { type: "string" },
    part_c: { type: "string" },
  }),

  async run({ source }, { runId }) {
    const { columns, rows } = parseCsv(await readText(source))
    const size = Math.ceil(rows.length / 3)
    const write = async (letter: string, index: number) => {
      const part = { columns, rows: rows.slice(index * size, (index + 1) * size) }
      return (await writeText(`${stagingFor(runId)}/part-${letter}.csv`, formatCsv(part))).file
    }
    const [part_a, part_b, part_c] = await Promise.all([write("a", 0), write("b", 1), write("c", 2)])
    return { rows: rows.length, part_a, part_b, part_c }
  },
}

export default agent
