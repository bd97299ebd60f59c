/**
 * A typed client of `/api/v1` over fetch. One method a route; answers are the contract's types; a refusal is thrown as
 * `ProblemError` with the server's code, an unreachable server as `UnreachableError`. Depends on the contract alone.
 */
import type {
  Agent,
  AgentPage,
  Approval,
  ApprovalPage,
  ArchivedBatchPage,
  AssignIssue,
  BackupReport,
  Bulk,
  BulkItemPage,
  BulkPage,
  BusinessEvent,
  ChangePassword,
  CheckedInput,
  CheckInput,
  Comparison,
  EffectiveRedaction,
  EraseRun,
  Evaluated,
  FsckReport,
  IgnoreIssue,
  Issue,
  IssuePage,
  IssueRunPage,
  Json,
  Metrics,
  Outcome,
  PreviewRetention,
  PurgeReport,
  PutRedaction,
  PutRetention,
  PutSlo,
  Readiness,
  RebuildReport,
  RedactionVersion,
  RedactionVersionPage,
  ResolveIssue,
  ResumeAllReport,
  Retention,
  RetentionPreview,
  RetentionVersion,
  RetentionVersionPage,
  RevealedTokens,
  RevealTokens,
  RunErased,
  SayOutcome,
  SearchAnswer,
  ServiceLevels,
  Session,
  Slo,
  SloPage,
  StartBulk,
  StepsMetrics,
  SyncPlan,
  TriedRedaction,
  TryRedaction,
  Validation,
  VerifyReport,
  Version,
  VersionDiff,
  VersionPage,
  Workflow,
  WorkflowFile,
  WorkflowPage,
  WorkflowStats,
  WorkflowSummary,
} from "@waybill/contract"
import { accessRoutes } from "./access.ts"
import type { ClientOptions } from "./connection.ts"
import { run } from "./paths.ts"
import { runRoutes } from "./runs.ts"
import { tellingRoutes } from "./telling.ts"
import { caller, type Format, longMs, type OnProgress, type Query, sender, walker } from "./transport.ts"

export type { Format, Once, OnProgress, Query } from "./transport.ts"

export type Client = ReturnType<typeof createClient>

