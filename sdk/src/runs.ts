/** The routes of runs: starting, finding, understanding, and doing. */
import type {
  Annotate,
  Annotation,
  AnnotationPage,
  ApprovalPage,
  Attachment,
  AttachmentPage,
  ChangeTags,
  ContextAt,
  ContextDiff,
  EventPage,
  Json,
  Lineage,
  ParsedQuery,
  QueryFields,
  RemarkPage,
  Rerun,
  RerunPlan,
  ResolveRun,
  Run,
  RunCounts,
  RunEvidence,
  RunFacets,
  RunHistogram,
  RunLogPage,
  RunPage,
  RunStanding,
  RunSummary,
  SignalReceipt,
  StartRun,
  Step,
  StepContext,
  StepPage,
  Timeline,
  Why,
} from "@waybill/contract"
import type { ClientOptions } from "./connection.ts"
import { readConnection, readEventStream, type StreamMessage } from "./event-stream.ts"
import { run } from "./paths.ts"
import { type Call, longMs, type Once, type Query, queryText, type Send } from "./transport.ts"

const step = (runId: string, stepId: string) => `${run(runId)}/steps/${encodeURIComponent(stepId)}`

export function runRoutes(options: ClientOptions, send: Send, call: Call) {
  return {
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
    /** The same without input, context and output, which of a long run are megabytes. */
    head: (runId: string) => call<RunSummary>("GET", run(runId), { query: { values: false } }),
    /** Without the context, which of a run that goes on is put together for each answer. */
    ends: (runId: string) => call<Omit<Run, "context">>("GET", run(runId), { query: { context: false } }),
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
    resume: (runId: string, reason?: string) => call<RunSummary>("POST", `${run(runId)}/resume`, { body: { reason } }),
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
  }
}
