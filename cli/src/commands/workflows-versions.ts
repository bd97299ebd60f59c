import type { Command } from "commander"
import { positive } from "../arguments.ts"
import { perform, type Run } from "../perform.ts"
import { versionTable } from "../show/workflow.ts"

interface Options {
  readonly env: string
  readonly limit: number
  readonly cursor?: string
}

export function workflowsVersions(group: Command, run: Run): void {
  group
    .command("versions")
    .description("The versions of a workflow, newest first.")
    .argument("<workflow>", "the workflow's id")
    .option("--env <environment>", "the environment", "default")
    .option("--limit <n>", "at most so many", positive, 50)
    .option("--cursor <cursor>", "the page after this one")
    .action(
      perform<Options>(run, async (session, { env, limit, cursor }, id) => {
        const client = await session.client()
        const page = await client.workflows.versions(id!, { env, limit, cursor })
        session.show(page, () => versionTable(session.style, page.items, session.now()))
        if (page.nextCursor !== null) session.note(`more: --cursor ${page.nextCursor}\n`)
      }),
    )
}
