import type { Command } from "commander"
import { perform, type Run } from "../perform.ts"
import { workflowPage } from "../show/workflow.ts"

interface Options {
  readonly env: string
  readonly source?: boolean
}

export function workflowsShow(group: Command, run: Run): void {
  group
    .command("show")
    .description("One workflow: where it comes from, its problems, its states.")
    .argument("<workflow>", "the workflow's id")
    .option("--env <environment>", "the environment", "default")
    .option("--source", "only the definition as it was written")
    .action(
      perform<Options>(run, async (session, { env, source }, id) => {
        const client = await session.client()
        const workflow = await client.workflows.get(id!, { env })
        if (source === true && !session.json) return session.print(workflow.text)
        session.show(workflow, () => workflowPage(session.style, workflow, session.now()))
      }),
    )
}
