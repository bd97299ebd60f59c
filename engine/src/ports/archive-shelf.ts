/**
 * The store's side of the archive: which finished runs are packed next, which batches there are, and a room for runs that
 * were taken out of the archive to be looked at. Batches follow each other by the runs' end, as retention's places do, so
 * that no row a run is needed to know where it lies.
 */
import type { RawEvent } from "./history-store.ts"
import type { RunInsights } from "./run-insights.ts"
import type { RunLogStore } from "./run-logs.ts"
import type { RunQueries } from "./run-queries.ts"

/** Everything that ended up to then, and among equals up to that key. */
export interface ArchivePlace {
  readonly completedAt: number
  readonly runKey: number
}

export interface ArchiveFile {
  /** The table it holds: `runs`, `events`, …, or `blobs`; `manifest` says what the others are. */
  readonly table: string
  /** In the archive. */
  readonly name: string
  readonly bytes: number
  readonly sha256: string
  readonly rows: number
}

export interface ArchiveBatch {
  /** Made from what it holds: the same runs are the same batch. */
  readonly batchId: string
  readonly workspaceId: string
  /** Runs behind `from`, up to and with `to`. */
  readonly from: ArchivePlace
  readonly to: ArchivePlace
  readonly firstAt: number
  readonly runs: number
  readonly events: number
  /** Of its files. */
  readonly bytes: number
  readonly files: readonly ArchiveFile[]
}

/** `writing`: on its way, nothing depends on it. `kept`: read back and found right. `leaving`: its runs' time is over. */
export type BatchState = "writing" | "kept" | "leaving"

export interface ListedBatch extends ArchiveBatch {
  readonly state: BatchState
  readonly at: number
}

/** By table. */
export type BatchContents = ReadonlyMap<string, Uint8Array>

/**
 * What was attached to a run, by the sum of its content: equal ones of a workspace lie in the archive once, beside the
 * batches that name them.
 */
export interface ArchivedContent {
  readonly sha256: string
  readonly bytes: number
  /** In the archive. */
  readonly name: string
}

export interface PackedContent extends ArchivedContent {
  /** Among what is attached to the runs of the store. */
  readonly file: string
}

export interface Packed {
  readonly batch: ArchiveBatch
  readonly contents: BatchContents
  /** By sum. They are not held in memory: each is read when it is written. */
  readonly attached: readonly PackedContent[]
  /** Attached, and no more what it was, or gone from the disk: it is in no archive. */
  readonly lost: readonly string[]
}

export interface PackLimits {
  readonly runs: number
  /** Of what events say, before it is compressed; one run alone may have more. */
  readonly bytes: number
  /** Of what is attached; one run alone may have more. */
  readonly attachedBytes: number
}

export interface BatchCheck {
  readonly runs: number
  readonly events: number
  readonly findings: readonly BatchFinding[]
}

export interface BatchFinding {
  /** Empty: of the whole batch. */
  readonly runId: string
  readonly seq: number
  /**
   * `archive_unfinished`: its manifest, which is written last, is not there. `archive_attachment`: something that was
   * attached to one of its runs is not there, or is not what it was.
   */
  readonly what:
    | "archive_missing"
    | "archive_altered"
    | "archive_count"
    | "archive_chain"
    | "archive_unfinished"
    | "archive_attachment"
}

export interface ArchiveTotals {
  readonly batches: number
  readonly runs: number
  readonly events: number
  readonly bytes: number
}

/**
 * `bytes`, and `events` of many runs, are estimates: what the first of them have, uncompressed and with what is attached,
 * times their number.
 */
export interface ArchivePreview {
  readonly runs: number
  readonly events: number
  readonly bytes: number
  readonly isExact: boolean
}

export interface BatchWithout {
  /** False: the run is not in the batch. */
  readonly wasIn: boolean
  /** The batch that is left, packed and not yet begun; null: it held nothing else. What is attached lies there already. */
  readonly left: (Pick<Packed, "batch" | "contents"> & { readonly attached: readonly ArchivedContent[] }) | null
}

