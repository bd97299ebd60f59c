/** `waybill issues`: failures that are alike, and what is done about them. */
import type { Command } from "commander"
import { positive } from "../arguments.ts"
import { wrongUse } from "../failure.ts"
import { perform, type Run } from "../perform.ts"
import { issueTable, issueText } from "../show/issue.ts"
import { pointInTime } from "../show/times.ts"

interface ListOptions {
  readonly state?: string
  readonly workflow?: string
  readonly env?: string
  readonly owner?: string
  readonly limit: number
  readonly cursor?: string
}

export function issuesList(group: Command, run: Run): void {
  group
    .command("list")
    .description("Failures that are alike, those seen last first.")
    .option("--state <states>", "open, ignored, resolved; without it: open")
    .option("--workflow <id>", "of this workflow")
    .option("--env <environment>", "of this environment")
    .option("--owner <owner>", "that this one looks after")
    .option("--limit <n>", "at most so many", positive, 50)
    .option("--cursor <cursor>", "the page after this one")
    .action(
      perform<ListOptions>(run, async (session, { state, workflow, env, owner, limit, cursor }) => {
        const client = await session.client()
        const page = await client.issues.list({ state, workflowId: workflow, env, owner, limit, cursor })
        session.show(page, () => issueTable(session.style, page.items, session.now()))
        if (page.nextCursor !== null) session.note(`more: --cursor ${page.nextCursor}\n`)
      }),
    )
}

export function issuesShow(group: Command, run: Run): void {
  group
    .command("show")
    .description("One issue, and the newest runs that failed so.")
    .argument("<issue>", "the issue's id")
    .option("--limit <n>", "at most so many runs", positive, 10)
    .action(
      perform<{ limit: number }>(run, async (session, { limit }, issueId) => {
        const client = await session.client()
        const [issue, runs] = await Promise.all([client.issues.get(issueId!), client.issues.runs(issueId!, { limit })])
        session.show({ ...issue, runs: runs.items }, () => issueText(session.style, issue, runs.items, session.now()))
      }),
    )
}

interface ResolveOptions {
  readonly reason?: string
  readonly inVersion?: number
  readonly undo?: boolean
}

export function issuesResolve(group: Command, run: Run): void {
  group
    .command("resolve")
    .description("Says that it is mended; a run that begins after this and fails so opens it again.")
    .argument("<issue>", "the issue's id")
    .option("--reason <text>", "what was done")
    .option("--in-version <n>", "the first version that is mended", positive)
    .option("--undo", "opens it again")
    .action(
      perform<ResolveOptions>(run, async (session, { reason, inVersion, undo = false }, issueId) => {
        if (undo && (reason !== undefined || inVersion !== undefined)) throw wrongUse("--undo goes alone")
        const client = await session.client()
        const body = {
          ...(reason !== undefined && { reason }),
          ...(inVersion !== undefined && { versionNumber: inVersion }),
        }
        const issue = undo ? await client.issues.reopen(issueId!) : await client.issues.resolve(issueId!, body)
        session.show(issue, () => `${issue.issueId} is ${issue.state}\n`)
      }),
    )
}

interface IgnoreOptions {
  readonly reason?: string
  readonly until?: string
  readonly failures?: number
}

export function issuesIgnore(group: Command, run: Run): void {
  group
    .command("ignore")
    .description("Leaves it: for ever, until a time, or until there are so many more failures.")
    .argument("<issue>", "the issue's id")
    .option("--reason <text>", "why")
    .option("--until <time>", "an RFC 3339 time")
    .option("--failures <n>", "so many more open it", positive)
    .action(
      perform<IgnoreOptions>(run, async (session, { reason, until, failures }, issueId) => {
        if (until !== undefined && pointInTime(until, session.now()) === null)
          throw wrongUse(`--until: ${JSON.stringify(until)} is not a time`)
        const client = await session.client()
        const issue = await client.issues.ignore(issueId!, {
          ...(reason !== undefined && { reason }),
          ...(until !== undefined && { until }),
          ...(failures !== undefined && { failures }),
        })
        session.show(issue, () => `${issue.issueId} is ${issue.state}\n`)
      }),
    )
}
