/**
 * The store as `verify`, `fsck`, `rebuild` and `backup` see it: raw events, raw rows, one run at a time, from one
 * consistent reading (rule 26). It has no opinion on what it reads.
 */

import type { StoredRows } from "../core/audit/index.ts"
import type { Remark } from "../core/remarks/remark.ts"
import type { Standing } from "../core/remarks/standing.ts"
import type { EncodedEvent } from "../core/run/chain.ts"
import type { Rows } from "../core/views/projection.ts"

/** An event as it lies there; an erased payload is null, its salt too (rule 10). */
export type RawEvent = Omit<EncodedEvent, "payload" | "salt"> & {
  readonly payload: string | null
  readonly salt: string | null
}

/** The chain over a workspace's finished runs: a removed run or a cut tail shows in it (rule 10). */
export interface WorkspaceHead {
  readonly workspaceId: string
  readonly number: number
  readonly runId: string
  readonly runSeq: number
  readonly runHead: string
  readonly prevHash: string
  readonly hash: string
}

/** Enough for the chains to hold: how long the run's own was, and what it ended with. */
export interface LeftOfRun {
  readonly seq: number
  readonly headHash: string
  /** Its row is there still. */
  readonly hasRow: boolean
  /** False: nobody who has the key wrote this. Null: the key is not here. */
  readonly isGenuine: boolean | null
}

export type CountKey = readonly (string | number)[]

/** A count that is kept of finished runs and is not what their rows say. */
export interface CountAdrift {
  readonly table: string
  readonly key: CountKey
  /** So many more are there than were counted; below 0: so many fewer. */
  readonly runs: number
}

export interface HistoryStore {
  /** By id, those after `after`. */
  runIds(after: string | null, limit: number): Promise<readonly string[]>
  /** Oldest first, those with a higher seq than `after`. */
  rawEvents(runId: string, after: number, limit: number): Promise<readonly RawEvent[]>
  rows(runId: string): Promise<StoredRows | null>
  /** What retention left of a run whose events are gone; null: it left all of them. */
  leftOf(runId: string): Promise<LeftOfRun | null>
  /** True: policy took the run's values. False: nobody did who has the key. Null: the key is not here. */
  valuesWent(runId: string): Promise<boolean | null>
  /** Replaces every row of one run, in one transaction, by the writer. `timersSet` are those still set. */
  replaceRows(runId: string, rows: Rows): Promise<void>
  /** At most so many; none: what is counted is what is there. */
  countsAdrift(limit: number): Promise<readonly CountAdrift[]>
  /** Puts them right; what runs did since is counted already. */
  mendCounts(adrift: readonly CountAdrift[]): Promise<void>
  /** Oldest first, those with a higher number than `after`. */
  remarks(runId: string, after: number, limit: number): Promise<readonly Remark[]>
  /** As it is stored; null: there is none. */
  standing(runId: string): Promise<Standing | null>
  /**
   * Replaces a run's standing, and the tags it is found by. `ever`: every tag it had at any time. False: a remark came
   * meanwhile, and whoever wrote it has brought the standing up to date.
   */
  replaceStanding(runId: string, standing: Standing | null, ever: readonly string[]): Promise<boolean>
  /** Ordered by workspace and number, those after the given place. */
  workspaceHeads(
    after: { readonly workspaceId: string; readonly number: number } | null,
    limit: number,
  ): Promise<readonly WorkspaceHead[]>
  /** The hash a workspace head should have; the store's writer computes it the same way. */
  workspaceHeadHash(head: Omit<WorkspaceHead, "hash">): string
  /** Online: the database first, blobs after (rule 20). */
  backup(file: string): Promise<{ readonly bytes: number; readonly position: number }>
  /** A restored database starts with dispatch paused (rule 35); false when it was not. */
  resumeDispatch(): Promise<boolean>
}
