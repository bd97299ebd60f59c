/** The next runs of a workspace by their end, with all that leaves the store with their events. Reads a run at a time. */
import { hash } from "node:crypto"
import type Database from "better-sqlite3"
import { checkLink, genesisHash } from "../../../core/run/chain.ts"
import type { ArchivePlace } from "../../../ports/archive-shelf.ts"
import type { RawEvent } from "../../../ports/history-store.ts"
import type { BatchTable } from "./batch-tables.ts"
import type { Attached, GatherCall } from "./messages.ts"
import type { TableRow } from "./tables.ts"

export interface GatheredRun {
  readonly runKey: number
  readonly runId: string
  readonly completedAt: number
  readonly seq: number
  readonly headHash: string
  /** All events are there and lead to the head. One that is not whole any more is kept as it is, and said to be so. */
  readonly whole: boolean
  readonly events: number
}

export interface Gathered {
  readonly call: GatherCall
  readonly runs: readonly GatheredRun[]
  readonly rows: { readonly [T in BatchTable]: TableRow[] }
  /** What agents logged is there still: of all of them, or of none. */
  readonly hasLogs: boolean
  readonly blobs: readonly string[]
  /** Each content once. */
  readonly attached: readonly (Attached & { readonly file: string })[]
}

/** Rows of one statement: no read transaction is open for longer (rule 29). */
const rowsPerRead = 5_000
/** Rows of one batch that its begin writes; a run has some hundred at most. */
const attachedMax = 2_000
/** What an event takes besides what it says. */
const eventBytes = 300
const blobNamed = /"blob":"([0-9a-z]{16,128})"/g

export function sha256Hex(content: string | Uint8Array): string {
  return hash("sha256", content, "hex")
}

export function gather(db: Database.Database, call: GatherCall): Gathered | null {
  const { workspaceId, from, until, limits } = call
  const due = db
    .prepare<[string, number, number, number, number, number], GatheredRun>(
      `SELECT run_key AS "runKey", run_id AS "runId", completed_at AS "completedAt", seq, head_hash AS "headHash"
       FROM workflow_runs INDEXED BY workflow_runs_finished
       WHERE completed_at IS NOT NULL AND workspace_id = ? AND completed_at >= ?
         AND (completed_at, run_key) > (?, ?) AND completed_at <= ?
       ORDER BY completed_at, run_key LIMIT ?`,
    )
    .all(workspaceId, from.completedAt, from.completedAt, from.runKey, until, limits.runs)
  if (due.length === 0) return null
  const read = {
    runs: pages(db, "workflow_runs", "run_key"),
    steps: pages(db, "workflow_run_steps", "first_seq"),
    events: pages(db, "workflow_run_events", "seq"),
    logs: pages(db, "workflow_run_logs", "number"),
    remarks: pages(db, "workflow_run_remarks", "number"),
    attachments: pages(db, "workflow_run_attachments", "number"),
  }
  const hasLogs = isBehind(call.logsGone, due[0]!)
  const runs: GatheredRun[] = []
  const rows: { [T in BatchTable]: TableRow[] } = {
    runs: [],
    steps: [],
    events: [],
    logs: [],
    remarks: [],
    attachments: [],
  }
  let bytes = 0
  const attached = new Map<string, Attached & { readonly file: string }>()
  let attachedBytes = 0
  for (const run of due) {
    if (isBehind(call.logsGone, run) !== hasLogs) break
    const events = read.events(run.runKey)
    const logs = hasLogs ? read.logs(run.runKey) : []
    bytes += logs.reduce((sum, { message }) => sum + (message as string).length + eventBytes, 0)
    bytes += events.reduce((sum, { payload }) => sum + ((payload as string | null)?.length ?? 0) + eventBytes, 0)
    const files = read.attachments(run.runKey)
    attachedBytes += files.reduce((sum, { file, bytes: own }) => sum + (file === null ? 0 : (own as number)), 0)
    const isFull = bytes > limits.bytes || attachedBytes > limits.attachedBytes || attached.size > attachedMax
    if (isFull && runs.length > 0) break
    runs.push({ ...run, whole: isWhole(run, events), events: events.length })
    rows.runs.push(...read.runs(run.runKey))
    for (const step of read.steps(run.runKey)) rows.steps.push(step)
    for (const event of events) rows.events.push(event)
    for (const line of logs) rows.logs.push(line)
    for (const remark of read.remarks(run.runKey)) rows.remarks.push(remark)
    for (const attachment of files) rows.attachments.push(attachment)
    for (const { sha256, bytes: own, file } of files)
      if (file !== null) attached.set(file as string, { sha256, bytes: own, file } as Attached & { file: string })
  }
  return { call, runs, rows, hasLogs, blobs: blobsIn(rows.events), attached: [...attached.values()] }
}

function isBehind(place: ArchivePlace, { completedAt, runKey }: ArchivePlace): boolean {
  return completedAt > place.completedAt || (completedAt === place.completedAt && runKey > place.runKey)
}

/** All rows of a run, by its key. */
function pages(db: Database.Database, table: string, order: string): (runKey: number) => TableRow[] {
  const page = db.prepare<[number, number, number], TableRow>(
    `SELECT * FROM ${table} WHERE run_key = ? AND ${order} > ? ORDER BY ${order} LIMIT ?`,
  )
  return (runKey) => {
    const rows: TableRow[] = []
    for (let after = -1; ; ) {
      const read = page.all(runKey, after, rowsPerRead)
      if (rows.length === 0 && read.length < rowsPerRead) return read
      for (const row of read) rows.push(row)
      if (read.length < rowsPerRead) return rows
      after = read[read.length - 1]![order] as number
    }
  }
}

/** Names of large values, each once. */
export function blobsIn(events: readonly TableRow[]): readonly string[] {
  const found = new Set<string>()
  for (const { payload } of events)
    for (const [, hash] of (payload as string | null)?.matchAll(blobNamed) ?? []) found.add(hash!)
  return [...found].sort()
}

/** In the order of their seq. */
export function isWhole(
  { runId, seq, headHash }: Pick<GatheredRun, "runId" | "seq" | "headHash">,
  events: readonly TableRow[],
): boolean {
  let prev = { seq: 0, hash: genesisHash }
  for (const row of events) {
    const event = rawEvent(row)
    if (checkLink(sha256Hex, runId, prev, event) !== null) return false
    prev = event
  }
  return prev.seq === seq && prev.hash === headHash
}

function rawEvent(row: TableRow): RawEvent {
  const { seq, v, type, at, actor, step_id, payload, salt, payload_hash, prev_hash, hash } = row
  return {
    seq,
    v,
    type,
    at,
    actor,
    stepId: step_id,
    payload,
    salt,
    payloadHash: payload_hash,
    prevHash: prev_hash,
    hash,
  } as RawEvent
}
