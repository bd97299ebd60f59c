/** Why one run is where it is, what belongs to it, and how its workflow does (000 success criteria, 004 §7). */
import { type Static, Type } from "typebox"
import { Approval } from "./approval.ts"
import { Event } from "./event.ts"
import { Finding } from "./problem.ts"
import { Remark } from "./remark.ts"
import { Run, RunError, RunStatus } from "./run.ts"
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
import { Step } from "./step.ts"
import { Change } from "./workflow.ts"

const total = Type.Object({ value: count, exact: Type.Boolean({ description: "False above 10,000." }) })

const step = { stepId: text, name: text, branchPath: text }
const stepOfRun = {
  runId: Type.String({ description: "The run itself, or a child run in which the failure lies." }),
  ...step,
  type: Type.String({ description: "`agent.run`, `human.approval`, or the state's type." }),
}

const Cause = Type.Object(
  {
    step: nullable(
      Type.Object(stepOfRun, { description: "The deepest step that failed; null when the run failed by itself." }),
    ),
    path: Type.Array(Type.Object(stepOfRun), { description: "From the outermost state to that step." }),
    error: RunError,
    attempts: Type.Integer({ minimum: 0, description: "How many attempts of the step have failed." }),
    attemptsMax: nullable(
      Type.Integer({ description: "How many the definition allows; null: it is no agent's step." }),
    ),
    at: nullable(Type.String({ format: "date-time", description: "Null while it is tried again." })),
    agent: textOrNull,
  },
  { description: "The failure of a run that ended badly, or that is being tried again." },
)

const Wait = Type.Object({
  kind: oneOf([
    "pause",
    "hold",
    "approval",
    "signal",
    "operator",
    "agent",
    "retry",
    "child",
    "concurrency",
    "slot",
    "timer",
  ]),
  stepId: textOrNull,
  name: textOrNull,
  branchPath: textOrNull,
  who: Type.Array(text, {
    description:
      "Who can end it: approvers, who paused, the child run, the runs in front; empty: nobody in particular.",
  }),
  what: nullable(
    Type.String({ description: "The question, the signal's name, the agent, the concurrency key, the reason." }),
  ),
  since: timeOrNull,
  until: timeOrNull,
  otherwise: Type.String({ description: "One sentence: what happens if nobody does anything." }),
  approvalId: textOrNull,
  attempt: nullable(Type.Integer({ description: "The attempt that comes next." })),
  attemptsMax: nullable(Type.Integer()),
  error: nullable(RunError),
})

/** Why a run is where it is, in reading order: what, since when, what changed, who else, and the one thing to do. */
export const Why = answer("Why", {
  runId: text,
  seq: Type.Integer({ description: "The event up to which this holds." }),
  status: RunStatus,
  headline: Type.String({ description: "One sentence for a person, without times." }),
  cause: nullable(Cause),
  ended: nullable(
    Type.Object(
      {
        kind: Type.String({ description: "`cancel, rejected, parent_cancel, superseded`" }),
        by: textOrNull,
        reason: textOrNull,
      },
      { description: "Who ended a cancelled run, and why." },
    ),
  ),
  changed: nullable(
    Type.Object(
      {
        runId: Type.String({ description: "The last run of this workflow and environment that completed before it." }),
        completedAt: time,
        version: nullable(Type.Object({ from: text, to: text })),
        input: Type.Array(Change, { description: "At most 20; values longer than 2,000 characters are left out." }),
        inputTruncated: Type.Boolean({ description: "There are more, or the inputs are too large to be compared." }),
        durationMs: Type.Object({ from: durationMsOrNull, to: durationMsOrNull }),
        agents: Type.Array(text, { description: "Agents whose code is another than then." }),
        models: Type.Array(Type.Object({ step: text, from: text, to: text }), {
          description: "Steps that both runs asked a model for, and not the same one; as far as agents report it.",
        }),
      },
      { description: "Against the last good run; null when there was none." },
    ),
  ),
  alike: nullable(
    Type.Object(
      {
        issueId: Type.Union([text, Type.Null()], {
          description: "The issue that they are; null: of a backfill or a replay, which are nobody's.",
        }),
        total: Type.Object({
          value: count,
          exact: Type.Boolean({ description: "False: at least so many." }),
        }),
        since: time,
        query: Type.String({ description: "Finds them in the list." }),
      },
      {
        description:
          "Runs of this workflow and environment that failed alike, this one among them, and when the first of them did.",
      },
    ),
  ),
  waits: Type.Array(Wait, { description: "The most pressing first, at most 20." }),
  waitCount: count,
  doing: Type.Array(
    Type.Object({
      ...step,
      agent: text,
      attempt: count,
      attemptsMax: nullable(Type.Integer()),
      since: timeOrNull,
      heartbeatAt: nullable(Type.String({ format: "date-time", description: "When its executor was last heard." })),
      stalled: Type.Boolean({ description: "It may be hung: it should have been heard of twice since then." }),
    }),
    { description: "What executes now, at most 20." },
  ),
  doingCount: count,
  next: nullable(
    Type.Object({
      action: Type.String({
        description:
          "An action of the run (`rerun, resume, signal, retry-now …`); `decide`: an approval; `mend`: something outside, as the label says; `wait`; `none`.",
      }),
      label: text,
      because: text,
      allowed: Type.Boolean(),
      reason: nullable(Type.String({ description: "Why this caller may not." })),
      approvalId: textOrNull,
      stepId: textOrNull,
      from: nullable(Type.String({ description: "For a re-run: the state to begin at, or `failed`." })),
      version: nullable(Type.Integer({ description: "For a re-run: the version to run on; null: the run's own." })),
      otherInput: Type.Boolean({ description: "For a re-run: with the same input it fails again." }),
      signal: nullable(Type.String({ description: "The signal's name." })),
    }),
  ),
})
export type Why = Static<typeof Why>

