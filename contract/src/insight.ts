/** Why one run is where it is, what belongs to it, and how its workflow does (000 success criteria, 004 §7). */
import { type Static, Type } from "typebox"
import { Finding } from "./problem.ts"
import { RunError, RunStatus } from "./run.ts"
import { StatusCounts } from "./run-overview.ts"
import {
  answer,
  count,
  durationMsOrNull,
  json,
  nullable,
  oneOf,
  request,
  text,
  textOrNull,
  time,
  timeOrNull,
} from "./scalars.ts"
import { Change } from "./workflow.ts"

const total = Type.Object({ value: count, exact: Type.Boolean({ description: "False above 10,000." }) })

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
  runs: Type.Object({ total, byStatus: StatusCounts }),
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
