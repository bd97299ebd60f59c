/**
 * An archive checked by itself, where nothing else is left of a server: every batch in a folder is what its name says, its
 * files are those of its manifest, the events of every run lead to its head, and what was attached is what it was. Whether a batch is missing as a whole
 * only the store knows.
 */
import { readdir, readFile, stat } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import type { ArchiveBatch, ArchiveReport, BatchFinding } from "../../../ports/archive-shelf.ts"
import { contentPath, type Manifest, readBatch } from "./batch-files.ts"
import { sha256Hex } from "./gather.ts"
import type { Attached } from "./messages.ts"

type Progress = (at: { readonly runs: number; readonly events: number }) => void

const findingsMax = 1_000
/** A manifest beyond that is none of ours: of 500 runs it has some hundred kilobytes. */
const manifestBytesMax = 64 << 20

/** @throws where the folder cannot be read */
export async function verifyFolder(folder: string, progress?: Progress): Promise<ArchiveReport> {
  const findings: (BatchFinding & { readonly batchId: string })[] = []
  let [batches, runs, events] = [0, 0, 0]
  for await (const place of batchFolders(folder)) {
    const found = await checkFolder(place)
    batches++
    runs += found.runs
    events += found.events
    for (const finding of found.findings)
      if (findings.length < findingsMax) findings.push({ ...finding, batchId: basename(place) })
    progress?.({ runs, events })
  }
  return { batches, runs, events, findings }
}

async function* batchFolders(folder: string): AsyncGenerator<string> {
  for (const workspace of await named(folder, "workspace="))
    for (const month of await named(join(folder, workspace), "month="))
      for (const batch of await named(join(folder, workspace, month), "")) {
        const place = join(folder, workspace, month, batch)
        // A crash leaves folders with nothing, or with what never got its name.
        if ((await readdir(place)).some((name) => !name.startsWith("."))) yield place
      }
}

async function named(folder: string, start: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries.flatMap((entry) => (entry.isDirectory() && entry.name.startsWith(start) ? [entry.name] : [])).sort()
}

async function checkFolder(place: string) {
  const alone = (what: BatchFinding["what"]) => ({ runs: 0, events: 0, findings: [{ runId: "", seq: 0, what }] })
  const manifest = await contentOf(join(place, "manifest.json"), manifestBytesMax)
  if (manifest === null) return alone("archive_unfinished")
  const sha256 = sha256Hex(manifest)
  // A batch is called by what its manifest holds: one that was altered has another name.
  if (!basename(place).endsWith(`-${sha256.slice(0, 16)}`)) return alone("archive_altered")
  const says = JSON.parse(new TextDecoder().decode(manifest)) as Manifest
  const batch = batchOf(place, says, manifest.length, sha256)
  const contents: [string, Uint8Array][] = [["manifest", manifest]]
  for (const { table, name, bytes } of batch.files) {
    const content = table === "manifest" ? null : await contentOf(name, bytes)
    if (content !== null) contents.push([table, content])
  }
  const { check } = await readBatch(batch, contents, () => null)
  if (await hasAll(dirname(dirname(place)), says.attached ?? [])) return check
  return { ...check, findings: [...check.findings, { runId: "", seq: 0, what: "archive_attachment" as const }] }
}

async function hasAll(workspace: string, attached: readonly Attached[]): Promise<boolean> {
  for (const { sha256, bytes } of attached) {
    const content = await contentOf(join(workspace, contentPath(sha256)), bytes)
    if (content === null || sha256Hex(content) !== sha256) return false
  }
  return true
}

function batchOf(place: string, manifest: Manifest, bytes: number, sha256: string): ArchiveBatch {
  const { workspaceId, from, to, runs } = manifest
  const files = manifest.files.map((file) => ({ ...file, name: join(place, `${file.table}.parquet`) }))
  files.push({ table: "manifest", name: join(place, "manifest.json"), bytes, sha256, rows: runs.length })
  return {
    batchId: basename(place),
    workspaceId,
    from,
    to,
    firstAt: runs[0]?.completedAt ?? to.completedAt,
    runs: runs.length,
    events: runs.reduce((sum, { events }) => sum + events, 0),
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    files,
  }
}

/** Null: it is not there. One that is longer than it was is read as far as that shows. */
async function contentOf(path: string, bytesMax: number): Promise<Uint8Array | null> {
  const found = await stat(path).catch(() => null)
  if (found === null) return null
  return found.size > bytesMax ? new Uint8Array() : readFile(path)
}
