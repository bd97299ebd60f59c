/** Failures that are alike, as one thing that people look after. */
import { type Static, Type } from "typebox"
import { answer, count, nullable, oneOf, page, request, text, textOrNull, time, timeOrNull } from "./scalars.ts"

export const issueStates = ["open", "ignored", "resolved"] as const

const seen = (what: string) =>
  Type.Object({ at: time, runId: text, versionNumber: Type.Integer() }, { description: what })

export const Issue = answer("Issue", {
  issueId: text,
  workflowId: text,
  environment: text,
  step: nullable(Type.String({ description: "The state, with its branch path; `[*]` is any item." })),
  errorClass: text,
  errorCode: text,
  message: Type.String({ description: "Without what differs from run to run." }),
  frame: nullable(Type.String({ description: "The first place of the author's own code." })),
  sample: Type.String({ description: "As the newest run said it." }),
  count,
  firstSeen: seen("The first run that failed so."),
  lastSeen: seen("The newest one."),
  trend: Type.Object({
    hours: Type.Array(count, { description: "Failures an hour of the last 24, the newest last." }),
    last24h: count,
  }),
  state: oneOf(issueStates),
  owner: textOrNull,
  reason: textOrNull,
  ignoredUntil: nullable(
    Type.Object({
      at: timeOrNull,
      count: nullable(Type.Integer({ description: "Open again with so many in all." })),
    }),
  ),
  resolved: nullable(
    Type.Object({
      at: time,
      by: text,
      versionNumber: nullable(Type.Integer({ description: "Failures of versions before it do not open it again." })),
    }),
  ),
  regressed: nullable(
    Type.Object(
      { at: time, versionNumber: Type.Integer(), times: count },
      { description: "It came back after it was resolved." },
    ),
  ),
  changedAt: time,
  changedBy: textOrNull,
})
export type Issue = Static<typeof Issue>

export const IssuePage = page("IssuePage", Issue)
export type IssuePage = Static<typeof IssuePage>

export const IssueRunPage = page(
  "IssueRunPage",
  answer("IssueRun", {
    runId: text,
    version: text,
    versionNumber: Type.Integer(),
    status: text,
    completedAt: time,
    message: textOrNull,
  }),
)
export type IssueRunPage = Static<typeof IssueRunPage>

const reason = Type.Optional(Type.String({ maxLength: 2_000 }))

export const AssignIssue = request("AssignIssue", {
  owner: nullable(Type.String({ minLength: 1, maxLength: 256, description: "`user:…` or `team:…`; null: nobody." })),
})
export type AssignIssue = Static<typeof AssignIssue>

export const IgnoreIssue = request("IgnoreIssue", {
  reason,
  until: Type.Optional(Type.String({ maxLength: 64, description: "RFC 3339; a failure after it opens the issue." })),
  failures: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, description: "So many more open it." })),
})
export type IgnoreIssue = Static<typeof IgnoreIssue>

export const ResolveIssue = request("ResolveIssue", {
  reason,
  versionNumber: Type.Optional(
    Type.Integer({ minimum: 1, description: "The first version that is mended; failures of older ones are expected." }),
  ),
})
export type ResolveIssue = Static<typeof ResolveIssue>
