import type { Command } from "commander"
import { positive } from "../arguments.ts"
import { perform, type Run } from "../perform.ts"
import { contextPage } from "../show/context.ts"

export function runsContext(group: Command, run: Run): void {
  group
    .command("context")
    .description("The context of a run, now or after one of its events, and which step wrote what.")
    .argument("<run>", "the run's id")
    .option("--at <seq>", "after this event", positive)
    .action(
      perform<{ readonly at?: number }>(run, async (session, { at }, runId) => {
        const client = await session.client()
        const context = await client.runs.context(runId!, { at })
        session.show(context, () => contextPage(session.style, context))
      }),
    )
}
