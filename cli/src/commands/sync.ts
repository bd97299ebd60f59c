import type { Command } from "commander"
import { exitCodes } from "../exit-codes.ts"
import { perform, type Run } from "../perform.ts"
import { syncPlan } from "../show/sync-plan.ts"
import { isClean, type SyncOptions, syncOnChange } from "../sync-on-change.ts"

interface Options extends SyncOptions {
  readonly dryRun?: boolean
  readonly watch?: boolean
}

export function syncCommand(program: Command, run: Run): void {
  program
    .command("sync")
    .description("Makes workflows and agents of an environment as their files are.")
    .argument("[environment]", "the environment", "default")
    .option("--dry-run", "only show the plan")
    .option("--force", "files win over versions that were made over the API")
    .option("--prune", "allow it to disable more than half of the workflows")
    .option("--watch", "and again whenever a file changes, until Ctrl-C")
    .action(
      perform<Options>(run, async (session, { dryRun, force, prune, watch }, environment) => {
        const client = await session.client()
        const plan = await client.sync(environment!, { dryRun, force, prune })
        if (watch === true) return syncOnChange(session, client, plan, { force, prune })
        session.show(plan, () => syncPlan(session.style, plan))
        return isClean(plan) ? exitCodes.done : exitCodes.failed
      }),
    )
}
