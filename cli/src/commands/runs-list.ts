import type { Command } from "commander"
import { positive, timeOf } from "../arguments.ts"
import { perform, type Run } from "../perform.ts"
import { runTable } from "../show/run-list.ts"

interface Options {
  readonly query?: string
  readonly workflow?: string
  readonly status?: string
  readonly env?: string
  readonly version?: string
  readonly from?: string
  readonly to?: string
  readonly tag?: string
  readonly q?: string
  readonly errorCode?: string
  readonly actor?: string
  readonly owner?: string
  readonly resolution?: string
  readonly origin?: string
  readonly hitl?: string
  readonly businessEvent?: string
  readonly correlation?: string
  readonly fold?: string
  readonly sort?: string
  readonly limit?: number
  readonly cursor?: string
}

export function runsList(group: Command, run: Run): void {
  group
    .command("list")
    .description("Runs, newest first. Filters take several values, separated by commas.")
    .option("--query <query>", "status:failed wf:invoice_* -tag:x dur:>30s started:>-24h; beside the other filters")
    .option("--workflow <ids>", "runs of these workflows")
    .option("--status <statuses>", "RUNNING, WAITING_APPROVAL, FAILED …; other doors' spellings too")
    .option("--env <environments>", "runs in these environments")
    .option("--version <versions>", "runs of these versions")
    .option("--from <time>", "alive at or after this time; 2h means two hours ago")
    .option("--to <time>", "begun at or before this time")
    .option("--tag <tags>", "runs with these tags")
    .option("--q <text>", "runs that hold this text")
    .option("--error-code <codes>", "runs that failed with these codes")
    .option("--actor <actors>", "runs started by these")
    .option("--owner <owners>", "runs that are assigned to these")
    .option("--resolution <states>", "open, acknowledged, resolved, superseded, wont_fix")
    .option("--origin <origins>", "live, backfill, replay; absent: all of them")
    .option("--hitl <states>", "requested, approved, rejected")
    .option("--business-event <id>", "runs for this business event")
    .option("--correlation <id>", "runs of this correlation")
    .option("--fold <kinds>", "duplicates, children: rows under others are left out, and counted there")
    .option("--sort <field>", "-startedAt (default), startedAt, createdAt, status, duration, each also with -")
    .option("--limit <n>", "at most so many", positive, 20)
    .option("--cursor <cursor>", "the page after this one")
    .action(
      perform<Options>(run, async (session, options) => {
        const client = await session.client()
        const page = await client.runs.list({
          query: options.query,
          workflowId: options.workflow,
          status: options.status,
          env: options.env,
          version: options.version,
          from: timeOf("--from", options.from, session.now()),
          to: timeOf("--to", options.to, session.now()),
          tag: options.tag,
          q: options.q,
          errorCode: options.errorCode,
          actor: options.actor,
          owner: options.owner,
          resolution: options.resolution,
          origin: options.origin,
          hitl: options.hitl,
          businessEventId: options.businessEvent,
          correlationId: options.correlation,
          fold: options.fold,
          sort: options.sort,
          limit: options.limit,
          cursor: options.cursor,
        })
        session.show(page, () => runTable(session.style, page.items, session.now()))
        if (page.nextCursor !== null) session.note(`more: --cursor ${page.nextCursor}\n`)
      }),
    )
}
