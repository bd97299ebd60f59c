import type { Command } from "commander"
import { perform, type Run } from "../perform.ts"
import { rebuildText } from "../show/upkeep.ts"
import { type UpkeepOptions, upkeepOptions, withUpkeep } from "../with-upkeep.ts"

interface Options extends UpkeepOptions {
  readonly run?: string
}

export function rebuildCommand(program: Command, run: Run): void {
  upkeepOptions(program.command("rebuild").description("Makes the rows that lists read again from the events."))
    .option("--run <id>", "only this run's")
    .action(
      perform<Options>(run, async (session, options) => {
        const report = await withUpkeep(session, options, (upkeep, onProgress) =>
          upkeep.rebuild({ runId: options.run }, onProgress),
        )
        session.show(report, () => rebuildText(session.style, report))
      }),
    )
}
