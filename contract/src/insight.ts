/** What a page asks of many runs at once, and why one run is where it is (000 success criteria, 004 §7). */
import { type Static, Type } from "typebox"
import { Finding } from "./problem.ts"
import { RunError, RunStatus } from "./run.ts"
import {
  answer,
  count,
  durationMsOrNull,
  json,
  nullable,
  oneOf,
  page,
  request,
  text,
  textOrNull,
  time,
  timeOrNull,
} from "./scalars.ts"
import { Change } from "./workflow.ts"

const total = Type.Object({ value: count, exact: Type.Boolean({ description: "False above 10,000." }) })

/** Runs by status: `{COMPLETED: 12}`; what is not named is zero. */
const byStatus = Type.Unsafe<{ readonly [status in RunStatus]?: number }>({
  type: "object",
  additionalProperties: { type: "integer", minimum: 0 },
})

export const RunCounts = answer("RunCounts", { total, byStatus })
export type RunCounts = Static<typeof RunCounts>

export const RunHistogram = answer("RunHistogram", {
  from: time,
  to: time,
  bucketMs: Type.Integer({ minimum: 1 }),
  buckets: Type.Array(Type.Object({ at: time, byStatus }), { description: "Oldest first, without gaps." }),
  exact: Type.Boolean({ description: "False where counting was stopped at its bound." }),
})
export type RunHistogram = Static<typeof RunHistogram>

export const facetNames = ["workflowId", "status", "env", "version", "tag", "errorCode", "hitl", "actor"] as const
export const RunFacets = answer("RunFacets", {
  facets: Type.Array(
    Type.Object({
      name: oneOf(facetNames),
      values: Type.Array(Type.Object({ value: text, count }), { description: "Most frequent first, at most 20." }),
    }),
  ),
  exact: Type.Boolean(),
})
export type RunFacets = Static<typeof RunFacets>

/** A query as the server understood it, so that a page can show chips and mark what is wrong. */
export const ParsedQuery = answer("ParsedQuery", {
  query: text,
  terms: Type.Array(
    Type.Object({
      text,
      from: Type.Integer({ minimum: 0, description: "0-based, in UTF-16 units as JavaScript counts them." }),
      to: Type.Integer({ minimum: 0, description: "Behind the last character." }),
      field: Type.String({
        description: "Its full name; empty for a free word; as written when there is no such field.",
      }),
      negated: Type.Boolean(),
      value: Type.String({ description: "As written, behind the colon." }),
      understood: Type.Boolean({ description: "False: one of `problems` says why." }),
    }),
    { description: "In order; together with the spaces between them they are the query." },
  ),
  problems: Type.Array(
    Type.Object({
      code: text,
      message: text,
      column: Type.Integer({ minimum: 1, description: "1-based, of `from`." }),
      from: count,
      to: count,
      hint: Type.Optional(Type.String({ description: "What was probably meant." })),
    }),
  ),
})
export type ParsedQuery = Static<typeof ParsedQuery>

/** The fields a query can name: what a search box offers while somebody types. */
export const QueryFields = answer("QueryFields", {
  fields: Type.Array(
    Type.Object({
      name: text,
      aliases: Type.Array(text),
      kind: oneOf(["text", "contained", "words", "number", "duration", "time"]),
      words: Type.Array(text, { description: "All values of a field that has only these; empty: any." }),
      about: text,
      example: text,
    }),
  ),
})
export type QueryFields = Static<typeof QueryFields>

const step = { stepId: text, name: text, branchPath: text }

