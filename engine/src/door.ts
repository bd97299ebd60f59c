/**
 * What the engine offers to its facades: the one door (architecture §1). Facades translate, nothing else; whatever a
 * person can do over HTTP is a method here. Every write takes the actor and answers with a value or a rejection.
 */
import type { Problem } from "./core/definition/problem.ts"
import type { Json, JsonObject } from "./core/json.ts"
import type { ApprovalTerms } from "./core/policy/roles.ts"
import type { RemarkAsked } from "./core/remarks/decide-remark.ts"
import type { Noted, Remark, RemarkOrigin } from "./core/remarks/remark.ts"
import type { Resolution, Standing } from "./core/remarks/standing.ts"
import type { InputFinding } from "./core/run/check-input.ts"
import type { Actor, Rejection } from "./core/run/commands.ts"
import type { Stored } from "./core/run/events.ts"
import type { RunOrigin } from "./core/run/origin.ts"
import type { RunStatus } from "./core/run/state.ts"
import type { FeedEvent, StoredEventRow } from "./core/views/feed-event.ts"
import type { FoldKind } from "./core/views/fold-runs.ts"
import type { ApprovalRow, RunRow, StepRow, StepStatus } from "./core/views/rows.ts"
import type { ApprovalSort, Page, RunFilter, RunSort } from "./core/views/run-query.ts"
import type { FacetTally, HistogramWindow, StatusCounts } from "./core/views/run-tally.ts"
import type { Insights } from "./insights-door.ts"
import type { AuditHead } from "./ports/audit-store.ts"
import type { BulkAction, BulkItemRow, BulkItemState } from "./ports/bulk-store.ts"
import type { Remarked, RemarkPage } from "./ports/remark-store.ts"
import type { ListedRun } from "./ports/run-queries.ts"

export interface ArchiveReport {
  readonly batches: number
  readonly runs: number
  readonly events: number
  /** `runId` is empty where it is of the whole batch. */
  readonly findings: readonly { batchId: string; runId: string; seq: number; what: string }[]
}

export type * from "./insights-door.ts"
export type {
  FeedEvent,
  ListedRun,
  Noted,
  Page,
  Remark,
  RemarkAsked,
  Remarked,
  RemarkOrigin,
  RemarkPage,
  Resolution,
  RunFilter,
  RunOrigin,
  RunSort,
  Standing,
  StoredEventRow,
}

export type Answer<T> =
  | {
      readonly ok: true
      readonly value: T /** Feed position: a read at or after it sees this write (rule 29). */
      readonly position: number
    }
  | { readonly ok: false; readonly rejection: Rejection & { readonly problems?: readonly Problem[] } }

export interface StartRequest {
  readonly workflowId: string
  readonly environment: string
  /** Label or versionNumber; null = the newest enabled (settled 1). */
  readonly version: string | number | null
  readonly input: Json
  readonly businessEventId: string | null
  readonly correlationId: string | null
  readonly traceparent: string | null
  readonly parentRunId: string | null
  readonly tags: readonly string[]
  readonly startPaused: boolean
  /** Absent: its parent's, or production. */
  readonly origin?: RunOrigin
  readonly trigger: { readonly kind: "api" | "manual" | "schedule" | "event"; readonly [key: string]: Json }
}

/** Rule 24: the header key with the scope it is unique in. */
export interface IdempotencyHeader {
  readonly scope: string
  readonly key: string
  readonly bodyHash: string
  /** What the same request was kept as under earlier keys. */
  readonly before?: readonly { readonly key: string; readonly bodyHash: string }[]
  /** How long the answer is remembered; absent: as configured. */
  readonly keepMs?: number
}

export interface CheckInputRequest {
  readonly workflowId: string
  readonly environment: string
  readonly version: string | number | null
  readonly input: Json
}

export interface CheckedInput {
  readonly valid: boolean
  readonly problems: readonly (Omit<InputFinding, "code"> & { readonly code: string })[]
  /** With the schema's defaults, as a run would get it. */
  readonly input: Json
}

export interface Started {
  readonly runId: string
  readonly replayed: boolean
}

export interface RerunRequest {
  /** null = from the start; a state's name; or `failed` = the step that failed. */
  readonly from: string | null
  readonly version: string | number | null
  readonly inputPatch: JsonObject | null
  readonly contextPatch: JsonObject | null
  readonly reason: string
  /** Absent: as the first run. */
  readonly origin?: RunOrigin
}