const relative = Type.Object({
  runId: text,
  workflowId: text,
  workflowName: text,
  status: RunStatus,
  createdAt: time,
  completedAt: timeOrNull,
  relation: oneOf(["parent", "child", "rerun", "rerun_of", "same_event"], "What it is to `via`."),
  via: Type.String({ description: "The run itself, or the relative through which it was found." }),
  distance: Type.Integer({ minimum: 1 }),
  circular: Type.Boolean({ description: "A run of the same workflow stands between them: they trigger each other." }),
})

export const Lineage = answer("Lineage", {
  runId: text,
  rootRunId: text,
  relatives: Type.Array(relative, { description: "Nearest first, at most 200; none twice." }),
  truncated: Type.Boolean(),
})
export type Lineage = Static<typeof Lineage>

/** Everything there is about one run, in one document; written while it is read, so it may be of any length. */
export const RunExport = answer("RunExport", {
  format: Type.String({ description: "`waybill-run-export/1`" }),
  exportedAt: time,
  run: Run,
  definition: nullable(
    Type.Object({ hash: text, format: oneOf(["yaml", "json"]), text }, { description: "As it was written." }),
  ),
  heads: Type.Object({
    run: Type.Object(
      { seq: Type.Integer(), hash: text },
      { description: "The run's last event: the head of its chain." },
    ),
    workspace: nullable(
      Type.Object(
        { number: Type.Integer(), prevHash: text, hash: text },
        { description: "Its place in the chain over the workspace's finished runs." },
      ),
    ),
  }),
  lineage: Lineage,
  remarks: Type.Array(Remark, { description: "What people said beside the run, newest first." }),
  approvals: Type.Array(Approval),
  steps: Type.Array(Step),
  events: Type.Array(Event),
})
export type RunExport = Static<typeof RunExport>

/** How the runs of a workflow went that began in a period. */
export const WorkflowStats = answer("WorkflowStats", {
  workflowId: text,
  environment: text,
  from: time,
  to: time,
  runs: Type.Object({ total, byStatus: StatusCounts }),
  successRate: nullable(
    Type.Number({ minimum: 0, maximum: 1, description: "COMPLETED / (COMPLETED + FAILED + TIMED_OUT)." }),
  ),
  durationMs: Type.Object(
    { mean: durationMsOrNull, p50: durationMsOrNull, p95: durationMsOrNull },
    { description: "Of completed runs." },
  ),
  states: Type.Array(
    Type.Object({
      path: Type.String({ description: "Its place in the definition: `checks/pods/check_pods`, `each/charge`." }),
      name: text,
      type: Type.String({ description: "`agent.run`, `human.approval`, or the state's type." }),
      entered: count,
      failed: count,
      retries: count,
      p50Ms: durationMsOrNull,
      p95Ms: durationMsOrNull,
    }),
    { description: "By path, over the newest finished runs of the period: all their visits, items and rounds." },
  ),
  sampledRuns: Type.Integer({
    minimum: 0,
    description: "How many runs the states' figures are from: at most 1,000, fewer when they have many steps.",
  }),
})
export type WorkflowStats = Static<typeof WorkflowStats>

/** An input checked as a start checks it, with nothing started. */
export const CheckInput = request("CheckInput", {
  input: json(),
  version: Type.Optional(
    Type.Unsafe<string | number>({ type: ["string", "integer"], description: "Absent: the newest." }),
  ),
})
export type CheckInput = Static<typeof CheckInput>
export const CheckedInput = answer("CheckedInput", {
  valid: Type.Boolean(),
  problems: Type.Array(Finding, {
    description:
      "At most 50. `pointer` is the field's, also where it is missing; `hint` the nearest name, or its description.",
  }),
  input: json("With the schema's defaults filled in, as a run would get it."),
})
export type CheckedInput = Static<typeof CheckedInput>
