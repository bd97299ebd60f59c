/** Steps with their attempts and deliveries (rule 5: an attempt is what the author counts, a delivery one handing-out). */
import { type Static, Type } from "typebox"
import { RunError, Usage } from "./run.ts"
import {
  answer,
  durationMsOrNull,
  json,
  jsonObject,
  nullable,
  oneOf,
  page,
  text,
  textOrNull,
  time,
  timeOrNull,
} from "./scalars.ts"

export const stepStatuses = [
  "PENDING",
  "RUNNING",
  "WAITING_APPROVAL",
  "WAITING_SIGNAL",
  "SUCCEEDED",
  "FAILED",
  "CANCELLED",
  "TIMED_OUT",
  "SKIPPED",
] as const

export const Delivery = answer("Delivery", {
  delivery: Type.Integer(),
  fence: Type.Integer(),
  owner: text,
  startedAt: time,
  lostAt: timeOrNull,
  lostReason: textOrNull,
})
export type Delivery = Static<typeof Delivery>

export const ModelUse = answer("ModelUse", {
  model: text,
  provider: textOrNull,
  parameters: nullable(jsonObject("What the model was asked with the last time.")),
  usage: Usage,
})
export type ModelUse = Static<typeof ModelUse>

export const Attempt = answer("Attempt", {
  attempt: Type.Integer({ minimum: 1 }),
  status: oneOf(["PENDING", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED", "TIMED_OUT"]),
  agent: text,
  agentRunId: text,
  scheduledAt: time,
  startedAt: timeOrNull,
  completedAt: timeOrNull,
  durationMs: durationMsOrNull,
  queueMs: durationMsOrNull,
  error: nullable(RunError),
  usage: nullable(Usage),
  models: Type.Array(ModelUse, {
    description: "Models that the agent reported, each with its part of `usage`; at most 8.",
  }),
  retryDelayMs: nullable(Type.Number({ description: "The wait before the next attempt." })),
  spanId: text,
  deliveries: Type.Array(Delivery),
})
export type Attempt = Static<typeof Attempt>

export const Step = answer("Step", {
  stepId: text,
  runId: text,
  name: text,
  type: text,
  action: textOrNull,
  parentStepId: textOrNull,
  branchPath: Type.String({ description: "`checks/pods/items[3]`; empty at the top." }),
  index: nullable(Type.Array(Type.Integer(), { description: "Item indices, outermost first." })),
  visit: Type.Integer({ minimum: 1 }),
  status: oneOf(stepStatuses),
  attempt: Type.Integer(),
  delivery: Type.Integer(),
  enteredAt: time,
  scheduledAt: timeOrNull,
  startedAt: timeOrNull,
  completedAt: timeOrNull,
  durationMs: durationMsOrNull,
  queueMs: durationMsOrNull,
  retries: Type.Integer(),
  agent: textOrNull,
  agentRunId: textOrNull,
  input: json(),
  output: json(),
  error: nullable(RunError),
  validation: nullable(jsonObject("`{passed, score?, reasons?}`")),
  usage: Usage,
  model: nullable(
    Type.String({
      description: "The model its last attempt that reported one used most; the attempts have all of them.",
    }),
  ),
  provider: textOrNull,
  spanId: textOrNull,
  next: textOrNull,
  seq: Type.Integer({ description: "The event that entered it: the order of steps." }),
  children: Type.Array(text, { description: "Runs that this step started." }),
  attempts: Type.Array(Attempt),
})
export type Step = Static<typeof Step>
export const StepPage = page("StepPage", Step)
export type StepPage = Static<typeof StepPage>