export interface RerunPlan {
  readonly workflowId: string
  readonly versionNumber: number
  readonly from: string | null
  readonly reused: readonly string[]
  /** States of the top level that do something in the world, by themselves or by what they hold. */
  readonly actsAgain: readonly string[]
  /** Every single step of the first run that would act again, in its order; at most 200, `stepsCount` are all. */
  readonly steps: readonly RerunStep[]
  readonly stepsCount: number
  readonly input: Json
}

export interface RerunStep {
  /** In the first run; the new one's differ. */
  readonly stepId: string
  readonly name: string
  readonly branchPath: string
  readonly what: "agent" | "approval" | "event" | "child"
  readonly agent: string | null
  /** How it ended in the first run. */
  readonly status: StepStatus | null
}

export interface Engine {
  readonly runs: RunCommands
  readonly bulk: BulkActions
  readonly remarks: Remarks
  readonly definitions: Definitions
  readonly queries: Queries
  readonly insights: Insights
  readonly names: Names
  /** Of the whole house: who reads it tells others what is of their workspace. */
  readonly feed: Feed
  readonly admin: Admin
  /**
   * The same doors as one workspace has them: its lists, and of single things only its own. Without it they are those of
   * the workspace `default`, and find a run by its id wherever it belongs.
   */
  within(workspaceId: string): Engine
  health(): Health
  /** No new claims, running steps get their grace, leases are handed back. */
  drain(graceMs: number): Promise<void>
}

/** What may not be kept as it came, as it is kept: for who has it in hand and asks whether it is here. */
export interface Names {
  /** A filter that finds what was kept under these names, too. */
  asKept(filter: RunFilter): RunFilter
  /** Keyed digests of a text, under today's key and then under earlier ones. */
  digests(text: string): readonly string[]
}

