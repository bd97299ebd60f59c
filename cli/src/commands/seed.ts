import { type Command, InvalidArgumentError } from "commander"
import { positive, timeOf } from "../arguments.ts"
import { exitCodes } from "../exit-codes.ts"
import { wrongUse } from "../failure.ts"
import { perform, type Run } from "../perform.ts"
import { seedWorkflows } from "../seed-workflows.ts"
import type { Session } from "../session.ts"
import { historyText, seedText } from "../show/seeded.ts"

interface Options {
  readonly dir: string
  readonly env: string
  readonly skipExisting?: boolean
  readonly workspaceId: string
  readonly projectId: string
  readonly history?: number
  readonly seed?: number
  readonly days?: number
  readonly until?: string
  readonly dataDir?: string
}

const daysMax = 3_650

export function seedCommand(program: Command, run: Run): void {
  program
    .command("seed")
    .description("Saves every workflow of a folder over the API, or makes a history up in a stopped server's store.")
    .option("--dir <folder>", "with *.json, *.yaml, *.yml", "examples/workflows")
    .option("--env <environment>", "the environment they belong to", "default")
    .option("--skip-existing", "leave alone what is there; otherwise it becomes a new version where it differs")
    .option("--workspace-id <id>", "the workspace", onlyDefault, "default")
    .option("--project-id <id>", "the project", onlyDefault, "default")
    .option("--history <runs>", "make up so many runs of six workflows instead, offline", positive)
    .option(
      "--seed <number>",
      "with --history: the same number, period and version make the same history; default 1",
      positive,
    )
    .option("--days <days>", "with --history: how long it is; default 30", positive)
    .option("--until <time>", "with --history: when it ends; default: the last full hour")
    .option("--data-dir <folder>", "with --history: the data directory (WAYBILL_DATA_DIR, default .waybill)")
    .action(
      perform<Options>(run, async (session, options) => {
        if (options.history !== undefined) return seedHistory(session, options, options.history)
        for (const name of ["seed", "days", "until", "dataDir"] as const)
          if (options[name] !== undefined)
            throw wrongUse(`--${name === "dataDir" ? "data-dir" : name} belongs to --history`)
        const { dir, env, skipExisting } = options
        const seeded = await seedWorkflows(session, { dir, env, skipExisting: skipExisting === true })
        session.show({ items: seeded }, () => seedText(session.style, seeded))
        return seeded.some(({ action }) => action === "failed") ? exitCodes.failed : exitCodes.done
      }),
    )
}

async function seedHistory(session: Session, options: Options, history: number): Promise<number> {
  const { seed = 1, days = 30, dataDir } = options
  if (days > daysMax) throw wrongUse(`--days is at most ${daysMax}`)
  const until = timeOf("--until", options.until, session.now())
  const { seedHistoryOffline } = await import("../offline/seed-history.ts")
  const report = await seedHistoryOffline(session, { history, seed, days, until, dataDir })
  session.show(report, () => historyText(session.style, report))
  return exitCodes.done
}

/** Of the first commit on, every run carries both (settled 2); there is one of each until run management brings more. */
function onlyDefault(text: string): string {
  if (text === "default") return text
  throw new InvalidArgumentError("This release has one, called `default`.")
}
