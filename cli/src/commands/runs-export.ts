import type { Command } from "commander"
import { wrongUse } from "../failure.ts"
import { perform, type Run } from "../perform.ts"
import { saveAnswer } from "../save-answer.ts"
import type { Session } from "../session.ts"
import { sizeText } from "../show/upkeep.ts"

interface Options {
  readonly query?: string
  readonly format?: string
  readonly out?: string
}

export function runsExport(group: Command, run: Run): void {
  group
    .command("export")
    .description("Everything there is about a run in one JSON document; or, with --query, many runs as a table.")
    .argument("[run]", "the run's id")
    .option("--query <query>", "the runs that match, in the language of `runs list --query`; '' is all")
    .option("--format <format>", "with --query: csv, json or ndjson; otherwise what the file's name ends with, or csv")
    .option("--out <file>", "into this file instead of standard output; it must not exist yet")
    .action(
      perform<Options>(run, async (session, options, runId) => {
        if ((runId === undefined) === (options.query === undefined))
          throw wrongUse("name one run, or many by --query", "For all runs, write --query ''.")
        if (options.query !== undefined) return exportMany(session, options.query, options)
        if (options.format !== undefined) throw wrongUse("--format belongs to --query", "One run is always JSON.")
        return exportOne(session, runId!, options.out)
      }),
    )
}

async function exportOne(session: Session, runId: string, out: string | undefined): Promise<void> {
  const client = await session.client()
  const bytes = await saveAnswer(session, await client.runs.exportRun(runId), out)
  if (out !== undefined) session.show({ runId, file: out, bytes }, () => `${out}: ${runId}, ${sizeText(bytes)}\n`)
}

async function exportMany(session: Session, query: string, { format, out }: Options): Promise<void> {
  const client = await session.client()
  const file = await client.runs.export({ query, format: format ?? ending(out) ?? "csv" })
  const bytes = await saveAnswer(session, file, out)
  if (out !== undefined) session.show({ file: out, query, bytes }, () => `${out}: ${bytes} bytes\n`)
}

function ending(file: string | undefined): string | null {
  return /\.(csv|json|ndjson)$/.exec(file ?? "")?.[1] ?? null
}
