/** A batch as files and back. What it is called follows from what is in it: packed again, the same runs are the same batch. */
import type { ArchiveBatch, ArchiveFile, ArchivePlace, BatchCheck, BatchFinding } from "../../../ports/archive-shelf.ts"
import { schemaVersion } from "../schema.ts"
import { type Gathered, type GatheredRun, isWhole, sha256Hex } from "./gather.ts"
import type { Contents } from "./messages.ts"
import { type Column, fromParquet, type TableRow, toParquet } from "./tables.ts"

/** The database's tables, by what their file is called. */
export const batchTables = {
  runs: "workflow_runs",
  steps: "workflow_run_steps",
  events: "workflow_run_events",
} as const
export type BatchTable = keyof typeof batchTables
type Blob = readonly [hash: string, text: string]

const blobColumns: readonly Column[] = [
  { name: "hash", type: "TEXT" },
  { name: "value", type: "TEXT" },
]

/** `manifest.json` of a batch. */
export interface Manifest {
  readonly format: 1
  /** Of the database that it was made from. */
  readonly schema: number
  readonly workspaceId: string
  readonly from: ArchivePlace
  readonly to: ArchivePlace
  readonly runs: readonly GatheredRun[]
  readonly files: readonly Omit<ArchiveFile, "name">[]
}

export function packBatch(
  gathered: Gathered,
  columns: (table: string) => readonly Column[],
  blobs: readonly Blob[],
): { readonly batch: ArchiveBatch; readonly contents: Contents } {
  const { call, runs, rows } = gathered
  const tables: [string, readonly Column[], readonly TableRow[]][] = Object.entries(batchTables).map(
    ([name, table]) => [name, columns(table), rows[name as BatchTable]],
  )
  if (blobs.length > 0) tables.push(["blobs", blobColumns, blobs.map(([hash, value]) => ({ hash, value }))])
  const contents: [string, Uint8Array][] = []
  const files: Omit<ArchiveFile, "name">[] = []
  const add = (table: string, bytes: Uint8Array, count: number) => {
    contents.push([table, bytes])
    files.push({ table, bytes: bytes.length, sha256: sha256Hex(bytes), rows: count })
  }
  for (const [name, named, read] of tables) if (read.length > 0) add(name, toParquet(named, read), read.length)
  const [first, last] = [runs[0]!, runs[runs.length - 1]!]
  const { workspaceId, from } = call
  const to = { completedAt: last.completedAt, runKey: last.runKey }
  const manifest: Manifest = { format: 1, schema: schemaVersion, workspaceId, from, to, runs, files: [...files] }
  add("manifest", new TextEncoder().encode(JSON.stringify(manifest)), runs.length)
  const sha256 = files[files.length - 1]!.sha256
  const day = new Date(first.completedAt).toISOString().slice(0, 10)
  const batchId = `${day}-${first.runKey}-${sha256.slice(0, 16)}`
  const folder = `workspace=${namePart(workspaceId)}/month=${day.slice(0, 7)}/${batchId}`
  const named = files.map((file) => ({
    ...file,
    name: `${folder}/${file.table}.${file.table === "manifest" ? "json" : "parquet"}`,
  }))
  const batch = {
    batchId,
    workspaceId,
    from,
    to,
    firstAt: first.completedAt,
    runs: runs.length,
    events: rows.events.length,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    files: named,
  }
  return { batch, contents }
}

export interface ReadBatch {
  readonly manifest: Manifest
  readonly rows: { readonly [table: string]: readonly TableRow[] }
}

export type HeadOf = (runId: string) => { readonly seq: number; readonly headHash: string } | null

/**
 * Every file is what it was, every table has its rows, and the events of every run lead to its head.
 * @param headOf as the store has it; null: it has nothing of the run any more, then the manifest's is what there is
 */
export async function readBatch(
  batch: ArchiveBatch,
  contents: Contents,
  headOf: HeadOf,
): Promise<{ readonly check: BatchCheck; readonly read: ReadBatch | null }> {
  const all: BatchFinding[] = []
  // Of the whole batch a thing is told once, however many of its files it is true of.
  const of = (what: BatchFinding["what"], runId = "", seq = 0) => {
    if (runId !== "" || all.every((one) => one.runId !== "" || one.what !== what)) all.push({ runId, seq, what })
  }
  const found = new Map(contents)
  for (const { table, bytes, sha256 } of batch.files) {
    const content = found.get(table)
    if (content === undefined) of("archive_missing")
    else if (content.length !== bytes || sha256Hex(content) !== sha256) of("archive_altered")
  }
  const failed = { check: { runs: 0, events: 0, findings: all }, read: null }
  if (all.length > 0) return failed
  const manifest = JSON.parse(new TextDecoder().decode(found.get("manifest"))) as Manifest
  const rows: { [table: string]: readonly TableRow[] } = {}
  for (const file of batch.files) {
    if (file.table === "manifest") continue
    rows[file.table] = await fromParquet(found.get(file.table)!)
    if (rows[file.table]!.length !== file.rows) of("archive_count")
  }
  if (manifest.runs.length !== batch.runs || (rows.events?.length ?? 0) !== batch.events) of("archive_count")
  const byRun = eventsByRun(rows.events ?? [])
  for (const run of manifest.runs) {
    const head = headOf(run.runId) ?? run
    const isRight = head.headHash === run.headHash && head.seq === run.seq
    const events = byRun.get(run.runKey) ?? []
    if (!isRight || events.length !== run.events || (run.whole && !isWhole(run, events)))
      of("archive_chain", run.runId, run.seq)
  }
  const check = { runs: manifest.runs.length, events: rows.events?.length ?? 0, findings: all }
  return { check, read: all.length === 0 ? { manifest, rows } : null }
}

function eventsByRun(events: readonly TableRow[]): ReadonlyMap<number, readonly TableRow[]> {
  const byRun = new Map<number, TableRow[]>()
  for (const event of events) {
    const runKey = event.run_key as number
    const own = byRun.get(runKey)
    if (own === undefined) byRun.set(runKey, [event])
    else own.push(event)
  }
  return byRun
}

/** As a part of a path, and of an address. */
function namePart(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)
}
