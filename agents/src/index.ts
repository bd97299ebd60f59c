/** The agent runtime's door: makes the engine's port `AgentHost` for the composition root. */
export { createAgentHost } from "./agent-host.ts"
export { type AgentHostOptions, agentEnvironment } from "./host/options.ts"
