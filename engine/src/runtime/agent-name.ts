/** `name` means the run's own environment, `name@environment` another one (dsl.md §5). */
export function agentAt(agent: string, environment: string): { readonly environment: string; readonly name: string } {
  const at = agent.lastIndexOf("@")
  return at <= 0 ? { environment, name: agent } : { environment: agent.slice(at + 1), name: agent.slice(0, at) }
}
