/** What the measures offer to facades: the numbers of R7 over any stretch of time, targets, and before with after. */

import type { Compared } from "../core/measures/compare.ts"
import type { IssueDeed, IssueState } from "../core/measures/issue.ts"
import type { RunMetrics, StepMetrics } from "../core/measures/metrics.ts"
import type { SloState } from "../core/measures/slo.ts"
import type { RunFilter } from "../core/views/run-query.ts"
import type { IssueQuestion, IssueRun, ListedIssue } from "../ports/issue-store.ts"
import type { GroupKey, MeasureGroup, SloRow } from "../ports/measure-store.ts"

import type { Experience, OutcomeRow } from "../ports/outcome-store.ts"
import type { ServiceLevels } from "../ports/service-levels.ts"

export type {
  Compared,
  Experience,
  GroupKey,
  IssueDeed,
  IssueQuestion,
  IssueRun,
  IssueState,
  ListedIssue,
  MeasureGroup,
  OutcomeRow,
  RunMetrics,
  ServiceLevels,
  SloRow,
  SloState,
  StepMetrics,
}

export type BucketSize = "hour" | "day"

export interface MetricsQuestion {
  readonly workflowId: string | null
  readonly environment: string | null
  readonly versionNumber: number | null
  /** Empty: all but backfills and replays. */
  readonly origins: readonly string[]
  /** Runs that ended in [from, to). */
  readonly from: number
  readonly to: number
  readonly bucket: BucketSize | null
  readonly groupBy: readonly MeasureGroup[]
  /** What the rollups' keys cannot say: then runs are looked at one by one. */
  readonly filter: RunFilter | null
}

export interface Repair {
  readonly count: number
  readonly meanMs: number | null
}

export interface MetricsAnswer {
  /** From rollups: every run of whole hours is counted. */
  readonly exact: boolean
  /** Runs that were looked at one by one, and whether these were all; null: none had to be. */
  readonly scanned: { readonly runs: number; readonly complete: boolean } | null
  /** Positions of the feed that are not counted yet. */
  readonly behind: number
  readonly total: RunMetrics & { readonly repair: Repair; readonly experience: Experience }
  readonly groups: readonly {
    readonly key: GroupKey
    readonly total: RunMetrics
    readonly buckets: readonly ({ readonly at: number } & RunMetrics)[]
  }[]
  /** Groups with the fewest runs that are not told. */
  readonly groupsLeftOut: number
  readonly repairs: readonly ({ readonly at: number } & Repair)[]
}

export interface StepsAnswer {
  readonly exact: boolean
  readonly behind: number
  readonly steps: readonly {
    readonly step: string
    readonly total: StepMetrics
    readonly buckets: readonly ({ readonly at: number } & StepMetrics)[]
  }[]
  readonly stepsLeftOut: number
}

/** One side of a comparison. */
export interface Side {
  readonly versionNumber: number | null
  readonly from: number
  readonly to: number
}

export interface CompareQuestion {
  readonly workflowId: string
  readonly environment: string
  readonly before: Side
  readonly after: Side
  /** Finished runs that each side must have. */
  readonly least: number | null
}

export interface CompareAnswer {
  readonly behind: number
  readonly before: RunMetrics
  readonly after: RunMetrics
  readonly measures: readonly Compared[]
}

export interface SloAnswer extends SloState {
  readonly slo: SloRow
  readonly from: number
  readonly to: number
  /** By hours that ended or are under way: the last one, the last six, the last day. */
  readonly burn: readonly { readonly hours: number; readonly rate: number | null }[]
}

export type Asked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: AskedProblem }

/** `too_many_buckets`: ask for days, or for less time. `odd_hours`: steps are told by whole hours only. */
export type AskedProblem = "too_many_buckets" | "odd_hours" | "empty_time"

export interface Issues {
  list(question: IssueQuestion): Promise<readonly ListedIssue[]>
  /** Null: the workspace has none of this name. */
  get(workspaceId: string, issueId: string): Promise<ListedIssue | null>
  /** Of a failed run; null: it did not fail, or is not counted yet. */
  ofRun(workspaceId: string, runId: string): Promise<ListedIssue | null>
  runs(workspaceId: string, issueId: string, before: number | null, limit: number): Promise<readonly IssueRun[] | null>
  change(workspaceId: string, issueId: string, deed: IssueDeed, by: string): Promise<ListedIssue | null>
}

export interface Outcomes {
  /** Newest first, at most 200. */
  list(workspaceId: string, businessEventId: string): Promise<readonly OutcomeRow[]>
  /** Null: so much was said of it already. */
  say(said: Omit<OutcomeRow, "outcomeId" | "at">): Promise<OutcomeRow | null>
}

export interface Measures {
  readonly issues: Issues
  readonly outcomes: Outcomes
  metrics(workspaceId: string, question: MetricsQuestion): Promise<Asked<MetricsAnswer>>
  steps(workspaceId: string, question: MetricsQuestion): Promise<Asked<StepsAnswer>>
  compare(workspaceId: string, question: CompareQuestion): Promise<Asked<CompareAnswer>>
  /** How well events are told and evidence is kept, in [from, to). */
  service(workspaceId: string, from: number, to: number): Promise<ServiceLevels>
  slos(workspaceId: string): Promise<readonly SloAnswer[]>
  /** False: the workspace has as many as it may have. */
  putSlo(row: SloRow): Promise<boolean>
  removeSlo(workspaceId: string, sloId: string): Promise<boolean>
  /** Positions of the feed that are not counted yet. */
  behind(): number
  stop(): Promise<void>
}
