import type { Command } from "commander"
import { positive } from "../arguments.ts"
import { wrongUse } from "../failure.ts"
import { perform, type Run } from "../perform.ts"
import { standingLine } from "../show/standing.ts"

interface Options {
  readonly step?: string
  readonly logLine?: number
  readonly withdraw?: string
}

export function runsAnnotate(group: Command, run: Run): void {
  group
    .command("annotate")
    .description("Writes a note beside a run; its history stays as it is.")
    .argument("<run>", "the run's id")
    .argument("[note]", "what is to be said")
    .option("--step <id>", "about this step of it")
    .option("--log-line <number>", "about this line of its log", positive)
    .option("--withdraw <annotation>", "takes an earlier note back; it stays in the trail")
    .action(
      perform<Options>(run, async (session, { step, logLine, withdraw }, runId, note) => {
        if ((note === undefined) === (withdraw === undefined)) throw wrongUse("say a note, or --withdraw one")
        if (step !== undefined && withdraw !== undefined) throw wrongUse("--step belongs to a note")
        if (logLine !== undefined && withdraw !== undefined) throw wrongUse("--log-line belongs to a note")
        const client = await session.client()
        if (withdraw !== undefined) {
          const after = await client.runs.withdrawAnnotation(runId!, withdraw)
          return session.show(after, () => standingLine(session.style, after))
        }
        const said = await client.runs.annotate(runId!, {
          note: note!,
          ...(step !== undefined && { stepId: step }),
          ...(logLine !== undefined && { logLine }),
        })
        session.show(said, () => `${session.style.bold(said.runId)} has the note ${said.annotationId}\n`)
      }),
    )
}
