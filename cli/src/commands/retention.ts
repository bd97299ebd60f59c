/** `waybill retention`: how long what is kept, what would go next, and going through with it now. */
import type { Json } from "@waybill/contract"
import { type Command, InvalidArgumentError } from "commander"
import { jsonOf, positive } from "../arguments.ts"
import { exitCodes } from "../exit-codes.ts"
import { wrongUse } from "../failure.ts"
import { perform, type Run } from "../perform.ts"
import {
  archiveLine,
  batchTable,
  erasedText,
  previewTable,
  purgedText,
  retentionLine,
  sampledLines,
} from "../show/retention.ts"

export function retentionShow(group: Command, run: Run): void {
  group
    .command("show")
    .description("How long the workspace keeps what.")
    .action(
      perform(run, async (session) => {
        const client = await session.client()
        const kept = await client.retention.get()
        session.show(
          kept,
          () => `${retentionLine(session.style, kept.version, kept.policy)}${archiveLine(kept)}${sampledLines(kept)}`,
        )
      }),
    )
}

export function retentionArchived(group: Command, run: Run): void {
  group
    .command("archived")
    .description("What lies in the archive: batches of finished runs, newest first.")
    .option("--limit <n>", "at most so many", positive, 50)
    .action(
      perform<{ limit: number }>(run, async (session, { limit }) => {
        const client = await session.client()
        const page = await client.retention.archived({ limit })
        session.show(page, () => batchTable(session.style, page))
      }),
    )
}

interface PutOptions extends Days {
  readonly note?: string
  readonly basedOn?: number
}

interface Days {
  readonly logs?: string
  readonly io?: string
  readonly events?: string
  readonly summaries?: string
  readonly archive?: boolean
  readonly sample?: readonly string[] | boolean
  readonly sampleAfter?: number
}

function withDays(command: Command): Command {
  return command
    .option("--logs <days>", "what agents logged; `ever` for ever")
    .option("--io <days>", "what events say: inputs, results, values; `ever` for ever")
    .option("--events <days>", "the events themselves")
    .option("--summaries <days>", "rows of runs, steps, approvals and remarks")
    .option("--archive", "what values and events are cleared away is archived first")
    .option("--no-archive", "it is not")
    .option("--sample <workflow=n>", "of its completed runs one in n is kept; may stand several times", collected)
    .option("--no-sample", "all are kept")
    .option("--sample-after <hours>", "so long after its end a run is sampled (24 unless said)", hours)
}

export function retentionPut(group: Command, run: Run): void {
  withDays(group.command("put"))
    .description("Says how long what is kept. What is due by it goes within the hour: look at `preview` first.")
    .option("--note <text>", "why")
    .option("--based-on <version>", "the version it was made from: another one since then is refused", positive)
    .action(
      perform<PutOptions>(run, async (session, { note, basedOn, ...days }) => {
        const policy = policyOf(days)
        if (policy === null)
          throw wrongUse("say at least one of --logs, --io, --events, --summaries, --archive and --sample")
        const client = await session.client()
        const put = await client.retention.put({
          policy,
          ...(note !== undefined && { note }),
          ...(basedOn !== undefined && { basedOn }),
        })
        session.show(put, () => retentionLine(session.style, put.version, put.policy))
      }),
    )
}

export function retentionPreview(group: Command, run: Run): void {
  withDays(group.command("preview"))
    .description("What the next purge takes, under the policy that holds or under another. Nothing goes.")
    .action(
      perform<Days>(run, async (session, days) => {
        const policy = policyOf(days)
        const client = await session.client()
        const preview = await client.retention.preview(policy === null ? {} : { policy })
        session.show(preview, () => previewTable(session.style, preview))
      }),
    )
}

export function retentionPurge(group: Command, run: Run): void {
  group
    .command("purge")
    .description("Clears away all that is due now, instead of within the hour. It cannot be undone.")
    .option("--yes", "go through with it")
    .action(
      perform<{ yes?: boolean }>(run, async (session, { yes = false }) => {
        if (!yes)
          throw wrongUse("what goes cannot be brought back", "Look at `waybill retention preview`, then add --yes.")
        const client = await session.client()
        const report = await client.retention.purge()
        session.show(report, () => purgedText(report))
      }),
    )
}

export function retentionErase(group: Command, run: Run): void {
  group
    .command("erase")
    .description("Takes one finished run away before its time, out of the archive too. It cannot be undone.")
    .argument("<run>", "its id")
    .requiredOption("--reason <text>", "why: it stands in the audit")
    .option("--yes", "go through with it")
    .action(
      perform<{ reason: string; yes?: boolean }>(run, async (session, { reason, yes = false }, runId) => {
        if (!yes) throw wrongUse("what goes cannot be brought back", "Look at `waybill runs show`, then add --yes.")
        const client = await session.client()
        const erased = await client.retention.erase(runId!, { reason })
        session.show(erased, () => erasedText(erased))
        return erased.state === "erased" ? exitCodes.done : exitCodes.failed
      }),
    )
}

function policyOf(days: Days): Json | null {
  const named = Object.entries({ logs: days.logs, io: days.io, events: days.events, summaries: days.summaries })
  const said = named.filter(([, text]) => text !== undefined)
  const sampling = samplingOf(days)
  if (said.length === 0 && days.archive === undefined && sampling === undefined) return null
  return {
    ...Object.fromEntries(
      said.map(([name, text]) => [name, text === "ever" ? null : (jsonOf(`--${name}`, text) ?? null)]),
    ),
    ...(days.archive !== undefined && { archive: days.archive }),
    ...(sampling !== undefined && { sampling }),
  }
}

function samplingOf({ sample, sampleAfter }: Days): Json | undefined {
  if (sample === false) return null
  if (sample === undefined || sample === true) {
    if (sampleAfter !== undefined) throw wrongUse("--sample-after goes with --sample")
    return undefined
  }
  return { afterHours: sampleAfter ?? 24, rules: sample.map(ruleOf) }
}

/** The server says what is wrong with the numbers. */
function ruleOf(text: string): Json {
  const [, workflow, number] = /^(.+)=(\d+)$/.exec(text) ?? []
  if (workflow === undefined) throw wrongUse(`--sample ${text}: write a workflow and a number, as in ticks_*=100`)
  return { workflow, keepOneIn: Number(number) }
}

function collected(text: string, before: readonly string[] | boolean | undefined): readonly string[] {
  return Array.isArray(before) ? [...before, text] : [text]
}

function hours(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError("Whole hours.")
  return Number(text)
}
