import type { Command } from "commander"
import { perform, type Run } from "../perform.ts"
import { whyPage } from "../show/why.ts"

export function runsWhy(group: Command, run: Run): void {
  group
    .command("why")
    .description("Why a run is where it is: the cause, what changed, who else, what it waits for, and what to do next.")
    .argument("<run>", "the run's id")
    .action(
      perform(run, async (session, _options, runId) => {
        const client = await session.client()
        const why = await client.runs.why(runId!)
        session.show(why, () => whyPage(session.style, why, session.now()))
      }),
    )
}
