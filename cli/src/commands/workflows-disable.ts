import type { Command } from "commander"
import { perform, type Run } from "../perform.ts"
import { workflowLine } from "../show/workflow.ts"

interface Options {
  readonly env: string
}

export function workflowsDisable(group: Command, run: Run): void {
  group
    .command("disable")
    .description("Refuses new runs of a workflow; those that run go on.")
    .argument("<workflow>", "the workflow's id")
    .option("--env <environment>", "the environment", "default")
    .action(
      perform<Options>(run, async (session, { env }, id) => {
        const client = await session.client()
        const after = await client.workflows.disable(id!, { env })
        session.show(after, () => workflowLine(session.style, after))
      }),
    )
}