export function createClient(options: ClientOptions) {
  const send = sender(options)
  const call = caller(send)
  const walk = walker(send)
  const workflow = (id: string) => `/workflows/${encodeURIComponent(id)}`
  const outcome = (businessEventId: string) => `/outcomes/${encodeURIComponent(businessEventId)}`
  const issue = (issueId: string) => `/issues/${encodeURIComponent(issueId)}`
  const bulk = (bulkId: string) => `/bulk/${encodeURIComponent(bulkId)}`
  const approval = (runId: string, id: string) => `${run(runId)}/approvals/${encodeURIComponent(id)}`
  return {
    ...tellingRoutes(call),
    ...accessRoutes(send, call),
    runs: runRoutes(options, send, call),
    workflows: {
      list: (query: Query = {}) => call<WorkflowPage>("GET", "/workflows", { query }),
      get: (id: string, query: Query = {}) => call<Workflow>("GET", workflow(id), { query }),
      create: (text: string, format: Format, query: Query = {}) =>
        call<WorkflowSummary>("POST", "/workflows", { text, format, query }),
      update: (id: string, text: string, format: Format, query: Query = {}) =>
        call<WorkflowSummary>("PUT", workflow(id), { text, format, query }),
      remove: (id: string, query: Query = {}) => call<undefined>("DELETE", workflow(id), { query }),
      disable: (id: string, query: Query = {}) => call<WorkflowSummary>("POST", `${workflow(id)}/disable`, { query }),
      enable: (id: string, query: Query = {}) => call<WorkflowSummary>("POST", `${workflow(id)}/enable`, { query }),
      /** The file it comes from as it is now, with its problems. */
      file: (id: string, query: Query = {}) => call<WorkflowFile>("GET", `${workflow(id)}/file`, { query }),
      versions: (id: string, query: Query = {}) => call<VersionPage>("GET", `${workflow(id)}/versions`, { query }),
      version: (id: string, version: number, query: Query = {}) =>
        call<Version>("GET", `${workflow(id)}/versions/${version}`, { query }),
      diff: (id: string, from: number, to: number, query: Query = {}) =>
        call<VersionDiff>("GET", `${workflow(id)}/versions/${from}...${to}`, { query }),
      /** Runs by status, times, and what each state did; `from` and `to` RFC 3339, else the last 30 days. */
      stats: (id: string, query: Query = {}) => call<WorkflowStats>("GET", `${workflow(id)}/stats`, { query }),
      /** What a start would make of an input; nothing is started. */
      checkInput: (id: string, body: CheckInput, query: Query = {}) =>
        call<CheckedInput>("POST", `${workflow(id)}/check-input`, { body, query }),
      rollback: (id: string, version: number, query: Query = {}) =>
        call<WorkflowSummary>("POST", `${workflow(id)}/versions/${version}/rollback`, { query }),
      validate: (text: string, format: Format, query: Query = {}) =>
        call<Validation>("POST", "/workflows/validate", { text, format, query }),
    },
    approvals: {
      list: (query: Query = {}) => call<ApprovalPage>("GET", "/workflow-approvals", { query }),
      get: (id: string) => call<Approval>("GET", `/workflow-approvals/${encodeURIComponent(id)}`),
      decide: (
        runId: string,
        id: string,
        body: { outcome: string; comment?: string; form?: Json; contentHash?: string },
        more: { idempotencyKey?: string } = {},
      ) => call<Approval>("POST", `${approval(runId, id)}/decide`, { body, ...more }),
      delegate: (
        runId: string,
        id: string,
        body: { to: string; comment?: string },
        more: { idempotencyKey?: string } = {},
      ) => call<Approval>("POST", `${approval(runId, id)}/delegate`, { body, ...more }),
    },
    /** All of it needs the role admin. */
    retention: {
      get: () => call<Retention>("GET", "/policies/retention"),
      versions: (query: Query = {}) => call<RetentionVersionPage>("GET", "/policies/retention/versions", { query }),
      /** `limit, cursor`. */
      archived: (query: Query = {}) => call<ArchivedBatchPage>("GET", "/policies/retention/archive", { query }),
      put: (body: PutRetention) => call<RetentionVersion>("PUT", "/policies/retention", { body }),
      preview: (body: PreviewRetention = {}) => call<RetentionPreview>("POST", "/policies/retention/preview", { body }),
      purge: () => call<PurgeReport>("POST", "/policies/retention/purge", { timeoutMs: longMs }),
      /** One finished run, whole, out of the archive too; it cannot be undone. */
      erase: (runId: string, body: EraseRun) =>
        call<RunErased>("POST", `/workflow-runs/${encodeURIComponent(runId)}/erase`, { body, timeoutMs: longMs }),
    },

    redaction: {
      list: () => call<RedactionVersionPage>("GET", "/policies/redaction"),
      effective: (workflowId?: string) =>
        call<EffectiveRedaction>("GET", "/policies/redaction/effective", { query: { workflowId } }),
      versions: (query: Query = {}) => call<RedactionVersionPage>("GET", "/policies/redaction/versions", { query }),
      put: (body: PutRedaction) => call<RedactionVersion>("PUT", "/policies/redaction", { body }),
      dryRun: (body: TryRedaction) => call<TriedRedaction>("POST", "/policies/redaction/dry-run", { body }),
      /** Who asks and why stands in the audit before anything is answered. */
      reveal: (body: RevealTokens) => call<RevealedTokens>("POST", "/policies/redaction/reveal", { body }),
    },

    insights: {
      /** How well events are told, and evidence is kept; `from, to`. */
      service: (query: Query = {}) => call<ServiceLevels>("GET", "/insights/service", { query }),
      /** `workflowId, env, version, origin, from, to, bucket, groupBy, query`. */
      metrics: (query: Query = {}) => call<Metrics>("GET", "/insights/metrics", { query }),
      /** By the steps' names; `env, version, origin, from, to, bucket`. */
      steps: (workflowId: string, query: Query = {}) =>
        call<StepsMetrics>("GET", "/insights/steps", { query: { ...query, workflowId } }),
      /** `versionA, fromA, toA` before, `versionB, fromB, toB` after; `env, leastRuns`. */
      compare: (workflowId: string, query: Query) =>
        call<Comparison>("GET", "/insights/compare", { query: { ...query, workflowId } }),
    },

    /** Over everything; `limit` of each kind. */
    search: (q: string, query: { limit?: number } = {}) =>
      call<SearchAnswer>("GET", "/search", { query: { ...query, q } }),

    issues: {
      /** `state, workflowId, env, owner, cursor, limit`. */
      list: (query: Query = {}) => call<IssuePage>("GET", "/issues", { query }),
      get: (issueId: string) => call<Issue>("GET", issue(issueId)),
      runs: (issueId: string, query: Query = {}) => call<IssueRunPage>("GET", `${issue(issueId)}/runs`, { query }),
      /** Of a failed run. */
      ofRun: (runId: string) => call<Issue>("GET", `${run(runId)}/issue`),
      assign: (issueId: string, body: AssignIssue) => call<Issue>("POST", `${issue(issueId)}/assign`, { body }),
      ignore: (issueId: string, body: IgnoreIssue = {}) => call<Issue>("POST", `${issue(issueId)}/ignore`, { body }),
      resolve: (issueId: string, body: ResolveIssue = {}) => call<Issue>("POST", `${issue(issueId)}/resolve`, { body }),
      reopen: (issueId: string) => call<Issue>("POST", `${issue(issueId)}/reopen`),
    },

    outcomes: {
      get: (businessEventId: string) => call<BusinessEvent>("GET", outcome(businessEventId)),
      /** What was said before stays. */
      say: (businessEventId: string, body: SayOutcome) => call<Outcome>("POST", outcome(businessEventId), { body }),
    },

    slos: {
      list: () => call<SloPage>("GET", "/slos"),
      put: (sloId: string, body: PutSlo) => call<Slo>("PUT", `/slos/${encodeURIComponent(sloId)}`, { body }),
      remove: (sloId: string) => call<undefined>("DELETE", `/slos/${encodeURIComponent(sloId)}`),
    },

    bulk: {
      start: (body: StartBulk, more: { idempotencyKey?: string } = {}) =>
        call<Bulk>("POST", "/bulk", { body, ...more }),
      /** What would happen; nothing is done. */
      preview: (body: StartBulk) => call<Bulk>("POST", "/bulk", { body: { ...body, dryRun: true } }),
      list: (query: Query = {}) => call<BulkPage>("GET", "/bulk", { query }),
      get: (bulkId: string) => call<Bulk>("GET", bulk(bulkId)),
      items: (bulkId: string, query: Query = {}) => call<BulkItemPage>("GET", `${bulk(bulkId)}/items`, { query }),
      pause: (bulkId: string) => call<Bulk>("POST", `${bulk(bulkId)}/pause`),
      resume: (bulkId: string) => call<Bulk>("POST", `${bulk(bulkId)}/resume`),
      abort: (bulkId: string) => call<Bulk>("POST", `${bulk(bulkId)}/abort`),
    },
    agents: {
      list: (query: Query = {}) => call<AgentPage>("GET", "/agents", { query }),
      get: (name: string, query: Query = {}) => call<Agent>("GET", `/agents/${encodeURIComponent(name)}`, { query }),
    },
    sync: (environment: string, body: { dryRun?: boolean; force?: boolean; prune?: boolean } = {}) =>
      call<SyncPlan>("POST", `/environments/${encodeURIComponent(environment)}/sync`, { body }),
    evaluate: (body: { expression: string; runId?: string; at?: number }) => call<Evaluated>("POST", "/expr", { body }),
    session: () => call<Session>("GET", "/session"),
    /** Ends the session of this browser. */
    signOut: () => call<undefined>("DELETE", "/session"),
    changePassword: (body: ChangePassword) => call<undefined>("PUT", "/session/password", { body }),
    /** Whether the server takes work; one that does not answers too, with its reasons. */
    readiness: () => call<Readiness>("GET", "/readyz", { prefix: "", alsoStatus: 503 }),
    admin: {
      /** These take minutes over a large store: `onProgress` hears once a second how far they are. */
      verify: (body: { runId?: string; head?: string; archive?: boolean } = {}, onProgress?: OnProgress) =>
        walk<VerifyReport>("/admin/verify", body, onProgress),
      fsck: (onProgress?: OnProgress) => walk<FsckReport>("/admin/fsck", {}, onProgress),
      rebuild: (body: { runId?: string } = {}, onProgress?: OnProgress) =>
        walk<RebuildReport>("/admin/rebuild", body, onProgress),
      backup: (body: { name?: string } = {}) => walk<BackupReport>("/admin/backup", body),
      resumeAll: () => call<ResumeAllReport>("POST", "/admin/resume-all", { body: {} }),
    },
  }
}
