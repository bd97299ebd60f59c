import type { Command } from "commander"
import { positive } from "../arguments.ts"
import { perform, type Run } from "../perform.ts"
import { workflowLine } from "../show/workflow.ts"

interface Options {
  readonly env: string
}

export function workflowsRollback(group: Command, run: Run): void {
  group
    .command("rollback")
    .description("Makes an old version the newest again, as a new version. Runs that go on keep theirs.")
    .argument("<workflow>", "the workflow's id")
    .argument("<version>", "the version's number", positive)
    .option("--env <environment>", "the environment", "default")
    .action(
      perform<Options>(run, async (session, { env }, id, version) => {
        const client = await session.client()
        const after = await client.workflows.rollback(id!, Number(version), { env })
        session.show(after, () => workflowLine(session.style, after))
      }),
    )
}
