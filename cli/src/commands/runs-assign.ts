import type { Command } from "commander"
import { wrongUse } from "../failure.ts"
import { perform, type Run } from "../perform.ts"
import { standingLine } from "../show/standing.ts"

interface Options {
  readonly nobody?: boolean
}

export function runsAssign(group: Command, run: Run): void {
  group
    .command("assign")
    .description("Gives a run an owner.")
    .argument("<run>", "the run's id")
    .argument("[owner]", "who looks after it, as user:ann")
    .option("--nobody", "nobody any more")
    .action(
      perform<Options>(run, async (session, { nobody = false }, runId, owner) => {
        if ((owner === undefined) !== nobody) throw wrongUse("name the owner, or say --nobody")
        const client = await session.client()
        const after = await client.runs.assign(runId!, owner ?? null)
        session.show(after, () => standingLine(session.style, after))
      }),
    )
}
