/**
 * A typed client of `/api/v1` over fetch. One method a route; answers are the contract's types; a refusal is thrown as
 * `ProblemError` with the server's code, an unreachable server as `UnreachableError`. Depends on the contract alone.
 */
import type {
  AddMember,
  Agent,
  AgentPage,
  Alert,
  AlertDelivery,
  AlertDeliveryDetail,
  AlertDeliveryPage,
  AlertPage,
  Annotate,
  Annotation,
  AnnotationPage,
  ApiKey,
  ApiKeyPage,
  ApiKeyWithSecret,
  Approval,
  ApprovalPage,
  ArchivedBatchPage,
  AssignIssue,
  Attachment,
  AttachmentPage,
  AuditPage,
  BackupReport,
  Bulk,
  BulkItemPage,
  BulkPage,
  BusinessEvent,
  ChangeAlert,
  ChangeMember,
  ChangePassword,
  ChangeTags,
  ChangeWebhook,
  CheckedInput,
  CheckInput,
  Comparison,
  ContextAt,
  ContextDiff,
  CreateAlert,
  CreateKey,
  CreateWebhook,
  CreateWorkspace,
  EffectiveRedaction,
  Evaluated,
  EventPage,
  FsckReport,
  IgnoreIssue,
  Issue,
  IssuePage,
  IssueRunPage,
  Json,
  Lineage,
  Member,
  MemberPage,
  Metrics,
  Outcome,
  ParsedQuery,
  PreviewRetention,
  Problem,
  PurgeReport,
  PutRedaction,
  PutRetention,
  PutSlo,
  PutTeam,
  QueryFields,
  Readiness,
  RebuildReport,
  RedactionVersion,
  RedactionVersionPage,
  RemarkPage,
  Rerun,
  RerunPlan,
  ResolveIssue,
  ResolveRun,
  ResumeAllReport,
  Retention,
  RetentionPreview,
  RetentionVersion,
  RetentionVersionPage,
  RevealedTokens,
  RevealTokens,
  RotateWebhook,
  Run,
  RunCounts,
  RunEvidence,
  RunFacets,
  RunHistogram,
  RunLogPage,
  RunPage,
  RunStanding,
  RunSummary,
  SayOutcome,
  SearchAnswer,
  Session,
  SignalReceipt,
  SignedInPage,
  Slo,
  SloPage,
  StartBulk,
  StartRun,
  Step,
  StepContext,
  StepPage,
  StepsMetrics,
  SyncPlan,
  Team,
  TeamPage,
  Timeline,
  TriedRedaction,
  TryRedaction,
  Validation,
  VerifyReport,
  Version,
  VersionDiff,
  VersionPage,
  Webhook,
  WebhookDelivery,
  WebhookDeliveryDetail,
  WebhookDeliveryPage,
  WebhookPage,
  WebhookWithSecret,
  Why,
  Workflow,
  WorkflowFile,
  WorkflowPage,
  WorkflowStats,
  WorkflowSummary,
  Workspace,
  WorkspacePage,
} from "@waybill/contract"
import { authHeaders, type ClientOptions, ProblemError, UnreachableError } from "./connection.ts"
import { readConnection, readEventStream, type StreamMessage } from "./event-stream.ts"

export type Query = { readonly [name: string]: string | number | boolean | readonly string[] | null | undefined }

export type Client = ReturnType<typeof createClient>

