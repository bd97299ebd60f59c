import type { Command } from "commander"
import { exportRun } from "../export-run.ts"
import { perform, type Run } from "../perform.ts"
import { counted } from "../show/upkeep.ts"

export function runsExport(group: Command, run: Run): void {
  group
    .command("export")
    .description("Everything there is about a run in one JSON document: the run, its steps, approvals and events.")
    .argument("<run>", "the run's id")
    .option("--out <file>", "into this file instead of standard output; it must not exist yet")
    .action(
      perform<{ readonly out?: string }>(run, async (session, { out }, runId) => {
        const client = await session.client()
        const counts = await exportRun(session.terminal, client, runId!, out ?? null)
        if (out === undefined) return
        session.show({ runId, file: out, ...counts }, () => {
          const { steps, approvals, events } = counts
          return `${out}: ${runId} with ${counted(steps, "step")}, ${counted(approvals, "approval")}, ${counted(events, "event")}\n`
        })
      }),
    )
}
