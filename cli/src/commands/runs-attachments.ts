/** `runs attach` and `runs attachments`: files of a run, added, listed, and saved as they were kept. */
import { createHash } from "node:crypto"
import { mkdir, readFile } from "node:fs/promises"
import { basename, extname, join, resolve } from "node:path"
import type { Attachment } from "@waybill/contract"
import type { Client } from "@waybill/sdk"
import type { Command } from "commander"
import { exitCodes } from "../exit-codes.ts"
import { CommandFailure } from "../failure.ts"
import { openSink } from "../file-sink.ts"
import { everyPage } from "../pages.ts"
import { perform, type Run } from "../perform.ts"
import type { Session } from "../session.ts"
import { attachmentTable } from "../show/attachments.ts"
import { sizeText } from "../show/upkeep.ts"

interface AttachOptions {
  readonly name?: string
  readonly type?: string
}

export function runsAttach(group: Command, run: Run): void {
  group
    .command("attach")
    .description("Attaches a file to a run, also to one that has ended; what is text is redacted before it is kept.")
    .argument("<run>", "the run's id")
    .argument("<file>", "the file")
    .option("--name <name>", "what it is called there; otherwise its own name")
    .option("--type <type>", "its content type; otherwise by what its name ends with")
    .action(
      perform<AttachOptions>(run, async (session, options, runId, file) => {
        const content = await contentOf(session, file!)
        const name = options.name ?? basename(file!)
        const contentType = options.type ?? typeOf(name)
        const client = await session.client()
        const made = await client.runs.attach(runId!, name, content, { contentType })
        const redacted = made.redacted ? ", redacted" : ""
        session.show(made, () => `${session.style.bold(made.name)}: ${sizeText(made.bytes)}${redacted}\n`)
      }),
    )
}

interface ListOptions {
  readonly save?: string
}

export function runsAttachments(group: Command, run: Run): void {
  group
    .command("attachments")
    .description(
      "The files of a run, each with a link that needs no key and expires; with --save, the files themselves.",
    )
    .argument("<run>", "the run's id")
    .option("--save <folder>", "into this folder; nothing that is there is overwritten")
    .action(
      perform<ListOptions>(run, async (session, { save }, runId) => {
        const client = await session.client()
        const items = await everyPage((cursor) => client.runs.attachments(runId!, { limit: 200, cursor }))
        if (save === undefined) return session.show({ items }, () => attachmentTable(session, items))
        const kept = items.filter(({ url }) => url !== null)
        const files = await saveAll(session, client, kept, save)
        const gone = items.length - kept.length
        session.show({ files, expired: gone }, () =>
          files.map(({ file, bytes }) => `${file}: ${sizeText(bytes)}\n`).join(""),
        )
        if (gone > 0) session.note(`${gone} more are past their retention\n`)
      }),
    )
}

async function saveAll(session: Session, client: Client, items: readonly Attachment[], folder: string) {
  await mkdir(resolve(session.terminal.cwd, folder), { recursive: true })
  const taken = new Set<string>()
  const files: { readonly attachmentId: string; readonly file: string; readonly bytes: number }[] = []
  for (const one of items) {
    const file = join(folder, nameFor(one, taken))
    await saveOne(session, client, one, file)
    files.push({ attachmentId: one.attachmentId, file, bytes: one.bytes })
  }
  return files
}

async function saveOne(session: Session, client: Client, { url, sha256 }: Attachment, file: string): Promise<void> {
  const answer = await client.runs.attachmentContent(url!)
  const sink = await openSink(session.terminal, file)
  const digest = createHash("sha256")
  try {
    for await (const part of answer.body!) {
      digest.update(part)
      await sink.write(part)
    }
  } finally {
    await sink.end()
  }
  if (digest.digest("hex") === sha256) return
  throw new CommandFailure({
    code: "export_incomplete",
    detail: `${file} is not what the server keeps`,
    hint: "Remove it and ask again.",
    exitCode: exitCodes.notThere,
  })
}

/** No folder, whatever the server says; of two that are called alike the second has its number in its name. */
function nameFor({ name, number }: Attachment, taken: Set<string>): string {
  const own = basename(name).replace(/^\.+$/, "_") || "_"
  const end = extname(own)
  const free = taken.has(own) ? `${own.slice(0, own.length - end.length)}-${number}${end}` : own
  taken.add(free)
  return free
}

async function contentOf(session: Session, file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(resolve(session.terminal.cwd, file)))
  } catch (error) {
    throw new CommandFailure({
      code: "file_unreadable",
      detail: `${file} cannot be read: ${(error as Error).message}`,
      exitCode: exitCodes.wrongUse,
    })
  }
}

const types: Readonly<Record<string, string>> = {
  ".csv": "text/csv",
  ".htm": "text/html",
  ".html": "text/html",
  ".jpg": "image/jpeg",
  ".json": "application/json",
  ".log": "text/plain",
  ".md": "text/markdown",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".txt": "text/plain",
  ".xml": "application/xml",
  ".yaml": "application/yaml",
  ".yml": "application/yaml",
  ".zip": "application/zip",
}

function typeOf(name: string): string {
  return types[extname(name).toLowerCase()] ?? "application/octet-stream"
}
