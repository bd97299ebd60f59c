import type { Command } from "commander"
import { perform, type Run } from "../perform.ts"

export function resumeAllCommand(program: Command, run: Run): void {
  program
    .command("resume-all")
    .description("Lets a restored store start work again, once somebody has looked.")
    .action(
      perform(run, async (session) => {
        const client = await session.client()
        const report = await client.admin.resumeAll()
        session.show(report, () =>
          report.resumed
            ? "steps are handed to agents again\n"
            : "nothing was held: steps are handed to agents already\n",
        )
      }),
    )
}
