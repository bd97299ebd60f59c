/**
 * What the engine offers to its facades: the one door (architecture §1). Facades translate, nothing else; whatever a
 * person can do over HTTP is a method here. Every write takes the actor and answers with a value or a rejection.
 */
import type { RunFilter } from "./core/views/run-query.ts"
import type { Admin } from "./door/admin.ts"
import type { BulkActions } from "./door/bulk.ts"
import type { Definitions } from "./door/definitions.ts"
import type { Feed } from "./door/feed.ts"
import type { Insights } from "./door/insights.ts"
import type { Queries } from "./door/queries.ts"
import type { Remarks } from "./door/remarks.ts"
import type { RunCommands } from "./door/run-commands.ts"

export type { RemarkAsked } from "./core/remarks/decide-remark.ts"
export type { Noted, Remark, RemarkOrigin } from "./core/remarks/remark.ts"
export type { Resolution, Standing } from "./core/remarks/standing.ts"
export type { RunOrigin } from "./core/run/origin.ts"
export type { FeedEvent, StoredEventRow } from "./core/views/feed-event.ts"
export type { Page, RunFilter, RunSort } from "./core/views/run-query.ts"
export type * from "./door/admin.ts"
export type * from "./door/answer.ts"
export type * from "./door/bulk.ts"
export type * from "./door/definitions.ts"
export type * from "./door/feed.ts"
export type * from "./door/insights.ts"
export type * from "./door/queries.ts"
export type * from "./door/remarks.ts"
export type * from "./door/run-commands.ts"
export type { Remarked, RemarkPage } from "./ports/remark-store.ts"
export type { ListedRun } from "./ports/run-queries.ts"

export interface Engine {
  readonly runs: RunCommands
  readonly bulk: BulkActions
  readonly remarks: Remarks
  readonly definitions: Definitions
  readonly queries: Queries
  readonly insights: Insights
  readonly names: Names
  /** Of the whole house: who reads it tells others what is of their workspace. */
  readonly feed: Feed
  readonly admin: Admin
  /**
   * The same doors as one workspace has them: its lists, and of single things only its own. Without it they are those of
   * the workspace `default`, and find a run by its id wherever it belongs.
   */
  within(workspaceId: string): Engine
  health(): Health
  /** No new claims, running steps get their grace, leases are handed back. */
  drain(graceMs: number): Promise<void>
}

/** What may not be kept as it came, as it is kept: for who has it in hand and asks whether it is here. */
export interface Names {
  /** A filter that finds what was kept under these names, too. */
  asKept(filter: RunFilter): RunFilter
  /** Keyed digests of a text, under today's key and then under earlier ones. */
  digests(text: string): readonly string[]
}

export interface Health {
  readonly ready: boolean
  readonly draining: boolean
  readonly reasons: readonly string[]
  readonly position: number
  readonly openRuns: number
  readonly runningAttempts: number
  readonly queuedAttempts: number
  readonly counters: { readonly [name: string]: number }
}
