/** Issues: written by the slices that count (`measure-store`), changed by people, read a page at a time. */
import type { Issue, IssueDeed, IssueState } from "../core/measures/issue.ts"

export interface IssueQuestion {
  readonly workspaceId: string
  /** Empty: all. */
  readonly states: readonly IssueState[]
  readonly workflowId: string | null
  readonly environment: string | null
  readonly owner: string | null
  /** The one after which the page begins; null: from the newest. */
  readonly after: IssuePlace | null
  readonly limit: number
}

export interface IssuePlace {
  readonly lastSeenAt: number
  readonly key: number
}

export interface ListedIssue extends Issue {
  readonly key: number
  /** Failures an hour, as many as were asked for, the newest last. */
  readonly trend: readonly number[]
}

export interface IssueRun {
  readonly position: number
  readonly runId: string
  readonly version: string
  readonly versionNumber: number
  readonly status: string
  readonly completedAt: number
  readonly message: string | null
}

export interface IssueStore {
  /** Those seen last first. `now`: where the trend ends. */
  issues(question: IssueQuestion, now: number): Promise<readonly ListedIssue[]>
  issue(issueId: string, now: number): Promise<ListedIssue | null>
  /** The issue a failed run belongs to; null: it is none's, or not counted yet. */
  issueOf(runId: string): Promise<string | null>
  /** Newest first, those with a lower position, as far as runs are kept. */
  issueRuns(issueId: string, before: number | null, limit: number): Promise<readonly IssueRun[]>
  /** Null: there is none. */
  changeIssue(issueId: string, deed: IssueDeed, at: number, by: string): Promise<boolean>
}
