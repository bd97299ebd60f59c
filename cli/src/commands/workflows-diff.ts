import type { Command } from "commander"
import { positive } from "../arguments.ts"
import { CommandFailure } from "../failure.ts"
import { perform, type Run } from "../perform.ts"
import { versionDiff } from "../show/version-diff.ts"

interface Options {
  readonly env: string
}

export function workflowsDiff(group: Command, run: Run): void {
  group
    .command("diff")
    .description("What changed between two versions; by default between the newest and the one before it.")
    .argument("<workflow>", "the workflow's id")
    .argument("[from]", "a version's number", positive)
    .argument("[to]", "a version's number; default: the newest", positive)
    .option("--env <environment>", "the environment", "default")
    .action(
      perform<Options>(run, async (session, { env }, id, from, to) => {
        const client = await session.client()
        const newest = Number(to ?? (await client.workflows.get(id!, { env })).versionNumber)
        const older = Number(from ?? newest - 1)
        if (older < 1)
          throw new CommandFailure({
            code: "nothing_to_compare",
            detail: `${id} has one version`,
            hint: "`waybill workflows show` prints it.",
          })
        const diff = await client.workflows.diff(id!, older, newest, { env })
        session.show(diff, () => versionDiff(session.style, diff))
      }),
    )
}
