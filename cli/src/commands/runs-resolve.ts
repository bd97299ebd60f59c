import type { ResolutionState } from "@waybill/contract"
import { type Command, Option } from "commander"
import { wrongUse } from "../failure.ts"
import { perform, type Run } from "../perform.ts"
import { standingLine } from "../show/standing.ts"

interface Options {
  readonly state: ResolutionState
  readonly reason?: string
  readonly undo?: boolean
}

const states: readonly ResolutionState[] = ["acknowledged", "resolved", "superseded", "wont_fix"]

export function runsResolve(group: Command, run: Run): void {
  group
    .command("resolve")
    .description("Says what became of a run that did not complete.")
    .argument("<run>", "the run's id")
    .addOption(new Option("--state <state>", "what became of it").choices(states).default("resolved"))
    .option("--reason <text>", "why; needed for all but acknowledged")
    .option("--undo", "takes the resolution back")
    .action(
      perform<Options>(run, async (session, { state, reason, undo = false }, runId) => {
        if (undo && reason !== undefined) throw wrongUse("--undo needs no reason")
        const client = await session.client()
        const after = undo
          ? await client.runs.undoResolution(runId!)
          : await client.runs.resolve(runId!, { state, ...(reason !== undefined && { reason }) })
        session.show(after, () => standingLine(session.style, after))
      }),
    )
}
