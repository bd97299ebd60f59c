import type { Command } from "commander"
import { perform, type Run } from "../perform.ts"
import { agentTable } from "../show/agent.ts"

interface Options {
  readonly env: string
}

export function agentsList(group: Command, run: Run): void {
  group
    .command("list")
    .description("The agents of an environment.")
    .option("--env <environment>", "the environment", "default")
    .action(
      perform<Options>(run, async (session, { env }) => {
        const client = await session.client()
        const page = await client.agents.list({ env })
        session.show(page, () => agentTable(session.style, page.items))
      }),
    )
}
