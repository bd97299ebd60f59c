import type { Command } from "commander"
import { exitCodes } from "../exit-codes.ts"
import { perform, type Run } from "../perform.ts"
import { fsckText } from "../show/upkeep.ts"
import { type UpkeepOptions, upkeepOptions, withUpkeep } from "../with-upkeep.ts"

export function fsckCommand(program: Command, run: Run): void {
  upkeepOptions(
    program.command("fsck").description("Checks that the store keeps the engine's invariants, run by run."),
  ).action(
    perform<UpkeepOptions>(run, async (session, options) => {
      const report = await withUpkeep(session, options, (upkeep, onProgress) => upkeep.fsck(onProgress))
      session.show(report, () => fsckText(session.style, report))
      return report.findings.length === 0 ? exitCodes.done : exitCodes.failed
    }),
  )
}
