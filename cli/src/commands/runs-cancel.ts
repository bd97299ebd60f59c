import type { Command } from "commander"
import { perform, type Run } from "../perform.ts"
import { runLine } from "../show/run-list.ts"

interface Options {
  readonly reason?: string
  readonly force?: boolean
}

export function runsCancel(group: Command, run: Run): void {
  group
    .command("cancel")
    .description("Cancels a run: agents are asked to stop, clean-up states run, then it is CANCELLED.")
    .argument("<run>", "the run's id")
    .option("--reason <text>", "recorded in the run's history")
    .option("--force", "wait neither for running agents nor for clean-up")
    .action(
      perform<Options>(run, async (session, { reason, force }, runId) => {
        const client = await session.client()
        const after = await client.runs.cancel(runId!, { reason, force })
        session.show(after, () => runLine(session.style, after))
      }),
    )
}
