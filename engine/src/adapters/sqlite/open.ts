/**
 * Everything that stands on one data directory, opened and closed together. The composition root calls this and gives
 * the parts to the engine; nothing in here knows who uses them.
 */
import { createHash } from "node:crypto"
import { join } from "node:path"
import type Database from "better-sqlite3"
import type { ContentFolder } from "../../ports/attachments.ts"
import type { BlobStore } from "../../ports/blob-store.ts"
import type { Log } from "../../ports/log.ts"
import type { SigningMarks } from "../../ports/signing-marks.ts"
import { SqliteAccess } from "./access.ts"
import { SqliteRoom } from "./archive/room.ts"
import { SqliteShelf } from "./archive/shelf.ts"
import { SqliteAttachments } from "./attachments.ts"
import { SqliteAudit } from "./audit.ts"
import { SqliteBulk } from "./bulk.ts"
import { Checkpointer } from "./checkpointer.ts"
import { SqliteDefinitions } from "./definitions.ts"
import type { EndpointKeys } from "./endpoint-locks.ts"
import { markSigned, signFirst } from "./first-signatures.ts"
import { SqliteHistory } from "./history.ts"
import { SqliteIssues } from "./issues.ts"
import { lockEndpoints } from "./lock-endpoints.ts"
import { SqliteMeasures } from "./measures.ts"
import { noContents } from "./no-contents.ts"
import { openDatabase, readMeta } from "./open-database.ts"
import { SqliteOutcomes } from "./outcomes.ts"
import { ProcessLock } from "./process-lock.ts"
import { ReaderPool } from "./reader-pool.ts"
import { ReaderThread } from "./reader-thread.ts"
import { SqliteRedaction } from "./redaction.ts"
import { SqliteRemarks } from "./remarks.ts"
import { SqliteResumeMarks } from "./resume-marks.ts"
import { SqliteRetention } from "./retention.ts"
import { SqliteEraser } from "./run-eraser.ts"
import { SqliteRunInsights } from "./run-insights.ts"
import { SqliteRunLogs } from "./run-logs.ts"
import { SqliteRunQueries } from "./run-queries.ts"
import type { SealSigner } from "./run-seal.ts"
import { SqliteSampling } from "./sampling.ts"
import { ensureSearchFile } from "./search/search-file.ts"
import { SqliteSearch } from "./search/sqlite-search.ts"
import { SideLane } from "./side-lane.ts"
import { SqliteStore } from "./store.ts"
import { Upkeep } from "./upkeep.ts"
import { SqliteWebhooks } from "./webhooks.ts"
import { Writer } from "./writer.ts"

export interface SqliteOptions {
  /** The data directory; made when it is not there. */
  readonly folder: string
  readonly blobs: BlobStore
  /** Of attachments; absent: none can be kept, cleared away or backed up. */
  readonly contents?: ContentFolder
  /** Shown to a second process that wants the same folder. */
  readonly port: number | null
  /** Sign what retention leaves of a run, and lock what endpoints hold; absent: nobody can tell who wrote it or opens it. */
  readonly keys?: (SealSigner & EndpointKeys) | null
  /** Beside the key: what was signed once is not signed again. Absent: nobody knows. */
  readonly marks?: SigningMarks | null
  /** Milliseconds since the epoch, for the expiry of keys. */
  readonly now?: () => number
  /** Events that retention clears away in one transaction. */
  readonly clearedPerWrite?: number
  /** Milliseconds that one write of retention is meant to take; default 5. */
  readonly clearedMs?: number
  /** Files of batches whose runs are looked at. */
  readonly archiveRoomBytes?: number
  readonly log?: Log
  /** Threads for lists; started when they are first needed. */
  readonly readers?: number
}

export interface SqliteData {
  readonly store: SqliteStore
  readonly queries: SqliteRunQueries
  readonly logs: SqliteRunLogs
  readonly attachments: SqliteAttachments
  /** Where contents of attachments lie. */
  readonly contents: ContentFolder
  readonly insights: SqliteRunInsights
  readonly definitions: SqliteDefinitions
  readonly resumeMarks: SqliteResumeMarks
  readonly bulk: SqliteBulk
  readonly remarks: SqliteRemarks
  readonly webhooks: SqliteWebhooks
  readonly measures: SqliteMeasures
  readonly issues: SqliteIssues
  readonly outcomes: SqliteOutcomes
  readonly access: SqliteAccess
  readonly audit: SqliteAudit
  readonly redaction: SqliteRedaction
  readonly retention: SqliteRetention
  readonly sampling: SqliteSampling
  readonly eraser: SqliteEraser
  readonly shelf: SqliteShelf
  readonly room: SqliteRoom
  readonly history: SqliteHistory
  readonly search: SqliteSearch
  readonly upkeep: Upkeep
  /** This is a restored backup: nothing is handed to agents until `resume-all` (rule 35). */
  readonly dispatchHeld: boolean
  /** Raised at each start: part of every fence's meaning (rule 35). */
  readonly epoch: number
  /** 64 hex digits, made with the database: keys of blobs and cursors are derived from it. */
  readonly secret: string
  /** For those who watch: the length of the write-ahead log (rule 29), and readers that did not come back. */
  numbers(): { readonly readersReplaced: number; readonly walBytes: number }
  close(): Promise<void>
}

/** The folder of the blobs that belong to a data directory. */
export function blobFolder(folder: string): string {
  return join(folder, "blobs")
}

