/** Writes a report of this run as a Markdown file: a title and the facts it was given. */
import { type Agent, objectSchema } from "./lib/agent.ts"
import { stagingFor, type WrittenFile, writeText } from "./lib/places.ts"

interface Input {
  readonly title: string
  readonly facts: Readonly<Record<string, unknown>>
}

interface Output extends WrittenFile {
  readonly title: string
}

const agent: Agent<Input, Output> = {
  name: "report-writer",
  description: "Writes a title and facts as a Markdown report.",
  inputSchema: objectSchema({ title: { type: "string", minLength: 1 }, facts: { type: "object" } }),
  outputSchema: objectSchema({
    title: { type: "string" },
    file: { type: "string" },
    bytes: { type: "integer" },
    sha256: { type: "string" },
  }),

  async run({ title, facts }, { runId }) {
    const lines = Object.entries(facts).map(([name, value]) => `- **${name.replaceAll("_", " ")}**: ${shown(value)}`)
    const name = stagingFor(runId).slice("staging/".length)
    const written = await writeText(`reports/${name}.md`, `# ${title}\n\n${lines.join("\n")}\n`)
    return { title, ...written }
  },
}

function shown(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : `\`${JSON.stringify(value)}\``
}

export default agent
