import type { Command } from "commander"
import { positive } from "../arguments.ts"
import { everyApprovalState } from "../find-approval.ts"
import { perform, type Run } from "../perform.ts"
import { approvalTable } from "../show/approval.ts"

interface Options {
  readonly state: string
  readonly assignee?: string
  readonly workflow?: string
  readonly env?: string
  readonly run?: string
  readonly limit: number
  readonly cursor?: string
}

export function approvalsList(group: Command, run: Run): void {
  group
    .command("list")
    .description("What waits for a person.")
    .option(
      "--state <states>",
      "pending, approved, rejected, revised, timed_out, cancelled, superseded; or all",
      "pending",
    )
    .option("--assignee <who>", "what this user or team may decide: user:ada, team:sre")
    .option("--workflow <id>", "of this workflow")
    .option("--env <name>", "of this environment; without it, of all")
    .option("--run <id>", "of this run")
    .option("--limit <n>", "at most so many", positive, 50)
    .option("--cursor <cursor>", "the page after this one")
    .action(
      perform<Options>(run, async (session, options) => {
        const client = await session.client()
        const state = options.state === "all" ? everyApprovalState : options.state
        const { limit, cursor } = options
        const page =
          options.run === undefined
            ? await client.approvals.list({
                state,
                assignee: options.assignee,
                workflowId: options.workflow,
                env: options.env,
                limit,
                cursor,
              })
            : await client.runs.approvals(options.run, { state, limit, cursor })
        session.show(page, () => approvalTable(session.style, page.items, session.now()))
        if (page.nextCursor !== null) session.note(`more: --cursor ${page.nextCursor}\n`)
      }),
    )
}