/** The folder of the attachments that belong to a data directory. */
export function contentFolder(folder: string): string {
  return join(folder, "attachments")
}

export function openSqlite(options: SqliteOptions): SqliteData {
  const lock = ProcessLock.take(options.folder, { pid: process.pid, port: options.port })
  try {
    return openLocked(options, lock)
  } catch (error) {
    lock.release()
    throw error
  }
}

function openLocked(options: SqliteOptions, lock: ProcessLock): SqliteData {
  const keys = options.keys ?? null
  const signer: SealSigner | null = keys
  const { db, path, epoch } = openDatabase(options.folder, {
    onMigrated: (migrated, version) => {
      if (signer !== null) signFirst(migrated, version, signer, options.marks ?? null)
    },
  })
  if (signer !== null && options.marks) noteSigned(options.marks, options.log)
  if (keys !== null) lockEndpoints(db, keys)
  ensureSearchFile(path)
  const secret = readMeta(db, "secret")!
  const now = options.now ?? Date.now
  const { blobs } = options
  const writer = new Writer(db, { epoch, sha256: sha256Hex, now })
  const lane = new SideLane(writer)
  let readersReplaced = 0
  const readers = new ReaderPool(path, secret, options.readers ?? 2, {
    onGivenUp: (message) => {
      readersReplaced += 1
      options.log?.write("warn", message)
    },
    onDamage: () => search.distrust(),
  })
  const indexer = new ReaderThread({ kind: "indexer", path, secret })
  const search = new SqliteSearch(indexer, readers)
  const checkpoints = new ReaderThread({ kind: "checkpointer", path, secret })
  const checkpointer = new Checkpointer({
    frames: () => walFrames(db),
    worker: checkpoints,
    alarm: (message) => options.log?.write("warn", message),
  })
  writer.onDurable = () => checkpointer.committed()
  const room = new SqliteRoom({
    path,
    secret,
    folder: join(options.folder, "archive-room"),
    bytesMax: options.archiveRoomBytes ?? roomBytes,
  })
  const contents = options.contents ?? noContents
  const attachments = new SqliteAttachments(db, writer, lane)
  const kept = {
    isNamed: (file: string) => attachments.isNamed(file),
    sweep: (inUse: (file: string) => boolean, olderThan: number) => contents.sweep(inUse, olderThan),
  }
  const upkeep = new Upkeep({ db, lane, readers, blobs, contents: kept, now })
  upkeep.start((error) =>
    options.log?.write("warn", `upkeep failed: ${error instanceof Error ? error.message : error}`),
  )
  const onClose = async (): Promise<void> => {
    upkeep.stop()
    const indexing = indexer.close()
    checkpointer.close()
    await Promise.all([readers.close(), checkpoints.close(), room.close()])
    await indexing
    db.close()
    lock.release()
  }
  const issues = new SqliteIssues(db, lane)
  const audit = new SqliteAudit(db, readers, lane, sha256Hex)
  const retention = new SqliteRetention(db, {
    ...{ lane, readers, audit, contents, signer },
    counts: writer.counts,
    position: () => writer.position,
    most: options.clearedPerWrite,
    turnMs: options.clearedMs,
  })
  const store = new SqliteStore({
    db,
    writer,
    lane,
    blobs,
    archivedBlobs: (hashes) => room.blobs(hashes),
    onClose,
  })
  return {
    store,
    queries: new SqliteRunQueries(db, secret, readers),
    logs: new SqliteRunLogs(db, lane, readers),
    attachments,
    contents,
    insights: new SqliteRunInsights(db, secret, readers),
    definitions: new SqliteDefinitions(db, lane, readers),
    bulk: new SqliteBulk(db, lane),
    remarks: new SqliteRemarks(db, writer, lane),
    webhooks: new SqliteWebhooks(db, lane, keys),
    measures: new SqliteMeasures(db, lane, readers, issues, signer !== null),
    issues,
    outcomes: new SqliteOutcomes(db, lane, readers),
    access: new SqliteAccess(db, lane, audit),
    audit,
    redaction: new SqliteRedaction(db, lane),
    retention,
    sampling: new SqliteSampling(db, { lane, readers }, retention),
    eraser: new SqliteEraser(db, lane, audit, retention),
    shelf: new SqliteShelf({ db, lane, readers, blobs, contents, thread: room.thread }),
    room,
    resumeMarks: new SqliteResumeMarks(db, lane),
    history: new SqliteHistory({
      db,
      lane,
      readers,
      blobs,
      contents,
      sha256: sha256Hex,
      signer,
      counts: writer.counts,
      replaced: (runId) => writer.forget(runId),
    }),
    search,
    upkeep,
    dispatchHeld: readMeta(db, "dispatch") === "paused",
    epoch,
    secret,
    numbers: () => ({ readersReplaced, walBytes: walFrames(db) * pageBytes }),
    close: () => store.close(),
  }
}

const pageBytes = 4_096
const roomBytes = 256 << 20

/** A key that lies where nobody may write is as good: then only nothing says that all was signed. */
function noteSigned(marks: SigningMarks, log: Log | undefined): void {
  try {
    markSigned(marks)
  } catch (error) {
    log?.write("warn", "it could not be marked that all seals are signed", {
      file: marks.file,
      error: error instanceof Error ? error.message : String(error),
    })
  }
}

/** `NOOP` looks at the log and leaves it alone. */
function walFrames(db: Database.Database): number {
  const [row] = db.pragma("wal_checkpoint(NOOP)") as { log: number }[]
  return row!.log
}

function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex")
}
