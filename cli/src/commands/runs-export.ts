import type { Command } from "commander"
import { exitCodes } from "../exit-codes.ts"
import { CommandFailure, wrongUse } from "../failure.ts"
import { openSink } from "../file-sink.ts"
import { perform, type Run } from "../perform.ts"
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
  const bytes = await save(session, await client.runs.exportRun(runId), out)
  if (out !== undefined) session.show({ runId, file: out, bytes }, () => `${out}: ${runId}, ${sizeText(bytes)}\n`)
}

async function exportMany(session: Session, query: string, { format, out }: Options): Promise<void> {
  const client = await session.client()
  const file = await client.runs.export({ query, format: format ?? ending(out) ?? "csv" })
  const bytes = await save(session, file, out)
  if (out !== undefined) session.show({ file: out, query, bytes }, () => `${out}: ${bytes} bytes\n`)
}

/** The answer is there before the file is: what is refused leaves none behind. */
async function save(session: Session, file: Response, out: string | undefined): Promise<number> {
  const sink = await openSink(session.terminal, out ?? null)
  let bytes = 0
  try {
    for await (const text of file.body!.pipeThrough(new TextDecoderStream())) {
      bytes += Buffer.byteLength(text)
      await sink.write(text)
    }
  } catch (error) {
    throw notWhole(out, error)
  } finally {
    await sink.end()
  }
  return bytes
}

function ending(file: string | undefined): string | null {
  return /\.(csv|json|ndjson)$/.exec(file ?? "")?.[1] ?? null
}

function notWhole(out: string | undefined, error: unknown): CommandFailure {
  const why = error instanceof Error ? error.message : String(error)
  return new CommandFailure({
    code: "export_incomplete",
    detail: `${out ?? "what was written"} is not whole: ${why}`,
    hint: "Ask again; the server's log says what broke off.",
    exitCode: exitCodes.notThere,
  })
}
