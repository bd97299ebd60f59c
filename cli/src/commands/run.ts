import type { Command } from "commander"
import { collect, type InputOptions, inputOf, versionOf } from "../arguments.ts"
import { perform, type Run } from "../perform.ts"
import { startedText } from "../show/run-list.ts"
import { watchRun } from "../watch-run.ts"

interface Options extends InputOptions {
  readonly env?: string
  readonly version?: string
  readonly tag?: readonly string[]
  readonly businessEvent?: string
  readonly correlation?: string
  readonly idempotencyKey?: string
  readonly paused?: boolean
  readonly watch?: boolean
}

export function runCommand(program: Command, run: Run): void {
  program
    .command("run")
    .description("Starts a run of a workflow. With --watch the exit code is 0 only when it completed.")
    .argument("<workflow>", "the workflow's id")
    .option("--input <json>", "the input")
    .option("--input-file <file>", "the input from a file, - for standard input")
    .option("--set <path=value>", "one value of the input; JSON where it is JSON, else text; repeatable", collect)
    .option("--env <environment>", "where its agents come from", "default")
    .option("--version <version>", "a label or a number; default: the newest")
    .option("--tag <tag>", "repeatable", collect)
    .option("--business-event <id>", "what the run is about, in the business's own words")
    .option("--correlation <id>", "joins runs that belong together")
    .option("--idempotency-key <key>", "starting again with the same key gives the same run")
    .option("--paused", "start nothing until `runs resume`")
    .option("--watch", "show it while it moves; Ctrl-C leaves the run alone")
    .action(
      perform<Options>(run, async (session, options, workflowId) => {
        const input = await inputOf(session.terminal, options)
        const client = await session.client()
        const started = await client.runs.start(
          {
            workflowId: workflowId!,
            input,
            environment: options.env,
            ...(options.version !== undefined && { version: versionOf(options.version) }),
            ...(options.tag !== undefined && { tags: [...options.tag] }),
            ...(options.businessEvent !== undefined && { businessEventId: options.businessEvent }),
            ...(options.correlation !== undefined && { correlationId: options.correlation }),
            ...(options.paused === true && { startPaused: true }),
          },
          { ...(options.idempotencyKey !== undefined && { idempotencyKey: options.idempotencyKey }) },
        )
        if (options.watch === true) return watchRun(session, client, started.runId)
        session.show(started, () => startedText(session.style, started))
      }),
    )
}
