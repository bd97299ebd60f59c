import type { Command } from "commander"
import { exitCodes } from "../exit-codes.ts"
import { perform, type Run } from "../perform.ts"
import { isIntact, verifyText } from "../show/upkeep.ts"
import { type UpkeepOptions, upkeepOptions, withUpkeep } from "../with-upkeep.ts"

interface Options extends UpkeepOptions {
  readonly run?: string
  readonly head?: string
  readonly archive?: boolean
}

export function verifyCommand(program: Command, run: Run): void {
  upkeepOptions(
    program.command("verify").description("Checks the hash chains: whether the history of every run is whole."),
  )
    .option("--run <id>", "only this run")
    .option("--head <hash>", "an exported head to compare with: shows a tail that was cut off")
    .option("--archive", "fetch every batch of the archive too and check it; a running server does that")
    .action(
      perform<Options>(run, async (session, options) => {
        const { run: runId, head, archive } = options
        const report = await withUpkeep(session, options, (upkeep, onProgress) =>
          upkeep.verify({ runId, head, ...(archive && { archive }) }, onProgress),
        )
        session.show(report, () => verifyText(session.style, report))
        return isIntact(report) ? exitCodes.done : exitCodes.failed
      }),
    )
}
