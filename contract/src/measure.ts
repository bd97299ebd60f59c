/** R7: how runs went, by workflow, version, environment, step and time; targets; before and after. */
import { type Static, Type } from "typebox"
import { answer, count, durationMs, nullable, oneOf, request, text, textOrNull, time } from "./scalars.ts"

const exact = Type.Boolean({ description: "False: of the newest only." })
const share = nullable(Type.Number({ minimum: 0, maximum: 1 }))
const numberOrNull = nullable(Type.Number())
const msOrNull = nullable(durationMs)

export const MeasuredDurations = answer("MeasuredDurations", {
  count,
  meanMs: msOrNull,
  p50Ms: msOrNull,
  p95Ms: msOrNull,
  p99Ms: msOrNull,
})

const measured = Type.Object({ count, mean: numberOrNull })

const runMetrics = {
  runs: count,
  completed: count,
  failed: count,
  timedOut: count,
  cancelled: count,
  successRate: share,
  firstPassSuccessRate: share,
  retriesPer100: nullable(Type.Number({ minimum: 0, description: "Per 100 finished runs." })),
  duration: MeasuredDurations,
  tokens: Type.Number(),
  computeMs: Type.Number(),
  costUsd: Type.Number(),
  tokensPerRun: numberOrNull,
  computeMsPerRun: numberOrNull,
  costUsdPerRun: numberOrNull,
  accuracy: measured,
  throughputDelta: measured,
}

const repair = { count, meanMs: msOrNull }

export const RunMetrics = answer("RunMetrics", runMetrics)
export type RunMetrics = Static<typeof RunMetrics>

const asOf = {
  from: time,
  to: time,
  bucket: nullable(oneOf(["hour", "day"])),
  exact: Type.Boolean({
    description:
      "True: from what was counted of every run. False: something in it was looked at one by one, up to a bound.",
  }),
  behind: Type.Integer({ minimum: 0, description: "Events that are not counted yet." }),
  durationError: Type.Number({ description: "What a percentile may be off by, as a share of it." }),
}

export const Metrics = answer("Metrics", {
  ...asOf,
  scanned: nullable(
    Type.Object({ runs: count, complete: Type.Boolean({ description: "False: the newest of them only." }) }),
  ),
  total: answer("MetricsTotal", {
    ...runMetrics,
    mttr: Type.Object(repair, {
      description: "Of failures that were repaired in this time: until resolved, or until a re-run completed.",
    }),
    timeToFeature: Type.Object(repair, {
      description: "From a business event to the end of its last run that completed, where people said when it was.",
    }),
    customerExperienceIndex: measured,
    staffMinutesSaved: Type.Object({ count, sum: Type.Number() }),
  }),
  groups: Type.Array(
    Type.Object({
      workflowId: textOrNull,
      environment: textOrNull,
      versionNumber: nullable(Type.Integer()),
      version: textOrNull,
      origin: textOrNull,
      total: RunMetrics,
      buckets: Type.Array(Type.Object({ at: time, ...runMetrics }), { description: "Those with runs, oldest first." }),
    }),
    { description: "By `groupBy`, the one with the most runs first; at most 200." },
  ),
  groupsLeftOut: count,
  repairs: Type.Array(Type.Object({ at: time, ...repair })),
})
export type Metrics = Static<typeof Metrics>

const stepMetrics = {
  steps: count,
  attempts: count,
  succeeded: count,
  failed: count,
  timedOut: count,
  cancelled: count,
  successRate: share,
  retries: count,
  retriesPer100: nullable(Type.Number({ minimum: 0 })),
  duration: MeasuredDurations,
  queue: MeasuredDurations,
  tokens: Type.Number(),
  computeMs: Type.Number(),
  costUsd: Type.Number(),
}

export const StepsMetrics = answer("StepsMetrics", {
  ...asOf,
  steps: Type.Array(
    Type.Object({
      step: Type.String({ description: "The state's name." }),
      total: answer("StepMetrics", stepMetrics),
      buckets: Type.Array(Type.Object({ at: time, ...stepMetrics })),
    }),
    { description: "The most frequent first; at most 200." },
  ),
  stepsLeftOut: count,
})
export type StepsMetrics = Static<typeof StepsMetrics>

