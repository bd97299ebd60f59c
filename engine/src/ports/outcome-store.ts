/** What people say became of a business event, beside its runs: only ever more is said. */
import type { RunFilter } from "../core/views/run-query.ts"

export interface OutcomeRow {
  readonly outcomeId: string
  readonly workspaceId: string
  readonly businessEventId: string
  readonly at: number
  readonly by: string
  /** When the event itself happened. */
  readonly occurredAt: number | null
  readonly experienceIndex: number | null
  readonly minutesSaved: number | null
  readonly accuracy: number | null
  readonly note: string | null
}

export interface ExperienceQuestion {
  readonly workspaceId: string
  readonly workflowId: string | null
  readonly environment: string | null
  readonly versionNumber: number | null
  /** Empty: all. */
  readonly origins: readonly string[]
  /** Said in [from, to). */
  readonly from: number
  readonly to: number
}

export interface Experience {
  readonly experienceCount: number
  readonly experienceMean: number | null
  readonly minutesSavedCount: number
  readonly minutesSaved: number
  /** From the event to the end of the last run of it that completed. */
  readonly timeToFeatureCount: number
  readonly timeToFeatureMeanMs: number | null
  /** False: only the newest were looked at. */
  readonly exact: boolean
}

export interface OutcomeStore {
  /** Newest first. */
  outcomes(workspaceId: string, businessEventId: string, limit: number): Promise<readonly OutcomeRow[]>
  /** False: the event has `most` already. */
  addOutcome(row: OutcomeRow, most: number): Promise<boolean>
  /** Of business events with a run that the question and the filter mean. */
  experience(question: ExperienceQuestion, filter: RunFilter | null, now: number): Promise<Experience>
}
