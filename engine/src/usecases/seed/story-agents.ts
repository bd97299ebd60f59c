/** The stories' agents as contracts: enough to read their definitions and to pin them; no code stands behind them. */
import type { AgentContract } from "../../ports/agent-host.ts"
import type { Story } from "./story.ts"

export function storyAgents(stories: readonly Story[]): readonly AgentContract[] {
  const contracts: AgentContract[] = []
  for (const { agents, environments } of stories)
    for (const environment of Object.keys(environments))
      for (const name of Object.keys(agents)) contracts.push(contract(environment, name))
  return contracts
}

/** Made from the name: there is no code whose hash it could be. */
function contract(environment: string, name: string): AgentContract {
  const hash = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7).toString(16)
  return {
    environment,
    name,
    description: null,
    inputSchema: null,
    outputSchema: null,
    contractHash: hash.padStart(64, "c"),
    sourceHash: hash.padStart(64, "5"),
    file: "",
  }
}