const estimate = Type.Object({ value: Type.Number(), low: Type.Number(), high: Type.Number() })
const sideOf = Type.Object({ count, value: numberOrNull })
const side = Type.Object({ versionNumber: nullable(Type.Integer()), from: time, to: time, metrics: RunMetrics })

export const Comparison = answer("Comparison", {
  workflowId: text,
  environment: text,
  behind: count,
  before: side,
  after: side,
  leastRuns: Type.Integer({ description: "A side with fewer runs says nothing." }),
  measures: Type.Array(
    Type.Object({
      measure: oneOf(["successRate", "firstPassSuccessRate", "duration", "tokensPerRun", "costUsdPerRun", "accuracy"]),
      verdict: oneOf(["better", "worse", "inconclusive"]),
      why: oneOf(
        ["interval", "too_few", "cut_off"],
        "`interval`: by where the interval of 95 % lies; `cut_off`: only the newest runs of a side were looked at.",
      ),
      before: sideOf,
      after: sideOf,
      effectKind: oneOf(
        ["difference", "quicker_share"],
        "`difference`: after − before. `quicker_share`: how likely a run after is quicker than one before; 0.5 is no difference.",
      ),
      effect: nullable(estimate),
      ratio: nullable(estimate),
    }),
  ),
})
export type Comparison = Static<typeof Comparison>

export const PutSlo = request("PutSlo", {
  workflowId: Type.String({ minLength: 1, maxLength: 256 }),
  environment: Type.Optional(Type.String({ minLength: 1, maxLength: 256, default: "default" })),
  objective: oneOf(["success_rate", "duration"]),
  target: Type.Number({
    exclusiveMinimum: 0,
    exclusiveMaximum: 1,
    description:
      "The share of runs that must complete, or be quick enough: 0.95 with `limitMs` is a target for the p95. Of a duration only runs are judged that completed or ran out of time.",
  }),
  limitMs: Type.Optional(Type.Integer({ minimum: 1, description: "Of `duration` only: at most so long." })),
  windowDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 90, default: 30 })),
  description: Type.Optional(Type.String({ maxLength: 1_000 })),
})
export type PutSlo = Static<typeof PutSlo>

const slo = {
  sloId: text,
  workflowId: text,
  environment: text,
  objective: oneOf(["success_rate", "duration"]),
  target: Type.Number(),
  limitMs: nullable(Type.Integer()),
  windowDays: Type.Integer(),
  description: text,
  changedAt: time,
  changedBy: text,
}

export const Slo = answer("Slo", {
  ...slo,
  from: time,
  to: time,
  state: oneOf(["met", "missed", "no_data"]),
  runs: count,
  bad: count,
  share,
  actualMs: nullable(Type.Number({ description: "Of `duration`: what the target's share of runs took at most." })),
  budget: Type.Object({
    allowed: Type.Number({ description: "Bad runs that the target allows among those of the window." }),
    left: nullable(Type.Number({ description: "The share of them that is left; below 0: overdrawn." })),
  }),
  burnRate: Type.Array(Type.Object({ hours: Type.Integer(), rate: numberOrNull }), {
    description: "1: at this pace the budget is used up when the window is over.",
  }),
})
export type Slo = Static<typeof Slo>

export const SloPage = answer("SloPage", { items: Type.Array(Slo), nextCursor: Type.Null() })
export type SloPage = Static<typeof SloPage>

const level = { target: Type.Number(), state: oneOf(["met", "missed", "no_data"]), share, exact }

export const ServiceLevels = answer("ServiceLevels", {
  from: time,
  to: time,
  delivery: Type.Object(
    {
      ...level,
      withinMs: Type.Integer(),
      owed: count,
      delivered: count,
      deliveredInTime: count,
      dead: count,
    },
    {
      description:
        "Messages to webhooks: from the event to the first answer that took it. Alerts are told together, and are not among them.",
    },
  ),
  evidence: Type.Object(
    {
      ...level,
      runs: count,
      missing: Type.Integer({
        minimum: 0,
        description: "Runs of which events are not there, and nobody cleared them.",
      }),
      expired: Type.Integer({ minimum: 0, description: "Cleared away by retention, and sealed: judged no more." }),
    },
    { description: "Runs that began in this time and ended: whether all of their events are there." },
  ),
})
export type ServiceLevels = Static<typeof ServiceLevels>
