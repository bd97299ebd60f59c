import type { Command } from "commander"
import { jsonOf, textOf } from "../arguments.ts"
import { wrongUse } from "../failure.ts"
import { perform, type Run } from "../perform.ts"

interface Options {
  readonly data?: string
  readonly dataFile?: string
  readonly id?: string
}

export function runsSignal(group: Command, run: Run): void {
  group
    .command("signal")
    .description("Sends a signal to a run. It is kept until a state listens for it.")
    .argument("<run>", "the run's id")
    .argument("<name>", "the signal's name")
    .option("--data <json>", "what it carries")
    .option("--data-file <file>", "the same from a file, - for standard input")
    .option("--id <id>", "makes a second sending harmless: the same id is taken once")
    .action(
      perform<Options>(run, async (session, { data, dataFile, id }, runId, name) => {
        if (data !== undefined && dataFile !== undefined) throw wrongUse("--data and --data-file both bring the data")
        const text = dataFile === undefined ? data : await textOf(session.terminal, dataFile)
        const value = jsonOf(dataFile ?? "--data", text)
        const client = await session.client()
        const receipt = await client.runs.signal(runId!, {
          name: name!,
          ...(id !== undefined && { id }),
          ...(value !== undefined && { data: value }),
        })
        const again = receipt.replayed ? ", which was taken before" : ""
        session.show(receipt, () => `${receipt.runId} has the signal ${name} (${receipt.signalId}${again})\n`)
      }),
    )
}
