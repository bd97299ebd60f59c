/** `/issues`: failures that are alike, who looks after them, and whether they come back. */
import { AssignIssue, IgnoreIssue, Issue, IssuePage, IssueRunPage, issueStates, ResolveIssue } from "@waybill/contract"
import type { IssueDeed, Issues, ListedIssue } from "@waybill/engine"
import { type Static, Type } from "typebox"
import { noSecret } from "../../access/refuse-secrets.ts"
import type { App } from "../shared/app.ts"
import { knownVersion } from "../shared/known-workflow.ts"
import {
  cursor,
  instantOf,
  invalidParameter,
  limit,
  list,
  listOf,
  runParams,
  seqCursor,
  word,
} from "../shared/parameters.ts"
import { ProblemError } from "../shared/problem.ts"
import { rfc3339 } from "../shared/time.ts"

const tags = ["issues"]
const viewer = { role: "viewer", needs: "runs:read" } as const
const params = Type.Object({ issueId: Type.String({ minLength: 1, maxLength: 64 }) })
const listQuery = Type.Object(
  { state: list, workflowId: word, env: word, owner: word, limit, cursor },
  { additionalProperties: false },
)

export function issueRoutes(app: App, issues: Issues): void {
  app.get(
    "/issues",
    {
      config: viewer,
      schema: {
        tags,
        operationId: "listIssues",
        summary: "Failures that are alike as issues, those seen last first",
        description: `\`state\` of ${issueStates.join(", ")}; absent: open.`,
        querystring: listQuery,
        response: { 200: IssuePage },
      },
    },
    async ({ caller, query }) => {
      const most = query.limit ?? 50
      const found = await issues.list({ workspaceId: caller.workspaceId, ...asked(query), limit: most + 1 })
      const items = found.slice(0, most)
      const last = items[items.length - 1]
      const nextCursor = found.length > most && last !== undefined ? `${last.lastSeenAt}_${last.key}` : null
      return { items: items.map(document), nextCursor }
    },
  )

  app.get(
    "/issues/:issueId",
    {
      config: viewer,
      schema: { tags, operationId: "getIssue", summary: "One issue", params, response: { 200: Issue } },
    },
    async ({ caller, params: { issueId } }) => document(known(await issues.get(caller.workspaceId, issueId), issueId)),
  )

  app.get(
    "/issues/:issueId/runs",
    {
      config: viewer,
      schema: {
        tags,
        operationId: "listIssueRuns",
        summary: "The runs that failed so, the newest first",
        params,
        querystring: Type.Object({ limit, cursor }, { additionalProperties: false }),
        response: { 200: IssueRunPage },
      },
    },
    async ({ caller, params: { issueId }, query }) => {
      const most = query.limit ?? 50
      const before = query.cursor === undefined ? null : seqCursor(query.cursor)
      const found = known(await issues.runs(caller.workspaceId, issueId, before, most + 1), issueId)
      const items = found.slice(0, most)
      const nextCursor = found.length > most ? String(items[items.length - 1]!.position) : null
      const shown = items.map(({ position: _position, completedAt, ...run }) => ({
        ...run,
        completedAt: rfc3339(completedAt),
      }))
      return { items: shown, nextCursor }
    },
  )

  app.get(
    "/workflow-runs/:runId/issue",
    {
      config: viewer,
      schema: {
        tags,
        operationId: "getRunIssue",
        summary: "The issue that a failed run belongs to: how many failed alike, since when, and who looks after it",
        params: runParams,
        response: { 200: Issue },
      },
    },
    async ({ caller, params: { runId } }) => {
      const found = await issues.ofRun(caller.workspaceId, runId)
      if (found === null) throw new ProblemError("issue_not_found", `run ${runId} belongs to no issue`)
      return document(found)
    },
  )

  changeRoutes(app, issues)
}

