/** Runs, and what people do with them (004 §4.2). */
import { type Static, Type } from "typebox"
import { standing } from "./remark.ts"
import {
  Action,
  answer,
  count,
  durationMsOrNull,
  json,
  jsonObject,
  nullable,
  oneOf,
  page,
  request,
  text,
  textOrNull,
  time,
  timeOrNull,
} from "./scalars.ts"

export const runStatuses = [
  "PENDING",
  "RUNNING",
  "WAITING_APPROVAL",
  "WAITING_SIGNAL",
  "PAUSED",
  "COMPLETED",
  "FAILED",
  "CANCELLED",
  "TIMED_OUT",
] as const
export const terminalStatuses = ["COMPLETED", "FAILED", "CANCELLED", "TIMED_OUT"] as const
export const RunStatus = oneOf(runStatuses)
export type RunStatus = Static<typeof RunStatus>

/** Production; the past that is worked off; what was there already and is done again. */
export const runOrigins = ["live", "backfill", "replay"] as const
export const RunOrigin = oneOf(runOrigins)
export type RunOrigin = Static<typeof RunOrigin>

export const Usage = answer("Usage", {
  tokens: Type.Number(),
  computeMs: Type.Number(),
  costUsd: Type.Number(),
})
export type Usage = Static<typeof Usage>

/** The full error object of the language is passed on as it was recorded; lists carry these fields only. */
export const RunError = Type.Object(
  {
    type: Type.Optional(text),
    class: Type.Optional(
      Type.String({
        description:
          "`transient, timeout, external_api, validation_failed, policy_denied, cancelled, bug`: steers retry.",
      }),
    ),
    kind: Type.Optional(text),
    code: text,
    title: Type.Optional(text),
    detail: text,
    step: Type.Optional(text),
    attempt: Type.Optional(Type.Integer()),
    data: Type.Optional(jsonObject("Evidence: position, values seen, names that could have been used.")),
  },
  { title: "RunError", additionalProperties: true },
)
export type RunError = Static<typeof RunError>

export const Block = answer("Block", {
  kind: Type.String({
    description: "`approval, signal, operator, agent, retry, child, slot, timer, concurrency`.",
  }),
  since: timeOrNull,
  until: timeOrNull,
  who: json("Who can end it: approvers, the signal, the child run, the agent, `role:operator`."),
  stepId: textOrNull,
  name: textOrNull,
})
export type Block = Static<typeof Block>

const summary = {
  runId: text,
  workflowId: text,
  workflowName: text,
  workflowVersion: text,
  versionNumber: Type.Integer(),
  definitionHash: text,
  environment: text,
  workspaceId: text,
  projectId: text,
  executionNumber: Type.Integer(),
  status: RunStatus,
  reason: nullable(
    Type.String({
      description:
        "`initializing, executing, retry_backoff, exhausted, agent_missing, timer, finalizing, concurrency, cancelling, rejected …`",
    }),
  ),
  blockedOn: Type.Array(Block, { description: "Open waits, at most 10." }),
  blockedCount: count,
  trigger: Type.Unsafe<{ readonly kind: string; readonly [key: string]: unknown }>({
    type: "object",
    properties: { kind: { type: "string" } },
    required: ["kind"],
    additionalProperties: true,
  }),
  origin: oneOf(
    runOrigins,
    "What it was started for: production, the past that is worked off, or what was there already and is done again.",
  ),
  actor: text,
  ...standing,
  businessEventId: textOrNull,
  correlationId: text,
  traceId: text,
  parentRunId: textOrNull,
  rootRunId: text,
  rerunOf: textOrNull,
  createdAt: time,
  startedAt: timeOrNull,
  completedAt: timeOrNull,
  durationMs: durationMsOrNull,
  hitl: nullable(oneOf(["requested", "approved", "rejected"])),
  error: nullable(RunError),
  effectiveness: nullable(jsonObject()),
  usage: Usage,
  counts: Type.Object({ steps: count, succeeded: count, failed: count, retries: count }),
  derived: Type.Object({
    partial: Type.Boolean({ description: "It failed after some of its steps had succeeded." }),
    stalled: Type.Boolean({
      description: "An agent of it should have given two signs of life since its last one: it may be hung.",
    }),
    late: Type.Boolean({
      description:
        "It takes longer, or took longer, than a duration target of its workflow allows (`/slos`); of production, and not of what failed or was cancelled.",
    }),
  }),
  lastState: Type.Optional(
    nullable(Type.String({ description: "In lists: the state that was entered last; null: none yet." })),
  ),
  folded: Type.Optional(
    Type.Object(
      { duplicates: count, children: count },
      {
        description:
          "In folded lists: how many runs that match stand directly under this one; at most 1,000 are counted.",
      },
    ),
  ),
  seq: Type.Integer({ description: "The run's last event." }),
  headHash: Type.String({ description: "Hash of the last event: the head of the chain." }),
  archived: Type.Optional(Type.Boolean({ description: "True: what its events tell is read from the archive." })),
  actions: Type.Array(Action, { description: "What this caller may do now." }),
}

