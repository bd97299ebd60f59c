/**
 * The port `ArchiveShelf`: batches as rows, packing and checking on the archive's thread. How far a workspace is archived
 * moves in the commit that keeps a batch, so that a run may leave the store only when it lies in the archive.
 */

import { createHash } from "node:crypto"
import { setImmediate as turn } from "node:timers/promises"
import type Database from "better-sqlite3"
import type {
  ArchiveBatch,
  ArchivedContent,
  ArchiveFile,
  ArchivePlace,
  ArchivePreview,
  ArchiveShelf,
  ArchiveTotals,
  BatchCheck,
  BatchContents,
  BatchState,
  BatchWithout,
  ListedBatch,
  Packed,
  PackedContent,
  PackLimits,
} from "../../../ports/archive-shelf.ts"
import { ArchiveDamaged } from "../../../ports/archive-store.ts"
import type { ContentFiles } from "../../../ports/attachments.ts"
import type { BlobStore } from "../../../ports/blob-store.ts"
import type { ReaderPool } from "../reader-pool.ts"
import type { SideLane } from "../side-lane.ts"
import type { ArchiveThread } from "./archive-thread.ts"
import { contentName } from "./batch-files.ts"
import type { Attached } from "./messages.ts"

export interface ShelfParts {
  readonly db: Database.Database
  readonly lane: SideLane
  readonly readers: ReaderPool
  readonly blobs: BlobStore
  /** Of attachments. */
  readonly contents: Pick<ContentFiles, "open">
  readonly thread: ArchiveThread
}

interface BatchRow {
  readonly batchId: string
  readonly workspaceId: string
  readonly fromAt: number
  readonly fromKey: number
  readonly toAt: number
  readonly toKey: number
  readonly firstAt: number
  readonly runs: number
  readonly events: number
  readonly bytes: number
  readonly files: string
  readonly state: BatchState
  readonly at: number
}

/** Of a content: less than a millisecond of the loop. */
const pieceBytes = 1 << 20
const nowhere: ArchivePlace = { completedAt: -1, runKey: -1 }

export class SqliteShelf implements ArchiveShelf {
  readonly #parts: ShelfParts
  readonly #sql: ReturnType<typeof prepare>

  constructor(parts: ShelfParts) {
    this.#parts = parts
    this.#sql = prepare(parts.db)
  }

