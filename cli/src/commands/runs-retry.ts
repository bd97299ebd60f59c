import type { Command } from "commander"
import { perform, type Run } from "../perform.ts"
import { runLine } from "../show/run-list.ts"

export function runsRetry(group: Command, run: Run): void {
  group
    .command("retry")
    .description("Tries again now what waits to be tried again, or waits for a person after its last attempt.")
    .argument("<run>", "the run's id")
    .option("--step <id>", "only this step")
    .action(
      perform<{ readonly step?: string }>(run, async (session, { step }, runId) => {
        const client = await session.client()
        const after = await client.runs.retryNow(runId!, step)
        session.show(after, () => runLine(session.style, after))
      }),
    )
}
