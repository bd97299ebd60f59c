import type { Command } from "commander"
import { collect } from "../arguments.ts"
import { wrongUse } from "../failure.ts"
import { perform, type Run } from "../perform.ts"
import { standingLine } from "../show/standing.ts"

interface Options {
  readonly add?: readonly string[]
  readonly remove?: readonly string[]
}

export function runsTag(group: Command, run: Run): void {
  group
    .command("tag")
    .description("Adds tags to a run and removes others.")
    .argument("<run>", "the run's id")
    .option("--add <tag>", "a tag to add; may stand several times", collect)
    .option("--remove <tag>", "a tag to remove; may stand several times", collect)
    .action(
      perform<Options>(run, async (session, { add = [], remove = [] }, runId) => {
        if (add.length + remove.length === 0) throw wrongUse("say --add or --remove")
        const client = await session.client()
        const after = await client.runs.tag(runId!, { add: [...add], remove: [...remove] })
        session.show(after, () => standingLine(session.style, after))
      }),
    )
}