  async pack(workspaceId: string, until: number, limits: PackLimits): Promise<Packed | null> {
    const { thread, blobs } = this.#parts
    const logsGone = this.#sql.progress.get(workspaceId, "logs") ?? nowhere
    const call = { workspaceId, from: this.#from(workspaceId), until, logsGone, limits }
    const gathered = await thread.ask("gather", call)
    if (gathered === null) return null
    const texts = await blobs.read(gathered.blobs)
    const { there, lost } = await this.#sorted(workspaceId, gathered.attached)
    const names = there.map(({ sha256, bytes }) => ({ sha256, bytes }))
    const { batch, contents } = await thread.ask("pack", [...texts], names)
    return { batch, contents: new Map(contents), attached: there, lost }
  }

  /** Those that are what was attached, each sum once and in their order. */
  async #sorted(workspaceId: string, attached: readonly (Attached & { readonly file: string })[]) {
    const there = new Map<string, PackedContent>()
    const lost: string[] = []
    for (const one of attached) {
      if (there.has(one.sha256)) continue
      if (await this.#isThere(one)) there.set(one.sha256, { ...one, name: contentName(workspaceId, one.sha256) })
      else lost.push(one.file)
    }
    return { there: [...there.values()].sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1)), lost }
  }

  /** In pieces, so that neither memory nor the engine's thread notices. */
  async #isThere({ file, sha256 }: Attached & { readonly file: string }): Promise<boolean> {
    const sum = createHash("sha256")
    for await (const piece of (await this.#parts.contents.open(file)) ?? []) sum.update(piece)
    return sum.digest("hex") === sha256
  }

  async attachment({ file, bytes }: PackedContent): Promise<Uint8Array | null> {
    const pieces = await this.#parts.contents.open(file)
    if (pieces === null) return null
    const whole = new Uint8Array(bytes)
    let length = 0
    for await (const piece of pieces) {
      if (length + piece.length > bytes) return null
      whole.set(piece, length)
      length += piece.length
    }
    return length === bytes ? whole : null
  }

  async attached(batchId: string, after: string, limit: number, only: boolean): Promise<readonly ArchivedContent[]> {
    return (only ? this.#sql.attachedOnly : this.#sql.attached).all(batchId, after, limit).map(contentOf)
  }

  async attachedTo(runId: string, sha256: string): Promise<ArchivedContent | null> {
    const batch = this.#sql.ofRun.get(runId)
    if (batch === undefined) return null
    const row = this.#sql.attachedOne.get(batch.batchId, sha256)
    return row === undefined ? null : contentOf(row)
  }

  /** In pieces, with turns of the loop between them: of tens of megabytes even a copy would be noticed. */
  async isWhole({ sha256, bytes }: ArchivedContent, content: Uint8Array): Promise<boolean> {
    if (content.length !== bytes) return false
    const sum = createHash("sha256")
    for (let from = 0; from < bytes; from += pieceBytes) {
      if (from > 0) await turn()
      sum.update(content.subarray(from, from + pieceBytes))
    }
    return sum.digest("hex") === sha256
  }

  preview(workspaceId: string, until: number, most: number): Promise<ArchivePreview> {
    return this.#parts.readers.readAside("archivePreview", workspaceId, this.#from(workspaceId), until, most)
  }

  check(batch: ArchiveBatch, contents: BatchContents): Promise<BatchCheck> {
    return this.#parts.thread.ask("check", batch, [...contents])
  }

  begin(batch: ArchiveBatch, attached: readonly ArchivedContent[], at: number): Promise<void> {
    const { batchId, workspaceId, from, to, firstAt, runs, events, bytes, files } = batch
    const places = [from.completedAt, from.runKey, to.completedAt, to.runKey] as const
    return this.#parts.lane.write(() => {
      this.#sql.begin.run(batchId, workspaceId, ...places, firstAt, runs, events, bytes, JSON.stringify(files), at)
      for (const content of attached) this.#sql.name.run(batchId, content.sha256, content.bytes)
    })
  }

  keep(batchId: string, at: number): Promise<boolean> {
    return this.#parts.lane.write(() => {
      const { files } = batchOf(this.#sql.byId.get(batchId)!)
      const packed = files.find(({ table }) => table === "attachments")?.rows ?? 0
      if (this.#sql.attachedNow.get(batchId)!.count !== packed) return false
      this.#sql.keep.run(at, batchId)
      this.#sql.moveOn.run(batchId)
      return true
    })
  }

  forget(batchId: string): Promise<void> {
    return this.#parts.lane.write(() => {
      this.#sql.unname.run(batchId)
      this.#sql.forget.run(batchId)
    })
  }

  async without(batch: ArchiveBatch, contents: BatchContents, runId: string, at: number): Promise<BatchWithout> {
    const { findings, wasIn, left } = await this.#parts.thread.ask("without", batch, [...contents], runId, at)
    if (findings.length > 0)
      throw new ArchiveDamaged(`batch ${batch.batchId} is not what was archived: ${findings[0]!.what}`)
    const named = (one: Attached) => ({ ...one, name: contentName(batch.workspaceId, one.sha256) })
    return {
      wasIn,
      left: left && { batch: left.batch, contents: new Map(left.contents), attached: left.attached.map(named) },
    }
  }

  replace(batchId: string, by: string | null, at: number): Promise<void> {
    return this.#parts.lane.write(() => {
      this.#sql.leave.run(batchId)
      if (by !== null) this.#sql.keep.run(at, by)
    })
  }

  release(workspaceId: string): Promise<void> {
    const gone = this.#sql.progress.get(workspaceId, "summaries")
    if (gone === undefined) return Promise.resolve()
    return this.#parts.lane.write(() => {
      this.#sql.release.run(workspaceId, gone.completedAt, gone.runKey)
    })
  }

  async unfinished(workspaceId: string): Promise<readonly ListedBatch[]> {
    return this.#sql.unfinished.all(workspaceId).map(batchOf)
  }

  async kept(
    after: { readonly workspaceId: string; readonly to: ArchivePlace } | null,
    limit: number,
  ): Promise<readonly ListedBatch[]> {
    const { completedAt, runKey } = after?.to ?? nowhere
    return this.#sql.kept.all(after?.workspaceId ?? "", completedAt, runKey, limit).map(batchOf)
  }

  async list(workspaceId: string, before: string | null, limit: number): Promise<readonly ListedBatch[]> {
    const found = before === null ? undefined : this.#sql.byId.get(before)
    if (before !== null && found?.workspaceId !== workspaceId) return []
    const { toAt, toKey } = found ?? { toAt: Number.MAX_SAFE_INTEGER, toKey: 0 }
    return this.#sql.list.all(workspaceId, toAt, toKey, limit).map(batchOf)
  }

  async totals(workspaceId: string): Promise<ArchiveTotals> {
    return this.#sql.totals.get(workspaceId)!
  }

  async batchOf(runId: string): Promise<ArchiveBatch | null> {
    const row = this.#sql.ofRun.get(runId)
    return row === undefined ? null : batchOf(row)
  }

  async halvesOf(runId: string): Promise<readonly ListedBatch[]> {
    return this.#sql.halvesOf.all(runId).map(batchOf)
  }

  async batch(batchId: string): Promise<ArchiveBatch | null> {
    const row = this.#sql.byId.get(batchId)
    return row?.state === "kept" ? batchOf(row) : null
  }

  /** Runs whose events have gone before there was an archive are nothing to it. */
  #from(workspaceId: string): ArchivePlace {
    const archived = this.#sql.progress.get(workspaceId, "archive") ?? nowhere
    const gone = this.#sql.progress.get(workspaceId, "events") ?? nowhere
    const isFurther =
      gone.completedAt > archived.completedAt ||
      (gone.completedAt === archived.completedAt && gone.runKey > archived.runKey)
    return isFurther ? gone : archived
  }
}

