import type { Command } from "commander"
import { positive } from "../arguments.ts"
import { perform, type Run } from "../perform.ts"
import { workflowTable } from "../show/workflow.ts"

interface Options {
  readonly env: string
  readonly status?: string
  readonly sync?: string
  readonly q?: string
  readonly limit: number
  readonly cursor?: string
}

export function workflowsList(group: Command, run: Run): void {
  group
    .command("list")
    .description("The workflows of an environment.")
    .option("--env <environment>", "the environment", "default")
    .option("--status <status>", "active or disabled")
    .option("--sync <state>", "synced, file_changed, diverged, file_missing, invalid, none")
    .option("--q <text>", "whose id or name holds this")
    .option("--limit <n>", "at most so many", positive, 100)
    .option("--cursor <cursor>", "the page after this one")
    .action(
      perform<Options>(run, async (session, { env, status, sync, q, limit, cursor }) => {
        const client = await session.client()
        const page = await client.workflows.list({ env, status, sync, q, limit, cursor })
        session.show(page, () => workflowTable(session.style, page.items, session.now()))
        if (page.nextCursor !== null) session.note(`more: --cursor ${page.nextCursor}\n`)
      }),
    )
}
