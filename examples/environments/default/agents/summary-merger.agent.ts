/** Adds up the summaries of parts to the summary of the whole. */
import { type Agent, objectSchema } from "./lib/agent.ts"
import { merge, SUMMARY_PROPERTIES, type Summary } from "./lib/summary.ts"

interface Input {
  readonly parts: readonly Summary[]
}

const agent: Agent<Input, Summary> = {
  name: "summary-merger",
  description: "Adds up summaries of parts.",
  inputSchema: objectSchema({
    parts: {
      type: "array",
      minItems: 1,
      items: { type: "object", properties: SUMMARY_PROPERTIES, required: Object.keys(SUMMARY_PROPERTIES) },
    },
  }),
  outputSchema: objectSchema(SUMMARY_PROPERTIES),

  async run({ parts }) {
    return merge(parts)
  },
}

export default agent