function batchOf({ fromAt, fromKey, toAt, toKey, files, ...row }: BatchRow): ListedBatch {
  return {
    ...row,
    from: { completedAt: fromAt, runKey: fromKey },
    to: { completedAt: toAt, runKey: toKey },
    files: JSON.parse(files) as readonly ArchiveFile[],
  }
}

type ContentRow = Attached & { readonly workspaceId: string }

function contentOf({ workspaceId, sha256, bytes }: ContentRow): ArchivedContent {
  return { sha256, bytes, name: contentName(workspaceId, sha256) }
}

function prepare(db: Database.Database) {
  const content = `SELECT b.workspace_id AS "workspaceId", c.sha256, c.bytes
    FROM archive_batches b JOIN archive_contents c ON c.batch_id = b.batch_id`
  const row = `b.batch_id AS "batchId", b.workspace_id AS "workspaceId", b.from_completed_at AS "fromAt",
    b.from_run_key AS "fromKey", b.to_completed_at AS "toAt", b.to_run_key AS "toKey", b.first_at AS "firstAt", b.runs,
    b.events, b.bytes, b.files, b.state, b.at`
  return {
    /** One that a crash left behind is the same one. */
    begin: db.prepare<[string, string, number, number, number, number, number, number, number, number, string, number]>(
      `INSERT OR IGNORE INTO archive_batches (batch_id, workspace_id, from_completed_at, from_run_key, to_completed_at,
         to_run_key, first_at, runs, events, bytes, files, state, at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'writing', ?)`,
    ),
    name: db.prepare<[string, string, number]>(
      "INSERT OR IGNORE INTO archive_contents (batch_id, sha256, bytes) VALUES (?, ?, ?)",
    ),
    unname: db.prepare<[string]>("DELETE FROM archive_contents WHERE batch_id = ?"),
    attached: db.prepare<[string, string, number], ContentRow>(
      `${content} WHERE b.batch_id = ? AND c.sha256 > ? ORDER BY c.sha256 LIMIT ?`,
    ),
    attachedOnly: db.prepare<[string, string, number], ContentRow>(
      `${content} WHERE b.batch_id = ? AND c.sha256 > ? AND NOT EXISTS (
         SELECT 1 FROM archive_contents o JOIN archive_batches ob ON ob.batch_id = o.batch_id
         WHERE o.sha256 = c.sha256 AND o.batch_id <> c.batch_id AND ob.workspace_id = b.workspace_id)
       ORDER BY c.sha256 LIMIT ?`,
    ),
    attachedOne: db.prepare<[string, string], ContentRow>(`${content} WHERE b.batch_id = ? AND c.sha256 = ?`),
    /** Rows of attachments of the runs between its places. */
    attachedNow: db.prepare<[string], { count: number }>(
      `SELECT count(*) AS count FROM archive_batches b
       CROSS JOIN workflow_runs r INDEXED BY workflow_runs_finished
         ON r.completed_at IS NOT NULL AND r.workspace_id = b.workspace_id
         AND r.completed_at BETWEEN b.from_completed_at AND b.to_completed_at
         AND (r.completed_at, r.run_key) > (b.from_completed_at, b.from_run_key)
         AND (r.completed_at, r.run_key) <= (b.to_completed_at, b.to_run_key)
       CROSS JOIN workflow_run_attachments a ON a.run_key = r.run_key
       WHERE b.batch_id = ?`,
    ),
    keep: db.prepare<[number, string]>("UPDATE archive_batches SET state = 'kept', at = ? WHERE batch_id = ?"),
    moveOn: db.prepare<[string]>(
      `INSERT INTO retention_progress (workspace_id, class, completed_at, run_key)
       SELECT workspace_id, 'archive', to_completed_at, to_run_key FROM archive_batches WHERE batch_id = ?
       ON CONFLICT (workspace_id, class) DO UPDATE SET completed_at = excluded.completed_at, run_key = excluded.run_key`,
    ),
    leave: db.prepare<[string]>("UPDATE archive_batches SET state = 'leaving' WHERE batch_id = ?"),
    forget: db.prepare<[string]>("DELETE FROM archive_batches WHERE batch_id = ?"),
    release: db.prepare<[string, number, number]>(
      `UPDATE archive_batches SET state = 'leaving'
       WHERE workspace_id = ? AND (to_completed_at, to_run_key) <= (?, ?) AND state = 'kept'`,
    ),
    progress: db.prepare<[string, string], ArchivePlace>(
      `SELECT completed_at AS "completedAt", run_key AS "runKey" FROM retention_progress
       WHERE workspace_id = ? AND class = ?`,
    ),
    unfinished: db.prepare<[string], BatchRow>(
      `SELECT ${row} FROM archive_batches b WHERE b.workspace_id = ? AND b.state <> 'kept' LIMIT 1000`,
    ),
    kept: db.prepare<[string, number, number, number], BatchRow>(
      `SELECT ${row} FROM archive_batches b
       WHERE (b.workspace_id, b.to_completed_at, b.to_run_key) > (?, ?, ?) AND b.state = 'kept'
       ORDER BY b.workspace_id, b.to_completed_at, b.to_run_key LIMIT ?`,
    ),
    byId: db.prepare<[string], BatchRow>(`SELECT ${row} FROM archive_batches b WHERE b.batch_id = ?`),
    list: db.prepare<[string, number, number, number], BatchRow>(
      `SELECT ${row} FROM archive_batches b WHERE b.workspace_id = ? AND (b.to_completed_at, b.to_run_key) < (?, ?)
       ORDER BY b.to_completed_at DESC, b.to_run_key DESC LIMIT ?`,
    ),
    totals: db.prepare<[string], ArchiveTotals>(
      `SELECT count(*) AS batches, coalesce(sum(runs), 0) AS runs, coalesce(sum(events), 0) AS events,
         coalesce(sum(bytes), 0) AS bytes
       FROM archive_batches WHERE workspace_id = ? AND state = 'kept'`,
    ),
    halvesOf: db.prepare<[string], BatchRow>(
      `SELECT ${row} FROM workflow_runs r JOIN archive_batches b ON b.workspace_id = r.workspace_id
         AND b.state = 'writing' AND (b.from_completed_at, b.from_run_key) < (r.completed_at, r.run_key)
         AND (b.to_completed_at, b.to_run_key) >= (r.completed_at, r.run_key)
       WHERE r.run_key = (SELECT run_key FROM workflow_run_keys WHERE run_id = ?) AND r.completed_at IS NOT NULL
       LIMIT 1000`,
    ),
    /** The first that ends at or behind it, where it begins in front of it. */
    ofRun: db.prepare<[string], BatchRow>(
      `SELECT ${row} FROM workflow_runs r JOIN archive_batches b ON b.batch_id = (
         SELECT c.batch_id FROM archive_batches c
         WHERE c.workspace_id = r.workspace_id AND (c.to_completed_at, c.to_run_key) >= (r.completed_at, r.run_key)
           AND c.state = 'kept'
         ORDER BY c.to_completed_at, c.to_run_key LIMIT 1)
       WHERE r.run_key = (SELECT run_key FROM workflow_run_keys WHERE run_id = ?) AND r.completed_at IS NOT NULL
         AND (b.from_completed_at, b.from_run_key) < (r.completed_at, r.run_key)`,
    ),
  }
}
