import type { Client } from "@waybill/sdk"
import type { Command } from "commander"
import { collect, textOf } from "../arguments.ts"
import { type BadLine, type OwedRun, readLines } from "../backfill/lines.ts"
import { startLines } from "../backfill/start-lines.ts"
import { CommandFailure, wrongUse } from "../failure.ts"
import { perform, type Run } from "../perform.ts"

interface Options {
  readonly file?: string
  readonly env?: string
  readonly rate?: string
  readonly tag?: readonly string[]
  readonly name?: string
  readonly dryRun?: boolean
  readonly skipBad?: boolean
}

/** Questions to the server at a time. */
const checkedAtOnce = 8
const shownMax = 20

export function backfillCommand(program: Command, run: Run): void {
  program
    .command("backfill")
    .description("Starts a run for each line of a file, apart from production. Given again, it goes on where it was.")
    .argument("<workflow>", "the workflow's id")
    .requiredOption("--file <file>", "one input a line, each a JSON object; - for standard input")
    .option("--env <environment>", "where its agents come from", "default")
    .option("--rate <n/s>", "starts a second, as 20/s", "20/s")
    .option("--tag <tag>", "repeatable", collect)
    .option("--name <name>", "another name starts the same lines once more", "backfill")
    .option("--skip-bad", "leave lines out whose input the workflow does not take, instead of starting none")
    .option("--dry-run", "only look at the lines")
    .action(
      perform<Options>(run, async (session, options, workflow) => {
        const rate = rateOf(options.rate!)
        const environment = options.env!
        const text = await textOf(session.terminal, options.file!)
        const read = readLines(text, [workflow!, environment, options.name!])
        const client = await session.client()
        const { good, bad } = await checked(client, workflow!, environment, read)
        if (bad.length > 0 && options.skipBad !== true && options.dryRun !== true) throw badLines(bad)
        if (options.dryRun === true) {
          session.show({ lines: good.length, bad }, () => `${good.length} lines can be started${badText(bad)}\n`)
          return bad.length === 0 ? 0 : 1
        }
        const total = good.length
        const common = {
          workflowId: workflow!,
          environment,
          origin: "backfill" as const,
          tags: [...(options.tag ?? [])],
        }
        const { started, before } = await startLines(client, good, common, rate, (done) => {
          const count = done.started + done.before
          if (session.terminal.isErrorTty)
            session.terminal.complain(`\r${count} of ${total}${count === total ? "\n" : ""}`)
        })
        session.show({ started, before, bad }, () => `${started} started, ${before} were there before${badText(bad)}\n`)
        return 0
      }),
    )
}

function rateOf(text: string): number {
  const found = /^(\d+(?:\.\d+)?)(?:\/s)?$/.exec(text)
  const rate = found === null ? 0 : Number(found[1])
  if (rate <= 0 || rate > 1_000) throw wrongUse(`--rate ${text} is no pace`, "Write --rate 20/s; at most 1000/s.")
  return rate
}

/** Everything is looked at before anything is started. */
async function checked(
  client: Client,
  workflow: string,
  env: string,
  { owed, bad }: { readonly owed: readonly OwedRun[]; readonly bad: readonly BadLine[] },
): Promise<{ readonly good: readonly OwedRun[]; readonly bad: readonly BadLine[] }> {
  const good: OwedRun[] = []
  const all = [...bad]
  for (let from = 0; from < owed.length; from += checkedAtOnce) {
    const few = owed.slice(from, from + checkedAtOnce)
    const answers = await Promise.all(few.map(({ input }) => client.workflows.checkInput(workflow, { input }, { env })))
    for (const [index, { valid, problems }] of answers.entries()) {
      const one = few[index]!
      if (valid) good.push(one)
      else all.push({ line: one.line, message: problems.map(({ message }) => message).join("; ") })
    }
  }
  return { good, bad: all.sort((a, b) => a.line - b.line) }
}

function badLines(bad: readonly BadLine[]): CommandFailure {
  return new CommandFailure({
    code: "lines_refused",
    detail: `nothing was started${badText(bad)}`,
    hint: "Mend them, or leave them out with --skip-bad.",
    data: { bad },
  })
}

function badText(bad: readonly BadLine[]): string {
  if (bad.length === 0) return ""
  const shown = bad.slice(0, shownMax).map(({ line, message }) => `\n  line ${line}: ${message}`)
  const more = bad.length > shownMax ? `\n  and ${bad.length - shownMax} more` : ""
  return `; ${bad.length} ${bad.length === 1 ? "line is" : "lines are"} bad${shown.join("")}${more}`
}
