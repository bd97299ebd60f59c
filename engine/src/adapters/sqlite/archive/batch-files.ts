/** A batch as files and back. What it is called follows from what is in it: packed again, the same runs are the same batch. */
import type { ArchiveBatch, ArchiveFile, ArchivePlace, BatchCheck, BatchFinding } from "../../../ports/archive-shelf.ts"
import { schemaVersion } from "../schema.ts"
import { type BatchTable, batchTables } from "./batch-tables.ts"
import { blobsIn, type Gathered, type GatheredRun, isWhole, sha256Hex } from "./gather.ts"
import type { Attached, Contents } from "./messages.ts"
import { type Column, fromParquet, type TableRow, toParquet } from "./tables.ts"

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
  /** What was attached to the runs and lies beside the batches, by sum; absent: nothing. */
  readonly attached?: readonly Attached[]
  /** Runs that were in it and were erased: how long each one's chain was, and what it ended with. */
  readonly erased?: readonly ErasedRun[]
  /** The batch that this one was before the last of them was erased, by the sum of its manifest. */
  readonly replaces?: { readonly batchId: string; readonly sha256: string }
}

export interface ErasedRun {
  readonly runId: string
  readonly seq: number
  readonly headHash: string
  /** When it was asked for. */
  readonly at: number
}

export interface PackedBatch {
  readonly batch: ArchiveBatch
  readonly contents: Contents
}

export function packBatch(
  { call, runs, rows, hasLogs }: Gathered,
  columns: (table: string) => readonly Column[],
  blobs: readonly Blob[],
  attached: readonly Attached[],
): PackedBatch {
  const [first, last] = [runs[0]!, runs[runs.length - 1]!]
  const { workspaceId, from } = call
  const to = { completedAt: last.completedAt, runKey: last.runKey }
  const day = new Date(first.completedAt).toISOString().slice(0, 10)
  const place = { name: `${day}-${first.runKey}`, firstAt: first.completedAt }
  const says = { format: 1, schema: schemaVersion, workspaceId, from, to, runs, ...named(attached) } as const
  return packed(place, says, rows, columns, blobs, hasLogs)
}

/** A batch to which nothing is attached says nothing of it, as those did that were written before. */
function named(attached: readonly Attached[]): Pick<Manifest, "attached"> {
  return attached.length === 0 ? {} : { attached }
}

export type BatchRows = { readonly [T in BatchTable]: readonly TableRow[] }

interface BatchPlace {
  /** What it is called in front of the sum of its manifest. */
  readonly name: string
  readonly firstAt: number
}

/** Files with their sums, and a manifest that names them. */
function packed(
  { name, firstAt }: BatchPlace,
  says: Omit<Manifest, "files">,
  rows: BatchRows,
  columns: (table: string) => readonly Column[],
  blobs: readonly Blob[],
  hasLogs: boolean,
): PackedBatch {
  const { workspaceId, from, to, runs } = says
  const tables: [string, readonly Column[], readonly TableRow[]][] = Object.entries(batchTables).map(([own, table]) => [
    own,
    columns(table),
    rows[own as BatchTable],
  ])
  if (blobs.length > 0) tables.push(["blobs", blobColumns, blobs.map(([hash, value]) => ({ hash, value }))])
  const contents: [string, Uint8Array][] = []
  const files: Omit<ArchiveFile, "name">[] = []
  const add = (table: string, bytes: Uint8Array, count: number) => {
    contents.push([table, bytes])
    files.push({ table, bytes: bytes.length, sha256: sha256Hex(bytes), rows: count })
  }
  // An empty file of logs says that they were kept until then, and that there were none.
  for (const [own, named, read] of tables)
    if (read.length > 0 || (own === "logs" && hasLogs)) add(own, toParquet(named, read), read.length)
  const manifest: Manifest = { ...says, files: [...files] }
  add("manifest", new TextEncoder().encode(JSON.stringify(manifest)), runs.length)
  const sha256 = files[files.length - 1]!.sha256
  const batchId = `${name}-${sha256.slice(0, 16)}`
  const folder = `${workspaceFolder(workspaceId)}/month=${name.slice(0, 7)}/${batchId}`
  const placed = files.map((file) => ({
    ...file,
    name: `${folder}/${file.table}.${file.table === "manifest" ? "json" : "parquet"}`,
  }))
  const batch = {
    batchId,
    workspaceId,
    from,
    to,
    firstAt,
    runs: runs.length,
    events: rows.events.length,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    files: placed,
  }
  return { batch, contents }
}

/** Of a content, in the archive: apart by workspace, since what is equal lies there once. */
export function contentName(workspaceId: string, sha256: string): string {
  return `${workspaceFolder(workspaceId)}/${contentPath(sha256)}`
}

export function contentPath(sha256: string): string {
  return `attachments/${sha256.slice(0, 2)}/${sha256}`
}

function workspaceFolder(workspaceId: string): string {
  return `workspace=${namePart(workspaceId)}`
}

/**
 * The batch that is left of another without one of its runs: it covers the same ends, and says what it replaces. Null:
 * nothing is left.
 */
export function packWithout(
  batch: ArchiveBatch,
  { manifest, rows }: ReadBatch,
  runId: string,
  at: number,
  columns: (table: string) => readonly Column[],
): (PackedBatch & { readonly attached: readonly Attached[] }) | null {
  const gone = manifest.runs.find((run) => run.runId === runId)
  if (gone === undefined) throw new Error(`batch ${batch.batchId} does not hold run ${runId}`)
  const runs = manifest.runs.filter((run) => run !== gone)
  if (runs.length === 0) return null
  const left = (table: BatchTable) => (rows[table] ?? []).filter((row) => row.run_key !== gone.runKey)
  const events = left("events")
  const inEvents = new Set(blobsIn(events))
  const blobs = (rows.blobs ?? []).flatMap(({ hash, value }) =>
    inEvents.has(hash as string) ? [[hash as string, value as string] as const] : [],
  )
  const { files: _files, erased = [], attached: before = [], ...says } = manifest
  const ofOthers = new Set(left("attachments").flatMap(({ file, sha256 }) => (file === null ? [] : [sha256])))
  const attached = before.filter(({ sha256 }) => ofOthers.has(sha256))
  const sha256 = batch.files.find(({ table }) => table === "manifest")!.sha256
  const made = packed(
    { name: batch.batchId.slice(0, batch.batchId.lastIndexOf("-")), firstAt: batch.firstAt },
    {
      ...says,
      ...named(attached),
      runs,
      erased: [...erased, { runId, seq: gone.seq, headHash: gone.headHash, at }],
      replaces: { batchId: batch.batchId, sha256 },
    },
    {
      ...{ runs: left("runs"), steps: left("steps"), events, logs: left("logs") },
      ...{ remarks: left("remarks"), attachments: left("attachments") },
    },
    (table) => columnsThen(columns(table), rows[tableNamed(table)]?.[0]),
    blobs,
    rows.logs !== undefined,
  )
  return { ...made, attached }
}

function tableNamed(table: string): BatchTable {
  return Object.entries(batchTables).find(([, own]) => own === table)![0] as BatchTable
}

/** As the batch has them: a later release may have more columns, or fewer. */
function columnsThen(now: readonly Column[], row: TableRow | undefined): readonly Column[] {
  if (row === undefined) return now
  const known = new Map(now.map((column) => [column.name, column]))
  return Object.entries(row).map(
    ([name, cell]) => known.get(name) ?? { name, type: typeof cell === "number" ? "REAL" : "TEXT" },
  )
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