export interface ArchiveShelf {
  /** The next of what ended at or before `until`; null: nothing is left. Reads only, aside. */
  pack(workspaceId: string, until: number, limits: PackLimits): Promise<Packed | null>
  preview(workspaceId: string, until: number, most: number): Promise<ArchivePreview>
  /** The files against what was packed, and every run's chain against the head that its row has. Aside. */
  check(batch: ArchiveBatch, contents: BatchContents): Promise<BatchCheck>
  /** Before its first file is written, so that no file is nobody's. */
  begin(batch: ArchiveBatch, attached: readonly ArchivedContent[], at: number): Promise<void>
  /**
   * It is in the archive, and its runs may leave the store: from the same commit on. False: it is not kept, since something
   * was attached to one of its runs meanwhile.
   */
  keep(batchId: string, at: number): Promise<boolean>
  /** What is attached to a run of the store; null: it is not there. */
  attachment(content: PackedContent): Promise<Uint8Array | null>
  /** To the runs of a batch: those with a higher sum. `only`: those that no other batch names. */
  attached(batchId: string, after: string, limit: number, only: boolean): Promise<readonly ArchivedContent[]>
  /** Where a content that was attached to a run lies; null: not in the archive. */
  attachedTo(runId: string, sha256: string): Promise<ArchivedContent | null>
  isWhole(content: ArchivedContent, bytes: Uint8Array): Promise<boolean>
  forget(batchId: string): Promise<void>
  /** @throws ArchiveDamaged. Aside. */
  without(batch: ArchiveBatch, contents: BatchContents, runId: string, at: number): Promise<BatchWithout>
  /** Marks a batch as leaving, and from the same commit on another one is kept in its place. */
  replace(batchId: string, by: string | null, at: number): Promise<void>
  /** Marks what holds only runs whose rows are gone. */
  release(workspaceId: string): Promise<void>
  /** `writing` and `leaving` ones of a workspace. */
  unfinished(workspaceId: string): Promise<readonly ListedBatch[]>
  /** Kept ones, by workspace and end: those behind `after`. */
  kept(
    after: { readonly workspaceId: string; readonly to: ArchivePlace } | null,
    limit: number,
  ): Promise<readonly ListedBatch[]>
  /** Of one workspace, newest first: those before a batch. */
  list(workspaceId: string, before: string | null, limit: number): Promise<readonly ListedBatch[]>
  totals(workspaceId: string): Promise<ArchiveTotals>
  /** In which a run lies; null: in none. */
  batchOf(runId: string): Promise<ArchiveBatch | null>
  /** Those that are `writing` and would hold a run. */
  halvesOf(runId: string): Promise<readonly ListedBatch[]>
  /** Null: there is none of that name, or it is not kept. */
  batch(batchId: string): Promise<ArchiveBatch | null>
}

/** Runs that were taken out to be looked at, within a bound of bytes; those not looked at for longest go first. */
export interface ArchiveRoom {
  holds(batchId: string): boolean
  /** Checked first: `ArchiveDamaged` where it is not what was written. */
  fill(batch: ArchiveBatch, contents: BatchContents): Promise<void>
  /** While it reads, the batch stays. `place`: of the database that it is in. */
  read<T>(batchId: string, ask: (reads: ArchivedReads, place: string) => Promise<T>): Promise<T>
  /** With the last who reads it. */
  drop(batchId: string): Promise<void>
  /** Likewise whatever has the run, by whichever name its batch was archived. */
  dropWith(runId: string): Promise<void>
  readonly contents: ContentRoom
}

/** Contents that were taken out, likewise, in a bound of their own. Who reads one reads it to its end. */
export interface ContentRoom {
  /** Null: it is not there. */
  open(sha256: string): Promise<AsyncIterable<Uint8Array> | null>
  fill(sha256: string, bytes: Uint8Array): Promise<void>
  drop(sha256: string): Promise<void>
}

/** What only events can tell, of runs in the room. */
export type ArchivedReads = Pick<RunQueries, "events"> &
  Pick<
    RunInsights,
    "timeline" | "contextTextAt" | "contextTextNow" | "contextChanges" | "evaluate" | "stepContext" | "newestEvent"
  > & {
    readonly logs: RunLogStore["page"]
    /** Oldest first, those with a higher seq than `after`. */
    rawEvents(runId: string, after: number, limit: number): Promise<readonly RawEvent[]>
  }

/** What a look at all of an archive found. */
export interface ArchiveReport {
  readonly batches: number
  readonly runs: number
  readonly events: number
  readonly findings: readonly (BatchFinding & { readonly batchId: string })[]
}
