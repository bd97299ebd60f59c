import type { Command } from "commander"
import { perform, type Run } from "../perform.ts"
import { workflowLine } from "../show/workflow.ts"

interface Options {
  readonly env: string
}

export function workflowsEnable(group: Command, run: Run): void {
  group
    .command("enable")
    .description("Takes new runs of a workflow again.")
    .argument("<workflow>", "the workflow's id")
    .option("--env <environment>", "the environment", "default")
    .action(
      perform<Options>(run, async (session, { env }, id) => {
        const client = await session.client()
        const after = await client.workflows.enable(id!, { env })
        session.show(after, () => workflowLine(session.style, after))
      }),
    )
}
