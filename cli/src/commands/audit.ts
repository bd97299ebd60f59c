/** `waybill audit`: who did what, when and from where. For admins. */
import type { Command } from "commander"
import { positive, timeOf } from "../arguments.ts"
import { wrongUse } from "../failure.ts"
import { perform, type Run } from "../perform.ts"
import { saveAnswer } from "../save-answer.ts"
import type { Session } from "../session.ts"
import { auditTable } from "../show/access.ts"

interface Filters {
  readonly actor?: string
  readonly action?: string
  readonly target?: string
  readonly outcome?: string
  readonly since?: string
  readonly until?: string
}

function filtered(command: Command): Command {
  return command
    .option("--actor <who>", "user:<e-mail>, key:<name>")
    .option("--action <name>", "run.cancel; run. is all that begin so")
    .option("--target <id>", "what it was done to")
    .option("--outcome <how>", "done, refused or failed")
    .option("--since <time>", "2026-11-20T09:30:00Z, or 2h for two hours ago")
    .option("--until <time>", "the same")
}

function queryOf({ actor, action, target, outcome, since, until }: Filters, session: Session) {
  const from = timeOf("--since", since, session.now())
  const to = timeOf("--until", until, session.now())
  return { actor, action, target, outcome, from, to }
}

export function auditList(group: Command, run: Run): void {
  filtered(group.command("list").description("What was done in the workspace, newest first."))
    .option("--limit <n>", "at most so many", positive, 50)
    .option("--cursor <cursor>", "the page after this one")
    .action(
      perform<Filters & { limit: number; cursor?: string }>(run, async (session, options) => {
        const client = await session.client()
        const { limit, cursor } = options
        const page = await client.audit.list({ ...queryOf(options, session), limit, cursor })
        session.show(page, () => auditTable(session.style, page.items))
        if (page.nextCursor !== null) session.note(`more: --cursor ${page.nextCursor}\n`)
      }),
    )
}

export function auditExport(group: Command, run: Run): void {
  filtered(
    group.command("export").description("All of it that matches, with the chain's hashes, as lines or as a table."),
  )
    .option("--format <format>", "ndjson or csv", "ndjson")
    .option("--out <file>", "into this file instead of standard output; it must not exist yet")
    .action(
      perform<Filters & { format: string; out?: string }>(run, async (session, options) => {
        const { format, out } = options
        if (format !== "ndjson" && format !== "csv") throw wrongUse("--format is ndjson or csv")
        const client = await session.client()
        const answer = await client.audit.export({ ...queryOf(options, session), format })
        const bytes = await saveAnswer(session, answer, out)
        if (out !== undefined) session.show({ file: out, bytes }, () => `${out}: ${bytes} bytes\n`)
      }),
    )
}
