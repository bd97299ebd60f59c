/** Agents that a definition names literally must exist in its environment (004 §3.3). */
import type { Definition } from "../model.ts"
import { didYouMean } from "../read/did-you-mean.ts"
import type { Reading } from "../read/reading.ts"
import { walkStates } from "../walk.ts"

/** An agent of an environment, as far as definitions are concerned. */
export interface KnownAgent {
  readonly name: string
}

export interface AgentCatalogue {
  /** `name`, or `name@environment`. */
  find(name: string): KnownAgent | null
  readonly names: readonly string[]
}

export function checkAgents(
  reading: Reading,
  definition: Definition,
  agents: AgentCatalogue,
  severity: "error" | "warning",
): void {
  for (const { state } of walkStates(definition.block)) {
    if (state.type !== "operation" || state.action !== "agent.run" || state.agent.kind !== "literal") continue
    const name = state.agent.value
    if (typeof name !== "string" || name === "" || name.startsWith("a2a:") || agents.find(name)) continue
    const place = { pointer: reading.origins.get(state.agent) ?? reading.originOf(state) }
    const known =
      agents.names.length === 0
        ? "The environment has no agents."
        : `Known agents: ${agents.names.slice(0, 10).join(", ")}.`
    reading.report[severity]("unknown_agent", place, `there is no agent \`${name}\``, {
      actual: name,
      hint: didYouMean(name, agents.names) ?? known,
    })
  }
}
