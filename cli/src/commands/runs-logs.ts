import type { Client } from "@waybill/sdk"
import { type Command, Option } from "commander"
import { positive } from "../arguments.ts"
import { exitCodes } from "../exit-codes.ts"
import { perform, type Run } from "../perform.ts"
import type { Session } from "../session.ts"
import { logLine, logTable, type NameOf } from "../show/run-logs.ts"

interface Options {
  readonly after?: number
  readonly level: string
  readonly step?: string
  readonly attempt?: number
  readonly limit: number
  readonly follow?: boolean
}

const lookEveryMs = 1_000

export function runsLogs(group: Command, run: Run): void {
  group
    .command("logs")
    .description("What a run's agents logged, oldest first; credentials and account numbers are tokens.")
    .argument("<run>", "the run's id")
    .addOption(
      new Option("--level <level>", "this one and the graver ones")
        .choices(["debug", "info", "warn", "error"])
        .default("debug"),
    )
    .option("--step <id>", "only this step")
    .option("--attempt <n>", "only this attempt of it", positive)
    .option("--after <number>", "lines after this one", positive)
    .option("--limit <n>", "at most so many", positive, 200)
    .option("--follow", "and those to come, until the run ends; with --json a line each")
    .action(
      perform<Options>(run, async (session, options, runId) => {
        const client = await session.client()
        if (options.follow === true) return follow(session, client, runId!, options)
        const page = await client.runs.logs(runId!, query(options, options.after))
        const nameOf = session.json ? unnamed : await stepNames(client, runId!)
        session.show(page, () => logTable(session.style, page.items, nameOf))
        if (page.nextCursor !== null) session.note(`more: --after ${page.nextCursor}\n`)
      }),
    )
}

const query = ({ level, step, attempt, limit }: Options, after: number | undefined) => ({
  level,
  stepId: step,
  attempt,
  limit,
  after,
})

const unnamed: NameOf = () => null

/** Of the first thousand steps; those behind them are shown by their ids. */
async function stepNames(client: Client, runId: string): Promise<NameOf> {
  const { items } = await client.runs.steps(runId, { values: false, limit: 1_000 })
  const names = new Map(items.map(({ stepId, name }) => [stepId, name]))
  return (stepId) => names.get(stepId) ?? null
}

/** Until the run had ended before a look that found nothing more. Lines are stored a moment behind their run. */
async function follow(session: Session, client: Client, runId: string, options: Options): Promise<number> {
  const aborted = new AbortController()
  const release = session.terminal.onInterrupt(() => aborted.abort())
  let { after } = options
  let ended = false
  let nameOf: NameOf = unnamed
  try {
    while (!aborted.signal.aborted) {
      const page = await client.runs.logs(runId, query(options, after))
      if (!session.json && page.items.some(({ stepId }) => nameOf(stepId) === null))
        nameOf = await stepNames(client, runId)
      for (const line of page.items) {
        if (session.json) session.printLine(line)
        else session.print(logLine(session.style, line, nameOf))
      }
      after = page.nextCursor === null ? (page.items.at(-1)?.number ?? after) : Number(page.nextCursor)
      if (page.nextCursor !== null) continue
      if (ended && page.items.length === 0) return exitCodes.done
      ended = (await client.runs.get(runId)).completedAt !== null
      await pause(lookEveryMs, aborted.signal)
    }
  } finally {
    release()
  }
  session.note(`\nno longer following; the run goes on:  waybill runs logs ${runId} --follow\n`)
  return exitCodes.interrupted
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener("abort", done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener("abort", done)
  })
}
