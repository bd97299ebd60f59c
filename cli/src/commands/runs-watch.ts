import type { Command } from "commander"
import { perform, type Run } from "../perform.ts"
import { watchRun } from "../watch-run.ts"

export function runsWatch(group: Command, run: Run): void {
  group
    .command("watch")
    .description("Shows a run while it moves, from its first event to its end. Ctrl-C leaves the run alone.")
    .argument("<run>", "the run's id")
    .action(perform(run, async (session, _options, runId) => watchRun(session, await session.client(), runId!)))
}
