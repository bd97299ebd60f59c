import type { Command } from "commander"
import { perform, type Run } from "../perform.ts"
import { runLine } from "../show/run-list.ts"

export function runsPause(group: Command, run: Run): void {
  group
    .command("pause")
    .description("Starts no new step of a run; what runs goes on, approvals and signals are still taken.")
    .argument("<run>", "the run's id")
    .option("--reason <text>", "recorded in the run's history")
    .action(
      perform<{ readonly reason?: string }>(run, async (session, { reason }, runId) => {
        const client = await session.client()
        const after = await client.runs.pause(runId!, reason)
        session.show(after, () => runLine(session.style, after))
      }),
    )
}