/** Why a run is where it is, in reading order: what, since when, what changed, who else, and the one thing to do. */
export const Why = answer("Why", {
  runId: text,
  seq: Type.Integer({ description: "The event up to which this holds." }),
  status: RunStatus,
  headline: Type.String({ description: "One sentence for a person." }),
  cause: nullable(
    Type.Object(
      {
        ...step,
        path: Type.Array(Type.Object(step), { description: "From the outermost state to the one that failed." }),
        error: RunError,
        attempts: count,
        at: time,
      },
      { description: "The deepest failure, of a run that failed or is retrying." },
    ),
  ),
  changed: nullable(
    Type.Object(
      {
        runId: Type.String({ description: "The last run of this workflow that completed before this one." }),
        completedAt: time,
        version: nullable(Type.Object({ from: text, to: text })),
        input: Type.Array(Change, { description: "At most 20." }),
        inputTruncated: Type.Boolean(),
        durationMs: Type.Object({ from: durationMsOrNull, to: durationMsOrNull }),
        agents: Type.Array(text, { description: "Agents whose code is another than then." }),
      },
      { description: "Against the last good run; null when there was none." },
    ),
  ),
  alike: nullable(
    Type.Object({
      total,
      since: time,
      query: Type.String({ description: "Finds them in the list." }),
    }),
  ),
  waits: Type.Array(
    Type.Object({
      kind: Type.String({ description: "`approval, signal, timer, retry, concurrency, child, pause …`" }),
      stepId: textOrNull,
      name: textOrNull,
      who: Type.Array(text, { description: "Who can end it; empty: nobody in particular." }),
      since: timeOrNull,
      until: timeOrNull,
      then: Type.String({ description: "What happens if nobody does anything, in words." }),
    }),
  ),
  doing: Type.Array(
    Type.Object({
      ...step,
      agent: textOrNull,
      attempt: count,
      since: timeOrNull,
      heartbeatAt: timeOrNull,
    }),
    { description: "What executes now, at most 20." },
  ),
  next: nullable(
    Type.Object({
      action: Type.String({ description: "A name out of the run's or the approval's `actions`, or `wait`, `none`." }),
      label: text,
      because: text,
      approvalId: textOrNull,
      from: nullable(Type.String({ description: "For a re-run: the state to begin at." })),
    }),
  ),
})
export type Why = Static<typeof Why>

const relative = Type.Object({
  runId: text,
  workflowId: text,
  status: RunStatus,
  createdAt: time,
  relation: oneOf(["parent", "child", "rerun", "rerun_of", "same_event"]),
})

export const Lineage = answer("Lineage", {
  runId: text,
  rootRunId: text,
  relatives: Type.Array(relative, { description: "Nearest first, at most 200; none twice." }),
  truncated: Type.Boolean(),
})
export type Lineage = Static<typeof Lineage>

export const WorkflowStats = answer("WorkflowStats", {
  workflowId: text,
  environment: text,
  from: time,
  to: time,
  runs: Type.Object({ total, byStatus }),
  successRate: nullable(Type.Number({ minimum: 0, maximum: 1 })),
  durationMs: Type.Object({ mean: durationMsOrNull, p50: durationMsOrNull, p95: durationMsOrNull }),
  states: Type.Array(
    Type.Object({
      name: text,
      entered: count,
      failed: count,
      retries: count,
      p50Ms: durationMsOrNull,
      p95Ms: durationMsOrNull,
    }),
    { description: "By name, over the newest finished runs of the period." },
  ),
  sampledRuns: Type.Integer({ minimum: 0, description: "How many runs the figures of durations and states are from." }),
})
export type WorkflowStats = Static<typeof WorkflowStats>

/** An input checked against a workflow's schema, with nothing started. */
export const CheckInput = request("CheckInput", {
  input: json(),
  version: Type.Optional(Type.Unsafe<string | number>({ type: ["string", "integer"] })),
})
export type CheckInput = Static<typeof CheckInput>
export const CheckedInput = answer("CheckedInput", {
  valid: Type.Boolean(),
  problems: Type.Array(Finding),
  input: json("With the schema's defaults filled in, as a run would get it."),
})
export type CheckedInput = Static<typeof CheckedInput>

export const bulkActions = ["cancel", "rerun"] as const
export const StartBulk = request("StartBulk", {
  action: oneOf(bulkActions),
  runIds: Type.Optional(Type.Array(text, { minItems: 1, maxItems: 10_000 })),
  query: Type.Optional(Type.String({ maxLength: 2048, description: "Instead of `runIds`: all that match now." })),
  reason: Type.String({ minLength: 1, maxLength: 2000 }),
  from: Type.Optional(Type.String({ description: "For `rerun`: `failed` or a state's name; absent: from the start." })),
  dryRun: Type.Optional(Type.Boolean({ description: "Only say what would happen." })),
})
export type StartBulk = Static<typeof StartBulk>

export const Bulk = answer("Bulk", {
  bulkId: text,
  action: oneOf(bulkActions),
  state: oneOf(["preview", "running", "paused", "done", "aborted"]),
  reason: text,
  query: textOrNull,
  actor: text,
  createdAt: time,
  completedAt: timeOrNull,
  counts: Type.Object({ total: count, done: count, refused: count, left: count }),
})
export type Bulk = Static<typeof Bulk>

export const BulkItem = answer("BulkItem", {
  runId: text,
  state: oneOf(["waiting", "done", "refused"]),
  code: textOrNull,
  message: textOrNull,
  newRunId: nullable(Type.String({ description: "The run that a re-run made." })),
})
export type BulkItem = Static<typeof BulkItem>
export const BulkItemPage = page("BulkItemPage", BulkItem)
export type BulkItemPage = Static<typeof BulkItemPage>
