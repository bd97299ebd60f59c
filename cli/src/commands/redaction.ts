/** `waybill redaction`: what may not be kept, tried on samples, put, and for an admin with a reason opened again. */
import type { Json } from "@waybill/contract"
import type { Command } from "commander"
import { collect, jsonOf, positive, textOf } from "../arguments.ts"
import { wrongUse } from "../failure.ts"
import { perform, type Run } from "../perform.ts"
import { effectiveText, triedText, versionTable } from "../show/redaction.ts"
import type { Terminal } from "../terminal.ts"

interface Scope {
  readonly workflow?: string
}

const WORKFLOW = ["--workflow <id>", "of this workflow; without it: of the workspace"] as const

export function redactionShow(group: Command, run: Run): void {
  group
    .command("show")
    .description("What is done to values now, with all that comes from wider policies and from Waybill itself.")
    .option(...WORKFLOW)
    .action(
      perform<Scope>(run, async (session, { workflow }) => {
        const client = await session.client()
        const effective = await client.redaction.effective(workflow)
        session.show(effective, () => effectiveText(session.style, effective))
      }),
    )
}

export function redactionVersions(group: Command, run: Run): void {
  group
    .command("versions")
    .description("What held before, newest first.")
    .option(...WORKFLOW)
    .option("--limit <n>", "at most so many", positive, 50)
    .action(
      perform<Scope & { limit: number }>(run, async (session, { workflow, limit }) => {
        const client = await session.client()
        const page = await client.redaction.versions({ workflowId: workflow, limit })
        session.show(page, () => versionTable(session.style, page.items, session.now()))
      }),
    )
}

interface PutOptions extends Scope {
  readonly note?: string
  readonly basedOn?: number
  readonly none?: boolean
}

export function redactionPut(group: Command, run: Run): void {
  group
    .command("put")
    .description("Puts a policy: it holds for everything that comes in from now on; what is kept stays as it is.")
    .argument("[file]", "the policy as JSON, - for standard input")
    .option(...WORKFLOW)
    .option("--none", "take the scope's policy back; the wider one holds")
    .option("--note <text>", "why")
    .option("--based-on <version>", "the version it was made from: another one since then is refused", positive)
    .action(
      perform<PutOptions>(run, async (session, { workflow, note, basedOn, none = false }, file) => {
        if ((file === undefined) !== none) throw wrongUse("name a file with a policy, or say --none")
        const policy = none ? null : await policyIn(session.terminal, file!)
        const client = await session.client()
        const put = await client.redaction.put({
          policy,
          workflowId: workflow ?? null,
          ...(note !== undefined && { note }),
          ...(basedOn !== undefined && { basedOn }),
        })
        const whose = put.workflowId === null ? "the workspace" : put.workflowId
        session.show(put, () => `the policy of ${whose} is at version ${put.version}${none ? ": taken back" : ""}\n`)
      }),
    )
}

interface TryOptions extends Scope {
  readonly sample: readonly string[]
}

export function redactionTry(group: Command, run: Run): void {
  group
    .command("try")
    .description("What a policy would do to samples. Nothing of them is kept.")
    .argument("[file]", "the policy as JSON, - for standard input; without it: the one that holds")
    .option(...WORKFLOW)
    .requiredOption("--sample <json>", "a value as it could come in; may stand several times", collect)
    .action(
      perform<TryOptions>(run, async (session, { workflow, sample }, file) => {
        const policy = file === undefined ? {} : { policy: await policyIn(session.terminal, file) }
        const samples = sample.map((text) => ({ value: jsonOf("--sample", text)! }))
        const client = await session.client()
        const tried = await client.redaction.dryRun({ ...policy, workflowId: workflow ?? null, samples })
        session.show(tried, () => triedText(session.style, tried))
      }),
    )
}

export function redactionReveal(group: Command, run: Run): void {
  group
    .command("reveal")
    .description("Opens tokens. That you did, and why, stands in the audit before you see anything.")
    .argument("<text>", "a token, or a text with tokens in it")
    .requiredOption("--reason <text>", "why you need to know")
    .action(
      perform<{ reason: string }>(run, async (session, { reason }, text) => {
        const client = await session.client()
        const revealed = await client.redaction.reveal({ value: text!, reason })
        session.show(revealed, () => {
          const { value } = revealed
          return `${typeof value === "string" ? value : JSON.stringify(value)}\n`
        })
        if (revealed.opened === 0) session.note("there was no token in it that this server can open\n")
      }),
    )
}

async function policyIn(terminal: Terminal, file: string): Promise<Json> {
  return jsonOf(file, await textOf(terminal, file))!
}