export function createClient(options: ClientOptions) {
  const send = sender(options)
  const call = caller(send)
  const walk = walker(send)
  const run = (runId: string) => `/workflow-runs/${encodeURIComponent(runId)}`
  const step = (runId: string, stepId: string) => `${run(runId)}/steps/${encodeURIComponent(stepId)}`
  const workflow = (id: string) => `/workflows/${encodeURIComponent(id)}`
  const outcome = (businessEventId: string) => `/outcomes/${encodeURIComponent(businessEventId)}`
  const issue = (issueId: string) => `/issues/${encodeURIComponent(issueId)}`
  const alert = (alertId: string) => `/alerts/${encodeURIComponent(alertId)}`
  const webhook = (webhookId: string) => `/webhooks/${encodeURIComponent(webhookId)}`
  const member = (user: string) => `/members/${encodeURIComponent(user)}`
  const bulk = (bulkId: string) => `/bulk/${encodeURIComponent(bulkId)}`
  const approval = (runId: string, id: string) => `${run(runId)}/approvals/${encodeURIComponent(id)}`
  return {
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
    runs: {
      /** `wait`: seconds to wait for the end; the answer then says where the run stands. */
      start: (body: StartRun, more: { wait?: number; idempotencyKey?: string } = {}) =>
        call<Run>("POST", "/workflow-runs", { body, query: { wait: more.wait }, ...more }),
      list: (query: Query = {}) => call<RunPage>("GET", "/workflow-runs", { query }),
      /** How a query is read; what is wrong with it is told, and never thrown. */
      readQuery: (query: string) => call<ParsedQuery>("GET", "/workflow-runs/query", { query: { query } }),
      /** By status, by start, by value: the runs that match, with the filters of `list`. */
      counts: (query: Query = {}) => call<RunCounts>("GET", "/workflow-runs/counts", { query }),
      histogram: (query: Query = {}) => call<RunHistogram>("GET", "/workflow-runs/histogram", { query }),
      facets: (query: Query = {}) => call<RunFacets>("GET", "/workflow-runs/facets", { query }),
      /** The runs that match, or `runIds`, as a file of any length, to be read as it comes; `format`: `csv, json, ndjson`. */
      export: (query: Query = {}) => send("GET", "/workflow-runs/export", { query, timeoutMs: longMs }),
      /** Everything there is about one run, as one JSON document of any length, to be read as it comes. */
      exportRun: (runId: string) => send("GET", `${run(runId)}/export`, { timeoutMs: longMs }),
      queryFields: () => call<QueryFields>("GET", "/workflow-runs/query/fields"),
      get: (runId: string) => call<Run>("GET", run(runId)),
      /** Cause, what changed, who else, what it waits for, and the next thing to do. */
      why: (runId: string) => call<Why>("GET", `${run(runId)}/why`),
      /** What is left of what it did, and why the rest is not there. */
      evidence: (runId: string) => call<RunEvidence>("GET", `${run(runId)}/evidence`),
      lineage: (runId: string) => call<Lineage>("GET", `${run(runId)}/lineage`),
      steps: (runId: string, query: Query = {}) => call<StepPage>("GET", `${run(runId)}/steps`, { query }),
      events: (runId: string, query: Query = {}) => call<EventPage>("GET", `${run(runId)}/events`, { query }),
      logs: (runId: string, query: Query = {}) => call<RunLogPage>("GET", `${run(runId)}/logs`, { query }),
      context: (runId: string, query: Query = {}) => call<ContextAt>("GET", `${run(runId)}/context`, { query }),
      step: (runId: string, stepId: string) => call<Step>("GET", step(runId, stepId)),
      /** What the step added, changed and removed in the context, and who had written what was there. */
      stepContext: (runId: string, stepId: string) => call<StepContext>("GET", `${step(runId, stepId)}/context`),
      contextDiff: (runId: string, query: Query = {}) =>
        call<ContextDiff>("GET", `${run(runId)}/context/diff`, { query }),
      /** One page of lanes with their segments, in the order of their steps. */
      timeline: (runId: string, query: Query = {}) => call<Timeline>("GET", `${run(runId)}/timeline`, { query }),
      pause: (runId: string, reason?: string) => call<RunSummary>("POST", `${run(runId)}/pause`, { body: { reason } }),
      resume: (runId: string, reason?: string) =>
        call<RunSummary>("POST", `${run(runId)}/resume`, { body: { reason } }),
      cancel: (runId: string, body: { reason?: string; force?: boolean } = {}) =>
        call<RunSummary>("POST", `${run(runId)}/cancel`, { body }),
      signal: (runId: string, body: { name: string; id?: string; data?: Json }) =>
        call<SignalReceipt>("POST", `${run(runId)}/signals`, { body }),
      retryNow: (runId: string, stepId?: string) =>
        call<RunSummary>("POST", `${run(runId)}/retry-now`, { body: { stepId } }),
      rerun: (runId: string, body: Rerun) => call<Run>("POST", `${run(runId)}/rerun`, { body }),
      planRerun: (runId: string, body: Rerun) =>
        call<RerunPlan>("POST", `${run(runId)}/rerun`, { body, query: { dryRun: true } }),
      /** A note beside the run, or beside one of its steps. */
      annotate: (runId: string, body: Annotate, more: Once = {}) =>
        call<Annotation>("POST", `${run(runId)}/annotations`, { body, ...more }),
      annotations: (runId: string, query: Query = {}) =>
        call<AnnotationPage>("GET", `${run(runId)}/annotations`, { query }),
      /** Taken back: it stays in the trail, and says that it was withdrawn. */
      withdrawAnnotation: (runId: string, annotationId: string) =>
        call<RunStanding>("DELETE", `${run(runId)}/annotations/${encodeURIComponent(annotationId)}`),
      tag: (runId: string, body: ChangeTags, more: Once = {}) =>
        call<RunStanding>("POST", `${run(runId)}/tags`, { body, ...more }),
      /** Null: nobody any more. */
      assign: (runId: string, owner: string | null, more: Once = {}) =>
        call<RunStanding>("POST", `${run(runId)}/assign`, { body: { owner }, ...more }),
      resolve: (runId: string, body: ResolveRun, more: Once = {}) =>
        call<RunStanding>("POST", `${run(runId)}/resolve`, { body, ...more }),
      undoResolution: (runId: string) => call<RunStanding>("DELETE", `${run(runId)}/resolution`),
      /** Everything that was said beside the run, newest first: who, when, from where, what. */
      remarks: (runId: string, query: Query = {}) => call<RemarkPage>("GET", `${run(runId)}/remarks`, { query }),
      /** A file for the run, also for one that has ended. What is text is redacted before it is kept. */
      attach: (
        runId: string,
        name: string,
        content: string | Uint8Array<ArrayBuffer>,
        more: { contentType?: string; idempotencyKey?: string } = {},
      ) =>
        call<Attachment>("POST", `${run(runId)}/attachments`, {
          query: { name },
          content,
          contentType: more.contentType ?? "application/octet-stream",
          timeoutMs: longMs,
          ...more,
        }),
      /** Each with a `url` that lets in whoever has it until `expiresAt`. */
      attachments: (runId: string, query: Query = {}) =>
        call<AttachmentPage>("GET", `${run(runId)}/attachments`, { query }),
      /** The content of one that was listed, to be read as it comes. */
      attachmentContent: (url: string) =>
        send("GET", url.slice(url.indexOf("/api/v1/")), { prefix: "", timeoutMs: longMs }),
      approvals: (runId: string, query: Query = {}) => call<ApprovalPage>("GET", `${run(runId)}/approvals`, { query }),
      /** Events as they are committed, from the first or after `after`; ends with the run. Reconnects without a gap. */
      stream: (runId: string, more: { after?: number; signal?: AbortSignal } = {}): AsyncGenerator<StreamMessage> =>
        readEventStream({ ...options, path: `${run(runId)}/stream`, ...more }),
      /**
       * What happens in all runs that match, live from now or after a position: `data` is a FeedMessage, or a
       * StreamReset under `event: reset`. One connection that is not taken up again; `id` is what to come back with.
       */
      follow: (
        query: Query = {},
        more: { after?: number; signal?: AbortSignal; onSign?: () => void } = {},
      ): AsyncGenerator<StreamMessage> =>
        readConnection({ ...options, path: `/workflow-runs/stream${queryText(query)}`, ...more }),
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

    alerts: {
      list: () => call<AlertPage>("GET", "/alerts"),
      get: (alertId: string) => call<Alert>("GET", alert(alertId)),
      create: (body: CreateAlert) => call<Alert>("POST", "/alerts", { body }),
      change: (alertId: string, body: ChangeAlert) => call<Alert>("PATCH", alert(alertId), { body }),
      remove: (alertId: string) => call<undefined>("DELETE", alert(alertId)),
      test: (alertId: string) => call<AlertDelivery>("POST", `${alert(alertId)}/test`),
      /** `state, event, cursor, limit`. */
      deliveries: (alertId: string, query: Query = {}) =>
        call<AlertDeliveryPage>("GET", `${alert(alertId)}/deliveries`, { query }),
      delivery: (alertId: string, deliveryId: string) =>
        call<AlertDeliveryDetail>("GET", `${alert(alertId)}/deliveries/${encodeURIComponent(deliveryId)}`),
      redeliver: (alertId: string, deliveryId: string) =>
        call<AlertDelivery>("POST", `${alert(alertId)}/deliveries/${encodeURIComponent(deliveryId)}/redeliver`),
    },
    webhooks: {
      list: () => call<WebhookPage>("GET", "/webhooks"),
      get: (webhookId: string) => call<Webhook>("GET", webhook(webhookId)),
      /** The answer has the secret, this once. */
      create: (body: CreateWebhook) => call<WebhookWithSecret>("POST", "/webhooks", { body }),
      change: (webhookId: string, body: ChangeWebhook) => call<Webhook>("PATCH", webhook(webhookId), { body }),
      remove: (webhookId: string) => call<undefined>("DELETE", webhook(webhookId)),
      test: (webhookId: string) => call<WebhookDelivery>("POST", `${webhook(webhookId)}/test`),
      rotate: (webhookId: string, body: RotateWebhook = {}) =>
        call<WebhookWithSecret>("POST", `${webhook(webhookId)}/rotate`, { body }),
      /** `state, event, runId, cursor, limit`. */
      deliveries: (webhookId: string, query: Query = {}) =>
        call<WebhookDeliveryPage>("GET", `${webhook(webhookId)}/deliveries`, { query }),
      delivery: (webhookId: string, deliveryId: string) =>
        call<WebhookDeliveryDetail>("GET", `${webhook(webhookId)}/deliveries/${encodeURIComponent(deliveryId)}`),
      redeliver: (webhookId: string, deliveryId: string) =>
        call<WebhookDelivery>("POST", `${webhook(webhookId)}/deliveries/${encodeURIComponent(deliveryId)}/redeliver`),
      /** Who was told of a run; for everybody who may see it. */
      ofRun: (runId: string, query: Query = {}) =>
        call<WebhookDeliveryPage>("GET", `${run(runId)}/webhooks`, { query }),
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
    sessions: {
      /** `all`: everybody's, for admins of the workspace `default`. */
      list: (query: Query = {}) => call<SignedInPage>("GET", "/sessions", { query }),
      end: (sessionId: string) => call<undefined>("DELETE", `/sessions/${encodeURIComponent(sessionId)}`),
    },
    changePassword: (body: ChangePassword) => call<undefined>("PUT", "/session/password", { body }),
    workspaces: {
      list: (query: Query = {}) => call<WorkspacePage>("GET", "/workspaces", { query }),
      create: (body: CreateWorkspace) => call<Workspace>("POST", "/workspaces", { body }),
      rename: (workspaceId: string, name: string) =>
        call<Workspace>("PATCH", `/workspaces/${encodeURIComponent(workspaceId)}`, { body: { name } }),
    },
    members: {
      list: (query: Query = {}) => call<MemberPage>("GET", "/members", { query }),
      get: (user: string) => call<Member>("GET", member(user)),
      add: (body: AddMember) => call<Member>("POST", "/members", { body }),
      change: (user: string, body: ChangeMember) => call<Member>("PATCH", member(user), { body }),
      remove: (user: string) => call<undefined>("DELETE", member(user)),
    },
    teams: {
      list: (query: Query = {}) => call<TeamPage>("GET", "/teams", { query }),
      put: (name: string, body: PutTeam) => call<Team>("PUT", `/teams/${encodeURIComponent(name)}`, { body }),
      remove: (name: string) => call<undefined>("DELETE", `/teams/${encodeURIComponent(name)}`),
    },
    keys: {
      list: (query: Query = {}) => call<ApiKeyPage>("GET", "/keys", { query }),
      /** The answer has the key, this once. */
      create: (body: CreateKey) => call<ApiKeyWithSecret>("POST", "/keys", { body }),
      revoke: (keyId: string) => call<ApiKey>("DELETE", `/keys/${encodeURIComponent(keyId)}`),
    },
    audit: {
      /** `actor, action, target, outcome, from, to, cursor, limit`; newest first. */
      list: (query: Query = {}) => call<AuditPage>("GET", "/audit", { query }),
      /** All that matches, of any length, to be read as it comes; `format`: `ndjson, csv`. */
      export: (query: Query = {}) => send("GET", "/audit/export", { query, timeoutMs: longMs }),
    },
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

/** The same key again is the same request. */
export interface Once {
  readonly idempotencyKey?: string
}

export type Format = "yaml" | "json"

const defaultTimeoutMs = 30_000
/** Checks of a whole database take as long as they take; an hour is the bound. */
const longMs = 3_600_000

export type OnProgress = (at: { readonly runs: number; readonly events: number }) => void

interface Request {
  readonly query?: Query
  readonly body?: unknown
  readonly text?: string
  readonly format?: Format
  /** Sent as it is, as `contentType`. */
  readonly content?: string | Uint8Array<ArrayBuffer>
  readonly contentType?: string
  readonly idempotencyKey?: string
  readonly wait?: number
  readonly timeoutMs?: number
  /** Default `application/json`. */
  readonly accept?: string
  /** Before the path; default `/api/v1`. */
  readonly prefix?: string
  /** An answer with this status is an answer as well. */
  readonly alsoStatus?: number
}

type Send = (method: string, path: string, request?: Request) => Promise<Response>

/** An answer whose body nobody has read yet; a refusal is thrown. */
function sender(options: ClientOptions): Send {
  const base = options.url.replace(/\/+$/, "")
  const ask = options.fetch ?? fetch
  return async (method, path, request = {}) => {
    const url = `${base}${request.prefix ?? "/api/v1"}${path}${queryText(request.query)}`
    const timeoutMs = (request.timeoutMs ?? options.timeoutMs ?? defaultTimeoutMs) + (request.wait ?? 0) * 1000
    let response: Response
    try {
      response = await ask(url, {
        method,
        headers: headers(options, request),
        body: bodyOf(request),
        signal: AbortSignal.timeout(timeoutMs),
      })
    } catch (error) {
      throw new UnreachableError(base, error)
    }
    if (response.ok || response.status === request.alsoStatus) return response
    throw new ProblemError(problemOf(response.status, await response.text(), path))
  }
}

function caller(send: Send) {
  return async <T>(method: string, path: string, request: Request = {}): Promise<T> => {
    const text = await (await send(method, path, request)).text()
    return (text === "" ? undefined : JSON.parse(text)) as T
  }
}

/** Lines on how far it is, then the report: nothing in between waits long enough to give up. */
function walker(send: Send) {
  return async <T>(path: string, body: unknown, onProgress: OnProgress = () => {}): Promise<T> => {
    const response = await send("POST", path, { body, timeoutMs: longMs, accept: "application/x-ndjson" })
    for await (const line of linesOf(response)) {
      const said = JSON.parse(line) as { progress?: Parameters<OnProgress>[0]; report?: T; problem?: Problem }
      if (said.problem !== undefined) throw new ProblemError(said.problem)
      if (said.report !== undefined) return said.report
      if (said.progress !== undefined) onProgress(said.progress)
    }
    throw new UnreachableError(response.url, new Error("the answer ended before its report"))
  }
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  if (response.body === null) return
  let rest = ""
  for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + part).split("\n")
    rest = lines.pop() ?? ""
    yield* lines
  }
  if (rest !== "") yield rest
}

function headers(options: ClientOptions, request: Request): Record<string, string> {
  return {
    accept: request.accept ?? "application/json",
    ...authHeaders(options),
    ...typeOf(request),
    ...(request.idempotencyKey === undefined ? {} : { "idempotency-key": request.idempotencyKey }),
  }
}

function typeOf({ body, text, format, content, contentType }: Request): Record<string, string> {
  if (content !== undefined) return { "content-type": contentType ?? "application/octet-stream" }
  if (body === undefined && text === undefined) return {}
  return { "content-type": format === "yaml" ? "application/yaml" : "application/json" }
}

function bodyOf(request: Request): string | Uint8Array<ArrayBuffer> | undefined {
  if (request.content !== undefined) return request.content
  if (request.text !== undefined) return request.text
  return request.body === undefined ? undefined : JSON.stringify(request.body)
}

function queryText(query: Query | undefined): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === null) continue
    params.set(name, Array.isArray(value) ? value.join(",") : String(value))
  }
  const text = params.toString()
  return text === "" ? "" : `?${text}`
}

/** Something in front of Waybill may answer in its own words. */
function problemOf(status: number, text: string, path: string): Problem {
  try {
    const parsed = JSON.parse(text) as Partial<Problem>
    if (typeof parsed.code === "string" && typeof parsed.detail === "string") return parsed as Problem
  } catch {
    // Not JSON: below.
  }
  return {
    type: "about:blank",
    title: `HTTP ${status}`,
    status,
    code: `http_${status}`,
    detail: text.slice(0, 500) || `HTTP ${status}`,
    instance: path,
    requestId: "",
  }
}
