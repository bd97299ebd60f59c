/**
 * What was counted of finished runs, and how far. Runs are counted behind their commits, in slices of the feed: a slice's
 * deltas and its place are written together, so that each run is counted exactly once whenever the process ends. Looking
 * is done aside; nothing here holds up a run.
 */
import type { Failure } from "../core/measures/issue.ts"
import type { RunRollup, RunSketches, RunSums, StepRollup, StepSums } from "../core/measures/rollup.ts"
import type { GroupKey, RunsTold } from "../core/measures/tell-runs.ts"
import type { RunFilter } from "../core/views/run-query.ts"
import type { ServiceLevels, ServiceQuestion } from "./service-levels.ts"

export interface MeasureCursor {
  /** Runs that ended up to this position of the feed are counted. */
  readonly position: number
  /** Grows when counting began anew: a slice of an older round is not taken. */
  readonly round: number
}

/** What ended behind a place: the deltas to be added to what is counted. */
export interface MeasureSlice {
  /** Where it was begun, and up to where nothing is left. */
  readonly from: number
  readonly to: number
  readonly runs: number
  readonly rollups: readonly RunRollup[]
  readonly stepRollups: readonly StepRollup[]
  /** In the order of the feed. */
  readonly failures: readonly Failure[]
}

export interface SliceBounds {
  /** Positions that are looked at. */
  readonly positions: number
  readonly runs: number
  /** A run with more is taken, as the last. */
  readonly steps: number
}

export type MeasureGroup = "workflowId" | "version" | "environment" | "origin"

export interface MeasureQuestion {
  readonly workspaceId: string
  /** Null: all. */
  readonly workflowId: string | null
  readonly environment: string | null
  readonly versionNumber: number | null
  /** Empty: all. */
  readonly origins: readonly string[]
  /** Those that ended in [from, to). */
  readonly from: number
  readonly to: number
  /** The beginning of each bucket, in order, the first at `from`; empty: one for all. */
  readonly bucketStarts: readonly number[]
  readonly groupBy: readonly MeasureGroup[]
}

export type { GroupKey }

export type RunCell = GroupKey & RunSums & RunSketches & { readonly bucket: number }
export type StepCell = GroupKey &
  StepSums & { readonly step: string; readonly bucket: number; readonly durations: string; readonly queues: string }

export interface MeasuredRuns {
  readonly cells: readonly RunCell[]
  /** The same of runs that a later one of their business event stands for. */
  readonly folded: readonly RunCell[]
}

export interface ScannedRuns {
  readonly cells: readonly RunCell[]
  readonly runs: number
  /** False: there were more than are looked at; the newest are in it. */
  readonly complete: boolean
}

export interface Repairs {
  /** Of the bucket that each was repaired in. */
  readonly buckets: readonly { readonly bucket: number; readonly count: number; readonly sumMs: number }[]
  readonly exact: boolean
}

export interface SloRow {
  readonly workspaceId: string
  readonly sloId: string
  readonly workflowId: string
  readonly environment: string
  readonly objective: "success_rate" | "duration"
  /** A share of 1. */
  readonly target: number
  readonly limitMs: number | null
  readonly windowDays: number
  readonly description: string
  readonly changedAt: number
  readonly changedBy: string
}

export interface MeasureStore {
  cursor(): Promise<MeasureCursor>
  /** Null where the store has ended. */
  slice(after: number, head: number, bounds: SliceBounds): Promise<MeasureSlice>
  /** `from`: what the store has as its place. False: it has another one, or another round; nothing was written. */
  add(slice: MeasureSlice, from: MeasureCursor): Promise<boolean>
  /**
   * Forgets all that was counted and begins anew, where all runs that ever ended are still there to be counted.
   * False: some are not, and what was counted of them would be lost; it stays as it is.
   */
  restart(): Promise<boolean>
  runs(question: MeasureQuestion): Promise<MeasuredRuns>
  /** The same as numbers: a quarter by day and group is thousands of them, made where they hold up no run. */
  told(question: MeasureQuestion): Promise<RunsTold>
  steps(question: MeasureQuestion): Promise<readonly StepCell[]>
  /** Row by row, for what rollups cannot tell: odd hours, other fields. Newest first, up to a bound. */
  scan(question: MeasureQuestion, filter: RunFilter, now: number): Promise<ScannedRuns>
  /** Failures that were resolved, or superseded by a re-run, in the question's time; of runs that match the filter. */
  repairs(question: MeasureQuestion, filter: RunFilter | null, now: number): Promise<Repairs>
  service(question: ServiceQuestion): Promise<ServiceLevels>
  slos(workspaceId: string): Promise<readonly SloRow[]>
  /** Of all workspaces. */
  everySlo(): Promise<readonly SloRow[]>
  /** False: the workspace has `most` others. */
  putSlo(row: SloRow, most: number): Promise<boolean>
  removeSlo(workspaceId: string, sloId: string): Promise<boolean>
}
