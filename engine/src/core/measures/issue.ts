/**
 * An issue: failures that are alike, and what people say of them. It is a fold over failures in the order of the feed and
 * over what people do; a failure that comes after an issue was resolved opens it again and says in which version.
 */
import type { Fingerprint } from "./fingerprint.ts"

export type IssueState = "open" | "ignored" | "resolved"

export interface Issue extends Fingerprint {
  readonly issueId: string
  readonly workspaceId: string
  readonly environment: string
  readonly workflowId: string
  /** The message as the newest run said it. */
  readonly sample: string
  readonly count: number
  readonly firstSeenAt: number
  readonly firstRunId: string
  readonly firstVersion: number
  readonly lastSeenAt: number
  readonly lastRunId: string
  readonly lastVersion: number
  readonly state: IssueState
  readonly owner: string | null
  /** Why it was resolved or ignored. */
  readonly reason: string | null
  readonly ignoreUntilAt: number | null
  /** It is open again with so many failures in all. */
  readonly ignoreUntilCount: number | null
  readonly resolvedAt: number | null
  readonly resolvedBy: string | null
  /** Failures of versions before it are known to go on. */
  readonly resolvedVersion: number | null
  readonly regressedAt: number | null
  readonly regressedVersion: number | null
  readonly regressions: number
  readonly changedAt: number
  readonly changedBy: string | null
}

export interface Failure extends Fingerprint {
  readonly issueId: string
  readonly workspaceId: string
  readonly environment: string
  readonly workflowId: string
  readonly position: number
  readonly runId: string
  readonly versionNumber: number
  readonly createdAt: number
  readonly at: number
  readonly sample: string
}

const fresh = {
  state: "open",
  owner: null,
  reason: null,
  ignoreUntilAt: null,
  ignoreUntilCount: null,
  resolvedAt: null,
  resolvedBy: null,
  resolvedVersion: null,
  regressedAt: null,
  regressedVersion: null,
  regressions: 0,
  changedBy: null,
} as const

/** @param before null: nothing like it was seen; with a count of 0: it is being counted anew */
export function afterFailure(before: Issue | null, failure: Failure): Issue {
  const { position: _position, runId, versionNumber, createdAt: _createdAt, at, sample, ...named } = failure
  const isFirst = before === null || before.count === 0
  const seen: Issue = {
    ...(before ?? { ...fresh, changedAt: at }),
    ...named,
    count: (before?.count ?? 0) + 1,
    firstSeenAt: isFirst ? at : before.firstSeenAt,
    firstRunId: isFirst ? runId : before.firstRunId,
    firstVersion: isFirst ? versionNumber : before.firstVersion,
    lastSeenAt: isFirst ? at : Math.max(at, before.lastSeenAt),
    lastRunId: runId,
    lastVersion: versionNumber,
    sample,
  }
  if (comesBack(seen, failure))
    return {
      ...opened(seen, at),
      regressedAt: at,
      regressedVersion: versionNumber,
      regressions: seen.regressions + 1,
    }
  return ignoredLongEnough(seen, at) ? opened(seen, at) : seen
}

/** A run that had begun before the issue was resolved could not know of it. */
function comesBack({ state, resolvedAt, resolvedVersion }: Issue, { createdAt, versionNumber }: Failure): boolean {
  return (
    state === "resolved" &&
    resolvedAt !== null &&
    createdAt > resolvedAt &&
    (resolvedVersion === null || versionNumber >= resolvedVersion)
  )
}

function ignoredLongEnough({ state, ignoreUntilAt, ignoreUntilCount, count }: Issue, at: number): boolean {
  if (state !== "ignored") return false
  return (ignoreUntilAt !== null && at >= ignoreUntilAt) || (ignoreUntilCount !== null && count >= ignoreUntilCount)
}

function opened(issue: Issue, at: number): Issue {
  return { ...issue, state: "open", ignoreUntilAt: null, ignoreUntilCount: null, changedAt: at, changedBy: null }
}

export type IssueDeed =
  | { readonly kind: "assign"; readonly owner: string | null }
  | {
      readonly kind: "ignore"
      readonly reason: string | null
      readonly untilAt: number | null
      /** So many more. */
      readonly failures: number | null
    }
  | { readonly kind: "resolve"; readonly reason: string | null; readonly version: number | null }
  | { readonly kind: "reopen" }

export function afterDeed(issue: Issue, deed: IssueDeed, at: number, by: string): Issue {
  const changed = { ...issue, changedAt: at, changedBy: by }
  const { reason, resolvedAt, resolvedBy, resolvedVersion, ignoreUntilAt, ignoreUntilCount } = fresh
  const none = { reason, resolvedAt, resolvedBy, resolvedVersion, ignoreUntilAt, ignoreUntilCount }
  switch (deed.kind) {
    case "assign":
      return { ...changed, owner: deed.owner }
    case "ignore": {
      const untilCount = deed.failures === null ? null : issue.count + deed.failures
      const until = { ignoreUntilAt: deed.untilAt, ignoreUntilCount: untilCount }
      return { ...changed, ...none, ...until, state: "ignored", reason: deed.reason }
    }
    case "resolve": {
      const done = { resolvedAt: at, resolvedBy: by, resolvedVersion: deed.version }
      return { ...changed, ...none, ...done, state: "resolved", reason: deed.reason }
    }
    case "reopen":
      return { ...changed, ...none, state: "open" }
  }
}
