/** Removes the run's staging folder. Removing what is gone already is no failure: the step may be delivered twice. */
import { type Agent, objectSchema } from "./lib/agent.ts"
import { removeStaging, stagingFor } from "./lib/places.ts"

interface Output {
  readonly folder: string
  readonly removed: boolean
}

const agent: Agent<Readonly<Record<string, never>>, Output> = {
  name: "staging-cleaner",
  description: "Removes the intermediate files of this run.",
  inputSchema: objectSchema({}),
  outputSchema: objectSchema({ folder: { type: "string" }, removed: { type: "boolean" } }),

  async run(_input, { runId }) {
    return { folder: stagingFor(runId), removed: await removeStaging(runId) }
  },
}

export default agent