function changeRoutes(app: App, issues: Issues): void {
  const operator = { role: "operator", needs: "runs:write" } as const
  const change = async (caller: { workspaceId: string; actor: { id: string } }, issueId: string, deed: IssueDeed) =>
    document(known(await issues.change(caller.workspaceId, issueId, deed, caller.actor.id), issueId))

  app.post(
    "/issues/:issueId/assign",
    {
      config: operator,
      schema: {
        tags,
        operationId: "assignIssue",
        summary: "Say who looks after it",
        params,
        body: AssignIssue,
        response: { 200: Issue },
      },
    },
    async ({ caller, params: { issueId }, body: { owner } }) =>
      change(caller, issueId, { kind: "assign", owner: owner === null ? null : noSecret("owner", owner) }),
  )

  app.post(
    "/issues/:issueId/ignore",
    {
      config: operator,
      schema: {
        tags,
        operationId: "ignoreIssue",
        summary: "Leave it until a time, or until there are so many more failures",
        params,
        body: IgnoreIssue,
        response: { 200: Issue },
      },
    },
    async ({ caller, params: { issueId }, body: { reason, until, failures } }) => {
      const untilAt = instantOf("until", until)
      if (untilAt !== null && untilAt <= Date.now()) throw invalidParameter("until", "it lies in the past")
      return change(caller, issueId, { kind: "ignore", reason: reason ?? null, untilAt, failures: failures ?? null })
    },
  )

  app.post(
    "/issues/:issueId/resolve",
    {
      config: operator,
      schema: {
        tags,
        operationId: "resolveIssue",
        summary: "Say that it is mended; a run that begins after this and fails so opens it again",
        params,
        body: ResolveIssue,
        response: { 200: Issue },
      },
    },
    async ({ caller, engine, params: { issueId }, body: { reason, versionNumber = null } }) => {
      if (versionNumber !== null) {
        const { environment, workflowId } = known(await issues.get(caller.workspaceId, issueId), issueId)
        // What mends it may be the next one to be saved.
        const before = await engine.definitions.version(environment, workflowId, versionNumber - 1)
        if (before === null) await knownVersion(engine, environment, workflowId, versionNumber)
      }
      return change(caller, issueId, { kind: "resolve", reason: reason ?? null, version: versionNumber })
    },
  )

  app.post(
    "/issues/:issueId/reopen",
    {
      config: operator,
      schema: {
        tags,
        operationId: "reopenIssue",
        summary: "Take a resolution, or that it is ignored, back",
        params,
        response: { 200: Issue },
      },
    },
    async ({ caller, params: { issueId } }) => change(caller, issueId, { kind: "reopen" }),
  )
}

function asked(query: Static<typeof listQuery>) {
  const states = listOf(query.state).map((one) => {
    const found = issueStates.find((state) => state === one)
    if (found === undefined) throw invalidParameter("state", `there is no ${one}`, `Of ${issueStates.join(", ")}.`)
    return found
  })
  return {
    states: states.length === 0 ? (["open"] as const) : states,
    workflowId: query.workflowId ?? null,
    environment: query.env ?? null,
    owner: query.owner ?? null,
    after: placeOf(query.cursor),
  }
}

function placeOf(cursor: string | undefined) {
  if (cursor === undefined) return null
  const found = /^(\d{1,15})_(\d{1,15})$/.exec(cursor)
  if (found === null) throw new ProblemError("cursor_mismatch", "the cursor is not one of this list")
  return { lastSeenAt: Number(found[1]), key: Number(found[2]) }
}

function known<T>(found: T | null, issueId: string): T {
  if (found === null) throw new ProblemError("issue_not_found", `there is no issue ${issueId}`)
  return found
}

function document(issue: ListedIssue): Issue {
  const { firstSeenAt, firstRunId, firstVersion, lastSeenAt, lastRunId, lastVersion, trend, state } = issue
  const { ignoreUntilAt, ignoreUntilCount, resolvedAt, resolvedBy, resolvedVersion } = issue
  const { regressedAt, regressedVersion, regressions } = issue
  const at = (time: number | null) => (time === null ? null : rfc3339(time))
  return {
    issueId: issue.issueId,
    workflowId: issue.workflowId,
    environment: issue.environment,
    step: issue.step,
    errorClass: issue.errorClass,
    errorCode: issue.errorCode,
    message: issue.message,
    frame: issue.frame,
    sample: issue.sample,
    count: issue.count,
    firstSeen: { at: rfc3339(firstSeenAt), runId: firstRunId, versionNumber: firstVersion },
    lastSeen: { at: rfc3339(lastSeenAt), runId: lastRunId, versionNumber: lastVersion },
    trend: { hours: [...trend], last24h: trend.reduce((sum, one) => sum + one, 0) },
    state,
    owner: issue.owner,
    reason: issue.reason,
    ignoredUntil: state === "ignored" ? { at: at(ignoreUntilAt), count: ignoreUntilCount } : null,
    resolved:
      resolvedAt === null || state !== "resolved"
        ? null
        : { at: rfc3339(resolvedAt), by: resolvedBy ?? "", versionNumber: resolvedVersion },
    regressed:
      regressedAt === null
        ? null
        : { at: rfc3339(regressedAt), versionNumber: regressedVersion ?? 0, times: regressions },
    changedAt: rfc3339(issue.changedAt),
    changedBy: issue.changedBy,
  }
}
