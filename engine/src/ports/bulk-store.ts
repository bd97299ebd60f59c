/**
 * What is done to many runs, and how far it is: the cohort as it was frozen, and what became of each run. Stored before
 * it is answered, so that a crash in the middle goes on where it was. It never does anything to a run itself.
 */

export type BulkAction = "cancel" | "rerun" | "tag" | "assign" | "resolve"

/** `freezing`: the cohort is still being written; nobody has been answered, and a crash forgets it. */
export type BulkState = "freezing" | "running" | "paused" | "done" | "aborted"

export interface BulkRow {
  readonly bulkId: string
  readonly workspaceId: string
  readonly action: BulkAction
  readonly state: BulkState
  readonly reason: string
  /** The query whose runs it is; null: they were named. */
  readonly query: string | null
  /** For a re-run: a state's name or `failed`; null = from the start. */
  readonly fromState: string | null
  /** JSON of what is said beside each run (`RemarkAsked`); null where nothing is. */
  readonly change: string | null
  /** JSON of who asked: everything is done in that person's name. */
  readonly actor: string
  readonly createdAt: number
  /** When the last run was dealt with, or it was aborted. */
  readonly completedAt: number | null
  readonly total: number
  readonly done: number
  readonly refused: number
  /** Makes the same request harmless when it comes again (rule 24); null: it had no key. */
  readonly requestKey: string | null
  readonly bodyHash: string | null
}

export type BulkItemState = "waiting" | "done" | "refused"

export interface BulkItemRow {
  /** Place in the cohort, from 1. */
  readonly number: number
  readonly runId: string
  readonly state: BulkItemState
  /** Why it was refused. */
  readonly code: string | null
  readonly message: string | null
  /** The run that a re-run made. */
  readonly newRunId: string | null
}

export type BulkResult = Omit<BulkItemRow, "runId" | "state"> & { readonly state: "done" | "refused" }

export interface BulkStore {
  /** With state `freezing`. False: the request key is in use. */
  create(row: BulkRow): Promise<boolean>
  /** Further runs of a cohort that is still freezing, in order. */
  add(bulkId: string, runIds: readonly string[]): Promise<void>
  /** From one of some states to another; null when it is in none of them. `at`: for `done` and `aborted`. */
  move(bulkId: string, from: readonly BulkState[], to: BulkState, at: number): Promise<BulkRow | null>
  /** What became of some runs, all at once; the last of them makes it `done`. Those dealt with before are left alone. */
  settle(bulkId: string, results: readonly BulkResult[], at: number): Promise<void>
  find(bulkId: string): Promise<BulkRow | null>
  findByKey(requestKey: string): Promise<BulkRow | null>
  /** Newest first, without those that are freezing; `before` is a bulk's id. */
  list(workspaceId: string, before: string | null, limit: number): Promise<readonly BulkRow[]>
  /**
   * In the order of their turns: the oldest of each workspace, then the second of each, and so on; among these by
   * workspace, from the one behind `after` on.
   * @param after a workspace's id; "" = from the first
   */
  running(after: string, limit: number): Promise<readonly BulkRow[]>
  /** In order of the cohort; `state` null: all. */
  items(bulkId: string, state: BulkItemState | null, after: number, limit: number): Promise<readonly BulkItemRow[]>
  /** One that is freezing and will not be used. */
  discard(bulkId: string): Promise<void>
  /** At boot: cohorts that a dead process was writing. */
  forgetFreezing(): Promise<void>
}
