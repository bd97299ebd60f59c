import type { Command } from "commander"
import { jsonObjectOf, versionOf } from "../arguments.ts"
import { perform, type Run } from "../perform.ts"
import { rerunPlan } from "../show/rerun-plan.ts"
import { startedText } from "../show/run-list.ts"
import { watchRun } from "../watch-run.ts"

interface Options {
  readonly from?: string
  readonly version?: string
  readonly inputPatch?: string
  readonly contextPatch?: string
  readonly reason: string
  readonly dryRun?: boolean
  readonly watch?: boolean
}

export function runsRerun(group: Command, run: Run): void {
  group
    .command("rerun")
    .description("Starts a new run from an old one, linked to it; the old one does not change.")
    .argument("<run>", "the run's id")
    .requiredOption("--reason <text>", "recorded in the new run's history")
    .option("--from <state>", "begin at this state with the context it had then; `failed`: where it failed")
    .option("--version <version>", "of the workflow: a label or a number; default: the one that ran")
    .option("--input-patch <json>", "JSON merge patch over the input")
    .option("--context-patch <json>", "JSON merge patch over the context at --from")
    .option("--dry-run", "only say what would be reused, and which agents would act again")
    .option("--watch", "show it while it moves")
    .action(
      perform<Options>(run, async (session, options, runId) => {
        const body = {
          reason: options.reason,
          ...(options.from !== undefined && { from: options.from }),
          ...(options.version !== undefined && { version: versionOf(options.version) }),
          ...(options.inputPatch !== undefined && { inputPatch: jsonObjectOf("--input-patch", options.inputPatch) }),
          ...(options.contextPatch !== undefined && {
            contextPatch: jsonObjectOf("--context-patch", options.contextPatch),
          }),
        }
        const client = await session.client()
        if (options.dryRun === true) {
          const plan = await client.runs.planRerun(runId!, body)
          return session.show(plan, () => rerunPlan(session.style, plan))
        }
        const started = await client.runs.rerun(runId!, body)
        if (options.watch === true) return watchRun(session, client, started.runId)
        session.show(started, () => startedText(session.style, started))
      }),
    )
}