export const RunSummary = answer("RunSummary", summary)
export type RunSummary = Static<typeof RunSummary>
export const RunPage = page("RunPage", RunSummary)
export type RunPage = Static<typeof RunPage>

export const Run = answer("Run", {
  ...summary,
  input: json(),
  context: json("The run's context after its last event."),
  output: json("Null until it has completed."),
})
export type Run = Static<typeof Run>

const name = Type.String({ minLength: 1, maxLength: 256 })
const reason = Type.Optional(Type.String({ maxLength: 2000 }))
const tag = Type.String({ minLength: 1, maxLength: 128 })

export const StartRun = request("StartRun", {
  workflowId: name,
  version: Type.Optional(
    Type.Unsafe<string | number>({
      type: ["string", "integer"],
      description: "Label or versionNumber; absent: the newest enabled.",
    }),
  ),
  input: Type.Optional(json("Default {}.")),
  environment: Type.Optional(name),
  businessEventId: Type.Optional(name),
  correlationId: Type.Optional(name),
  parentRunId: Type.Optional(name),
  tags: Type.Optional(Type.Array(tag, { maxItems: 50 })),
  startPaused: Type.Optional(Type.Boolean()),
  origin: Type.Optional(
    oneOf(runOrigins, "`backfill` stays out of metrics and service levels; absent: its parent's, else `live`."),
  ),
})
export type StartRun = Static<typeof StartRun>

export const Reason = request("Reason", { reason })
export type Reason = Static<typeof Reason>

export const CancelRun = request("CancelRun", {
  reason,
  force: Type.Optional(Type.Boolean({ description: "Do not wait for running steps and clean-up." })),
})
export type CancelRun = Static<typeof CancelRun>

export const SendSignal = request("SendSignal", {
  name,
  id: Type.Optional(Type.String({ minLength: 1, maxLength: 256, description: "Makes a second delivery harmless." })),
  data: Type.Optional(json("Default null.")),
})
export type SendSignal = Static<typeof SendSignal>

export const SignalReceipt = answer("SignalReceipt", { runId: text, signalId: text, replayed: Type.Boolean() })
export type SignalReceipt = Static<typeof SignalReceipt>

export const RetryNow = request("RetryNow", {
  stepId: Type.Optional(Type.String({ description: "Absent: every step of the run that waits to be tried again." })),
})
export type RetryNow = Static<typeof RetryNow>

export const Rerun = request("Rerun", {
  from: Type.Optional(
    Type.String({ minLength: 1, description: "A state's name, or `failed`; absent: from the start." }),
  ),
  version: Type.Optional(Type.Unsafe<string | number>({ type: ["string", "integer"] })),
  inputPatch: Type.Optional(jsonObject("JSON merge patch over the input; only without `from`.")),
  contextPatch: Type.Optional(jsonObject("JSON merge patch over the context at `from`.")),
  reason: Type.String({ minLength: 1, maxLength: 2000 }),
  origin: Type.Optional(oneOf(runOrigins, "Absent: as the first run.")),
})
export type Rerun = Static<typeof Rerun>

export const RerunPlan = answer("RerunPlan", {
  workflowId: text,
  versionNumber: Type.Integer(),
  from: textOrNull,
  reused: Type.Array(text),
  actsAgain: Type.Array(text, { description: "States of the top level that act on the world a second time." }),
  steps: Type.Array(
    Type.Object({
      stepId: text,
      name: text,
      branchPath: text,
      what: oneOf(["agent", "approval", "event", "child"]),
      agent: textOrNull,
      status: nullable(text),
    }),
    {
      description:
        "Each step of the first run that acts again, with how it ended there: a state that holds blocks begins anew as a whole. At most 200.",
    },
  ),
  stepsCount: count,
  input: json(),
})
export type RerunPlan = Static<typeof RerunPlan>