export interface RunCommands {
  start(actor: Actor, request: StartRequest, idempotency: IdempotencyHeader | null): Promise<Answer<Started>>
  /** What a start would make of this input; nothing is started. Refused where there is no such workflow or version. */
  checkInput(actor: Actor, request: CheckInputRequest): Promise<Answer<CheckedInput>>
  /** Waits until the run is final or `waitMs` have passed (api.md `?wait`); answers the status it then has. */
  settled(runId: string, waitMs: number): Promise<RunStatus | null>
  pause(
    actor: Actor,
    runId: string,
    reason: string | null,
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<RunRow>>
  resume(
    actor: Actor,
    runId: string,
    reason: string | null,
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<RunRow>>
  cancel(
    actor: Actor,
    runId: string,
    options: { reason: string | null; force: boolean },
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<RunRow>>
  signal(
    actor: Actor,
    runId: string,
    signal: { name: string; id: string | null; data: Json },
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<{ signalId: string; replayed: boolean }>>
  retryNow(
    actor: Actor,
    runId: string,
    stepId: string | null,
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<RunRow>>
  planRerun(actor: Actor, runId: string, request: RerunRequest): Promise<Answer<RerunPlan>>
  rerun(
    actor: Actor,
    runId: string,
    request: RerunRequest,
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<Started>>
  decideApproval(
    actor: Actor,
    runId: string,
    approvalId: string,
    decision: { outcome: string; comment: string | null; form: Json; contentHash: string | null },
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<ApprovalRow>>
  delegateApproval(
    actor: Actor,
    runId: string,
    approvalId: string,
    to: string,
    comment: string | null,
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<ApprovalRow>>
}

export interface BulkRequest {
  readonly action: BulkAction
  readonly cohort: { readonly runIds: readonly string[] } | { readonly filter: RunFilter }
  /** The query as it was written, to be shown; null: the runs were named. */
  readonly query: string | null
  readonly reason: string
  /** For a re-run: a state's name or `failed`; null = from the start. */
  readonly from: string | null
  /** What is said beside each run; for `tag`, `assign` and `resolve`, whose own reason is the bulk's. */
  readonly change: BulkChange | null
}

export type BulkChange = Extract<RemarkAsked, { readonly kind: "tag" | "assign" | "resolve" }>

export interface BulkRefusal {
  readonly code: string
  readonly message: string
  readonly count: number
  /** At most twenty. */
  readonly runIds: readonly string[]
}

export interface BulkView {
  /** Null: a preview, nothing is kept. */
  readonly bulkId: string | null
  readonly action: BulkAction
  readonly state: "preview" | "running" | "paused" | "done" | "aborted"
  readonly reason: string
  readonly query: string | null
  readonly from: string | null
  readonly change: BulkChange | null
  readonly actor: string
  readonly createdAt: number
  readonly completedAt: number | null
  readonly total: number
  readonly done: number
  readonly refused: number
  /** Of a preview: why, as far as the runs' rows tell. */
  readonly refusals: readonly BulkRefusal[] | null
}

/** The same thing done to many runs, in the name of who asked. */
export interface BulkActions {
  preview(actor: Actor, request: BulkRequest): Promise<Answer<BulkView>>
  /** The cohort is stored when this answers; nothing of it may be done yet. */
  start(actor: Actor, request: BulkRequest, idempotency: IdempotencyHeader | null): Promise<Answer<BulkView>>
  pause(actor: Actor, bulkId: string): Promise<Answer<BulkView>>
  resume(actor: Actor, bulkId: string): Promise<Answer<BulkView>>
  abort(actor: Actor, bulkId: string): Promise<Answer<BulkView>>
  find(bulkId: string): Promise<BulkView | null>
  /** Newest first; `before` is a bulk's id. */
  list(before: string | null, limit: number): Promise<readonly BulkView[]>
  items(bulkId: string, state: BulkItemState | null, after: number, limit: number): Promise<readonly BulkItemRow[]>
}

export interface Said {
  /** Null: it was so already. */
  readonly remark: Remark | null
  /** Of the run, after it. */
  readonly standing: Standing
}

/** What people add beside a run: notes, tags, an owner, a resolution. It never moves a run. */
export interface Remarks {
  say(
    actor: Actor,
    runId: string,
    asked: RemarkAsked,
    origin: RemarkOrigin,
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<Said>>
  /** Newest first. */
  list(runId: string, page: RemarkPage): Promise<readonly Noted[]>
  /** Of the newest remark in the store, 0 = none. */
  newestKey(): number
  /** After which everything is to be told to who has seen the feed up to a position; some of it may be known already. */
  keyAt(position: number): number
  /** Those of all runs with a higher key, oldest first. */
  since(key: number, limit: number): Promise<readonly Remarked[]>
  /** Live ones, each once it is durable; in order of their keys. */
  subscribe(listener: (remarked: readonly Remarked[]) => void): () => void
}

export interface DefinitionSummary {
  readonly workflowId: string
  readonly environment: string
  readonly name: string
  readonly description: string | null
  readonly version: string
  readonly versionNumber: number
  readonly hash: string
  readonly status: "active" | "disabled"
  readonly source: "file" | "api"
  readonly file: string | null
  readonly syncState: "synced" | "file_changed" | "diverged" | "file_missing" | "invalid" | "none"
  readonly problems: readonly Problem[]
  readonly createdAt: number
  readonly updatedAt: number
  readonly runCount: number
  readonly lastRunAt: number | null
  /** 0–1, null without finished runs in 30 days. */
  readonly successRate30d: number | null
}

export interface DefinitionVersion {
  readonly workflowId: string
  readonly environment: string
  readonly version: string
  readonly versionNumber: number
  readonly hash: string
  readonly format: "yaml" | "json"
  readonly text: string
  readonly document: Json
  readonly source: "file" | "api"
  readonly createdAt: number
  readonly createdBy: string
  readonly note: string | null
}

/** A definition's file as it is on disk now, whatever serves. */
export interface DefinitionFile {
  readonly workflowId: string
  readonly environment: string
  /** Relative to the environment's folder. */
  readonly file: string
  readonly format: "yaml" | "json"
  /** Null: it is gone, or cannot be read. */
  readonly text: string | null
  /** Its content is that of the version that serves. */
  readonly serves: boolean
  readonly problems: readonly Problem[]
}

export interface SyncPlan {
  readonly environment: string
  readonly directory: string
  readonly changes: readonly {
    readonly workflowId: string
    readonly file: string
    readonly action: "create" | "update" | "enable" | "disable" | "unchanged" | "conflict" | "invalid"
    readonly from: string | null
    readonly to: string | null
    readonly problems: readonly Problem[]
  }[]
  readonly agents: readonly {
    readonly name: string
    readonly file: string
    readonly action: "load" | "changed" | "gone" | "unchanged" | "invalid"
    readonly problems: readonly Problem[]
  }[]
  readonly applied: boolean
  /** Why nothing was applied, when it was asked for. */
  readonly refused: Rejection | null
}

export interface Definitions {
  validate(
    environment: string,
    text: string,
    format: "yaml" | "json",
    file: string | null,
  ): Promise<{ readonly valid: boolean; readonly problems: readonly Problem[]; readonly workflowId: string | null }>
  /** `expectNew` for POST, false for PUT; the same content is no new version. */
  save(
    actor: Actor,
    request: {
      environment: string
      workflowId: string | null
      text: string
      format: "yaml" | "json"
      expectNew: boolean
      note: string | null
    },
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<DefinitionSummary>>
  remove(
    actor: Actor,
    environment: string,
    workflowId: string,
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<null>>
  setStatus(
    actor: Actor,
    environment: string,
    workflowId: string,
    status: "active" | "disabled",
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<DefinitionSummary>>
  rollback(
    actor: Actor,
    environment: string,
    workflowId: string,
    versionNumber: number,
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<DefinitionSummary>>
  get(environment: string, workflowId: string): Promise<DefinitionSummary | null>
  version(environment: string, workflowId: string, versionNumber: number | null): Promise<DefinitionVersion | null>
  versions(
    environment: string,
    workflowId: string,
    limit: number,
    before: number | null,
  ): Promise<readonly DefinitionVersion[]>
  /** Null: there is no such workflow, or it did not come from a file. */
  file(environment: string, workflowId: string): Promise<DefinitionFile | null>
  list(filter: {
    environment: string
    status: string | null
    q: string | null
    sync: string | null
    cursor: string | null
    limit: number
  }): Promise<Page<DefinitionSummary>>
  /** Those that have workflows or agents, and `default`, by name. */
  environments(): readonly string[]
  sync(
    actor: Actor,
    request: { environment: string; dryRun: boolean; force: boolean; prune: boolean },
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<SyncPlan>>
  agents(environment: string): readonly {
    readonly name: string
    readonly description: string | null
    readonly inputSchema: JsonObject | null
    readonly outputSchema: JsonObject | null
    readonly contractHash: string
    readonly sourceHash: string
    readonly file: string
    readonly problems: readonly Problem[]
  }[]
}

export interface Queries {
  run(runId: string): Promise<RunRow | null>
  /** What its events tell is read from the archive. */
  isArchived(row: RunRow): boolean
  /** An agent of it should have been heard of twice since it was, and was not: it may be hung. */
  isStalled(runId: string): boolean
  /** It takes longer, or took longer, than a duration target of its workflow allows. */
  isLate(row: RunRow): boolean
  /** What people have made of it. */
  standing(runId: string): Promise<Standing | null>
  /** `fold`: rows under others are left out, and counted there; absent: none. */
  runs(
    filter: RunFilter,
    sort: RunSort,
    cursor: string | null,
    limit: number,
    fold?: readonly FoldKind[],
  ): Promise<Answer<Page<ListedRun>>>
  /** Bounded in time: `exact` is false where only the newest runs were counted. */
  countRuns(
    filter: RunFilter,
  ): Promise<{ readonly byStatus: StatusCounts; readonly total: number; readonly exact: boolean }>
  /** By start. Without `from` and `to`: what the query says of the start, else all of time. */
  runHistogram(
    filter: RunFilter,
    asked: { readonly from: number | null; readonly to: number | null; readonly buckets: number },
  ): Promise<HistogramWindow & { readonly buckets: readonly StatusCounts[]; readonly exact: boolean }>
  runFacets(filter: RunFilter): Promise<{ readonly facets: readonly FacetTally[]; readonly exact: boolean }>
  steps(runId: string, after: number, limit: number): Promise<readonly StepRow[]>
  events(
    runId: string,
    /** `near`: what lies in the archive is not fetched, for lists of many runs. */
    options: { after: number; types: readonly string[]; limit: number; near?: boolean },
  ): Promise<readonly StoredEventRow[]>
  /** A value of an event, blobs resolved: input, output, context writes. */
  value(stored: Stored): Promise<Json>
  /** The same as the text of its JSON, which for a large value costs no reading. */
  valueText(stored: Stored): Promise<string>
  approvals(filter: {
    /** Default `-requestedAt`. */
    sort?: ApprovalSort
    runId: string | null
    state: readonly string[]
    workflowId: string | null
    environment: string | null
    /** People and teams, any of them; empty: whoever is asked. */
    assignees: readonly string[]
    /** Only what asks one of these, or nobody by name; absent: whatever is asked. */
    deciders?: readonly string[]
    cursor: string | null
    limit: number
  }): Promise<Answer<Page<ApprovalRow>>>
  approval(approvalId: string): Promise<ApprovalRow | null>
  /** Folded from the events: the context at a point, and who wrote each path (settled 26), as the text of one JSON object. */
  contextText(runId: string, at: number | null): Promise<string | null>
  /** The context after the last event, as the text of its JSON: from memory, or read where it holds up no run. */
  contextNow(row: Pick<RunRow, "runId" | "seq">): Promise<string>
  /** What changed between two points, null = after the last event, as text: `{from, to, changes, truncated}`. */
  contextChanges(
    runId: string,
    points: { readonly from: number | null; readonly to: number | null },
    limit: number,
  ): Promise<string | null>
  /** A Starlark expression over a run's context at a point, or over an empty one (dsl.md §3): the text of its JSON. */
  evaluate(expression: string, runId: string | null, at: number | null): Promise<Answer<string>>
  /** What this actor may do now, by the row alone (rule 34). */
  actions(row: RunRow, actor: Actor): readonly Action[]
  /** `terms`: the payload of the `approval.requested` that asked, null once it was erased. */
  approvalActions(row: ApprovalRow, terms: ApprovalTerms | null, actor: Actor): readonly Action[]
}

export interface Action {
  readonly name: string
  readonly allowed: boolean
  readonly reason?: string
}

/** Committed events in commit order. Live ones are pushed from the commit; older ones are read by position (rule 27). */
export interface Feed {
  head(): number
  subscribe(listener: (events: readonly FeedEvent[]) => void): () => void
  since(position: number, limit: number): Promise<readonly FeedEvent[]>
}

/** How far a walk over the whole store has come. */
export interface Progress {
  readonly runs: number
  readonly events: number
}

/** The chain over what people did: its last links are worth keeping elsewhere. */
export interface AuditReport {
  readonly entries: number
  readonly heads: AuditHead[]
  readonly findings: { readonly workspaceId: string; readonly number: number; readonly what: string }[]
}

/** `progress` is told before each run, and may throw to end the walk. */
export interface Admin {
  verify(
    options: { runId: string | null; head: string | null; archive?: boolean },
    progress?: (at: Progress) => void,
  ): Promise<{
    readonly runs: number
    readonly events: number
    readonly erased: number
    readonly findings: readonly { runId: string; seq: number; what: string }[]
    /** Null where one run was asked for, or where nothing keeps an audit. */
    readonly audit: AuditReport | null
    /** Null where it was not asked for, or where there is no archive. */
    readonly archive: ArchiveReport | null
  }>
  fsck(progress?: (at: Progress) => void): Promise<{
    readonly runs: number
    readonly findings: readonly { readonly invariant: string; readonly runId: string; readonly detail: string }[]
    /** Runs that cannot be looked at, and nothing is wrong with that: what they say has been erased. */
    readonly skipped: readonly { readonly runId: string; readonly why: string }[]
  }>
  rebuild(
    options: { runId: string | null },
    progress?: (at: Progress) => void,
  ): Promise<{
    readonly runs: number
    readonly changed: number
    readonly skipped: readonly { runId: string; why: string }[]
    /** What was counted of runs is counted anew, behind this. */
    readonly recounted: boolean
    /** The index over values is filled anew, behind this. */
    readonly reindexed: boolean
  }>
  backup(file: string): Promise<{ readonly file: string; readonly bytes: number; readonly position: number }>
  resumeAll(): Promise<{ readonly resumed: boolean }>
}

export interface Health {
  readonly ready: boolean
  readonly draining: boolean
  readonly reasons: readonly string[]
  readonly position: number
  readonly openRuns: number
  readonly runningAttempts: number
  readonly queuedAttempts: number
  readonly counters: { readonly [name: string]: number }
}
