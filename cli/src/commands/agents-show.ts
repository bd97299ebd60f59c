import type { Command } from "commander"
import { perform, type Run } from "../perform.ts"
import { agentPage } from "../show/agent.ts"

interface Options {
  readonly env: string
}

export function agentsShow(group: Command, run: Run): void {
  group
    .command("show")
    .description("One agent: what it takes and gives, where its file is.")
    .argument("<agent>", "the agent's name")
    .option("--env <environment>", "the environment", "default")
    .action(
      perform<Options>(run, async (session, { env }, name) => {
        const client = await session.client()
        const agent = await client.agents.get(name!, { env })
        session.show(agent, () => agentPage(session.style, agent))
      }),
    )
}
