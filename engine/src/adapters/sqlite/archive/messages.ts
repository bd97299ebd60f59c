/** What the engine's thread and the archive's say to each other: plain data, one answer a question. */
import type { ArchiveBatch, ArchivePlace, BatchCheck, PackLimits } from "../../../ports/archive-shelf.ts"

export interface ArchiveSetup {
  /** The database of the data directory: only read. */
  readonly path: string
  /** The database of runs that are looked at, made anew by the thread. */
  readonly room: string
}

export interface GatherCall {
  readonly workspaceId: string
  readonly from: ArchivePlace
  readonly until: number
  /** Up to there what agents logged is gone. */
  readonly logsGone: ArchivePlace
  readonly limits: PackLimits
}

export type Contents = readonly (readonly [table: string, bytes: Uint8Array])[]

/** Named by rows of attachments. */
export interface Attached {
  readonly sha256: string
  readonly bytes: number
}

/** Each call with its answer. */
export interface ArchiveCalls {
  /** Reads the next runs and keeps them in mind: the large values they name, null = there are none. */
  gather(call: GatherCall): {
    readonly blobs: readonly string[]
    /** Each content once, and where it should lie. */
    readonly attached: readonly (Attached & { readonly file: string })[]
  } | null
  /**
   * Makes files of what was gathered.
   * @param attached by sum: those that are there
   */
  pack(
    blobs: readonly (readonly [hash: string, text: string])[],
    attached: readonly Attached[],
  ): {
    readonly batch: ArchiveBatch
    readonly contents: Contents
  }
  check(batch: ArchiveBatch, contents: Contents): BatchCheck
  /** The findings, and nothing is filled where there are some. */
  fill(
    batch: ArchiveBatch,
    contents: Contents,
  ): {
    readonly findings: BatchCheck["findings"]
    /** Batches that went out of the room, since this one stands in their place. */
    readonly replaced: readonly string[]
  }
  /** What is left of a batch without a run; null: nothing. Findings: it is not what was written. */
  without(
    batch: ArchiveBatch,
    contents: Contents,
    runId: string,
    at: number,
  ): {
    readonly findings: BatchCheck["findings"]
    readonly wasIn: boolean
    readonly left: {
      readonly batch: ArchiveBatch
      readonly contents: Contents
      readonly attached: readonly Attached[]
    } | null
  }
  drop(batchId: string): void
  /** Batches in the room that have the run. */
  holding(runId: string): readonly string[]
  blobs(hashes: readonly string[]): readonly (readonly [hash: string, text: string])[]
}

export type ArchiveCallName = keyof ArchiveCalls

export interface ArchiveRequest {
  readonly id: number
  readonly name: ArchiveCallName
  readonly args: readonly unknown[]
}

export type ArchiveReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly message: string }
