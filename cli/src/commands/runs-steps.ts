import type { Command } from "commander"
import { everyPage } from "../pages.ts"
import { perform, type Run } from "../perform.ts"
import { stepDetails, stepTable } from "../show/steps.ts"

export function runsSteps(group: Command, run: Run): void {
  group
    .command("steps")
    .description("The steps of a run in the order they were entered.")
    .argument("<run>", "the run's id")
    .option("--details", "with attempts, input, output and errors")
    .action(
      perform<{ readonly details?: boolean }>(run, async (session, { details }, runId) => {
        const client = await session.client()
        const items = await everyPage((cursor) => client.runs.steps(runId!, { limit: 200, cursor }))
        session.show({ items, nextCursor: null }, () =>
          details === true ? stepDetails(session.style, items) : stepTable(session.style, items, session.now()),
        )
      }),
    )
}
