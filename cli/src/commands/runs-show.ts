import type { Command } from "commander"
import { everyPage } from "../pages.ts"
import { perform, type Run } from "../perform.ts"
import { runPage } from "../show/run-page.ts"

export function runsShow(group: Command, run: Run): void {
  group
    .command("show")
    .description("One run: where it stands, what it waits for, its steps, input and output.")
    .argument("<run>", "the run's id")
    .action(
      perform(run, async (session, _options, runId) => {
        const client = await session.client()
        const shown = await client.runs.get(runId!)
        if (session.json) return session.printJson(shown)
        const steps = await everyPage((cursor) => client.runs.steps(runId!, { limit: 200, cursor }))
        session.print(runPage(session.style, shown, steps, session.now()))
      }),
    )
}
