/** What a store's adapter gives to the contract suites: its ports over one fresh, empty store. */
import type { BulkStore } from "../../ports/bulk-store.ts"
import type { DefinitionStore } from "../../ports/definition-store.ts"
import type { HistoryStore } from "../../ports/history-store.ts"
import type { RemarkStore } from "../../ports/remark-store.ts"
import type { ResumeMarks } from "../../ports/resume-marks.ts"
import type { RunInsights } from "../../ports/run-insights.ts"
import type { RunQueries } from "../../ports/run-queries.ts"
import type { CommitOutcome, RunCommit, RunStore } from "../../ports/store.ts"

export interface Stores {
  readonly store: RunStore
  readonly queries: RunQueries
  readonly insights: RunInsights
  readonly definitions: DefinitionStore
  readonly resumeMarks: ResumeMarks
  readonly bulk: BulkStore
  readonly remarks: RemarkStore
  readonly history: HistoryStore
}

export interface OpenedStores extends Stores {
  /** Closes it and removes what it kept. */
  dispose(): Promise<void>
}

/** @param now milliseconds since the epoch; the suite moves it */
export type OpenStores = (now: () => number) => Promise<OpenedStores>

/** Commits and expects it to last. */
export async function durable(store: RunStore, ...commits: readonly RunCommit[]): Promise<number> {
  const outcome = await store.commit(commits)
  if (outcome.kind !== "durable") throw new Error(`not durable: ${JSON.stringify(outcome)}`)
  return outcome.firstPosition
}

export async function refused(
  store: RunStore,
  ...commits: readonly RunCommit[]
): Promise<Extract<CommitOutcome, { kind: "refused" }>> {
  const outcome = await store.commit(commits)
  if (outcome.kind !== "refused") throw new Error(`not refused: ${JSON.stringify(outcome)}`)
  return outcome
}
