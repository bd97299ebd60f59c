import type { Command } from "commander"
import { exitCodes } from "../exit-codes.ts"
import { perform, type Run } from "../perform.ts"
import { doctorText } from "../show/doctor.ts"

export function doctorCommand(program: Command, run: Run): void {
  program
    .command("doctor")
    .description("Says how this Waybill is set up and whether it is well: configuration, versions, disk, server.")
    .action(
      perform(run, async (session) => {
        const { examine } = await import("../offline/examine.ts")
        const report = await examine(session)
        session.show(report, () => doctorText(session.style, report))
        if (report.problems.length > 0) return exitCodes.failed
        return report.server.answers ? exitCodes.done : exitCodes.notThere
      }),
    )
}
