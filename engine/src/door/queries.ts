/** What is read of runs: lists, counts, events, values, and what an actor may do now. Every answer bounded. */
import type { Json } from "../core/json.ts"
import type { ApprovalTerms } from "../core/policy/roles.ts"
import type { Standing } from "../core/remarks/standing.ts"
import type { Actor } from "../core/run/commands.ts"
import type { Stored } from "../core/run/events.ts"
import type { StoredEventRow } from "../core/views/feed-event.ts"
import type { FoldKind } from "../core/views/fold-runs.ts"
import type { ApprovalRow, RunRow, StepRow } from "../core/views/rows.ts"
import type { ApprovalSort, Page, RunFilter, RunSort } from "../core/views/run-query.ts"
import type { FacetTally, HistogramWindow, StatusCounts } from "../core/views/run-tally.ts"
import type { ListedRun } from "../ports/run-queries.ts"
import type { Answer } from "./answer.ts"

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
