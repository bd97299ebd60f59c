/** Every agent file of the example, loaded, with its schemas compiled. */
import { readdirSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js"
import type { Agent, AgentContext } from "../environments/default/agents/lib/agent.ts"

export const AGENTS_DIRECTORY = fileURLToPath(new URL("../environments/default/agents/", import.meta.url))

const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true })

export interface LoadedAgent {
  readonly file: string
  readonly agent: Agent<unknown, unknown>
  readonly acceptsInput: ValidateFunction
  readonly acceptsOutput: ValidateFunction
}

export async function loadAgents(): Promise<ReadonlyMap<string, LoadedAgent>> {
  const files = readdirSync(AGENTS_DIRECTORY).filter((file) => file.endsWith(".agent.ts"))
  const loaded = await Promise.all(
    files.map(async (file) => {
      const { default: agent } = (await import(`${AGENTS_DIRECTORY}${file}`)) as { default: Agent<unknown, unknown> }
      const [acceptsInput, acceptsOutput] = [ajv.compile(agent.inputSchema), ajv.compile(agent.outputSchema)]
      return [agent.name, { file, agent, acceptsInput, acceptsOutput }] as const
    }),
  )
  return new Map(loaded)
}

/** Runs an agent as Waybill does: input checked before, output after. */
export async function runChecked(loaded: LoadedAgent | undefined, input: unknown, ctx: AgentContext): Promise<unknown> {
  if (!loaded) throw new Error("no such agent")
  const { agent, acceptsInput, acceptsOutput } = loaded
  if (!acceptsInput(input)) throw new Error(`${agent.name} does not take this: ${ajv.errorsText(acceptsInput.errors)}`)
  const output: unknown = JSON.parse(JSON.stringify(await agent.run(input, ctx)))
  if (!acceptsOutput(output)) throw new Error(`${agent.name} gave: ${ajv.errorsText(acceptsOutput.errors)}`)
  return output
}
