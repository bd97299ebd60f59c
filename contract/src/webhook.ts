/** Telling others: endpoints, what they are told, and how that went (000). Signed as Standard Webhooks says. */
import { type Static, Type } from "typebox"
import {
  answer,
  count,
  durationMs,
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
import { deliveryStates } from "./words.ts"

export const webhookEvents = [
  "run.started",
  "run.completed",
  "run.failed",
  "run.waiting_human",
  "run.canceled",
  "step.completed",
  "step.failed",
  "approval.requested",
  "approval.reminded",
  "approval.warned",
  "approval.breached",
  "approval.escalated",
  "approval.delegated",
  "approval.approved",
  "approval.rejected",
  "approval.revised",
  "approval.timed_out",
] as const
export type WebhookEventName = (typeof webhookEvents)[number]

export const webhookUrlMax = 2_048
export const webhookHeadersMax = 10

const url = Type.String({
  minLength: 1,
  maxLength: webhookUrlMax,
  description: "`https://…`; redirects are not followed.",
})
const description = Type.String({ maxLength: 500 })
const events = Type.Array(oneOf(webhookEvents), {
  minItems: 1,
  maxItems: webhookEvents.length,
  uniqueItems: true,
})
const workflows = Type.Array(Type.String({ minLength: 1, maxLength: 256 }), {
  maxItems: 100,
  uniqueItems: true,
  description: "Only runs of these workflows; empty: of all.",
})
const environment = nullable(Type.String({ maxLength: 256, description: "Only its runs; null: of all environments." }))
const headers = Type.Unsafe<{ readonly [name: string]: string }>({
  type: "object",
  maxProperties: webhookHeadersMax,
  additionalProperties: { type: "string", maxLength: 1_000 },
  description: "Sent with every message, for a gateway in front; never shown again.",
})
const enabled = Type.Boolean()

export const CreateWebhook = request("CreateWebhook", {
  url,
  description: Type.Optional(description),
  events,
  workflows: Type.Optional(workflows),
  environment: Type.Optional(environment),
  headers: Type.Optional(headers),
  enabled: Type.Optional(enabled),
})
export type CreateWebhook = Static<typeof CreateWebhook>

export const ChangeWebhook = request("ChangeWebhook", {
  url: Type.Optional(url),
  description: Type.Optional(description),
  events: Type.Optional(events),
  workflows: Type.Optional(workflows),
  environment: Type.Optional(environment),
  headers: Type.Optional(headers),
  enabled: Type.Optional(
    Type.Boolean({ description: "Enabled again it is told what happens from then on, and what it is still owed." }),
  ),
})
export type ChangeWebhook = Static<typeof ChangeWebhook>

export const healthFields = {
  state: oneOf(
    ["unused", "healthy", "failing", "disabled", "locked"] as const,
    "`locked`: no key opens its address, headers and secret; nothing is sent until they are given anew.",
  ),
  failingSince: timeOrNull,
  lastDeliveredAt: timeOrNull,
  lastFailedAt: timeOrNull,
  lastError: textOrNull,
  delivered: Type.Integer({ minimum: 0, description: "Messages, since it was made." }),
  failedAttempts: count,
  pending: Type.Integer({ minimum: 0, description: "Counted up to 10,000." }),
  dead: Type.Integer({ minimum: 0, description: "Counted up to 10,000, as far as the log reaches." }),
}

const endpoint = {
  webhookId: text,
  url: Type.String({ description: "As far as the host: what stands behind it can be as good as a password." }),
  description: text,
  events: Type.Array(oneOf(webhookEvents)),
  workflows: Type.Array(text),
  environment: textOrNull,
  headerNames: Type.Array(text, { description: "Their values are not shown." }),
  enabled,
  disabledAt: timeOrNull,
  disabledReason: textOrNull,
  previousSecretUntil: nullable(
    Type.String({
      format: "date-time",
      description: "Until then messages carry the signature of the secret before too.",
    }),
  ),
  createdAt: time,
  createdBy: text,
  changedAt: time,
  changedBy: text,
  health: Type.Object(healthFields),
}
export const Webhook = answer("Webhook", endpoint)
export type Webhook = Static<typeof Webhook>
export const WebhookPage = page("WebhookPage", Webhook)
export type WebhookPage = Static<typeof WebhookPage>
export const WebhookWithSecret = answer("WebhookWithSecret", {
  ...endpoint,
  secret: Type.String({ description: "`whsec_…`: shown this once." }),
})
export type WebhookWithSecret = Static<typeof WebhookWithSecret>

export const RotateWebhook = request("RotateWebhook", {
  keepHours: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 168,
      default: 24,
      description: "How long the secret before signs too; 0: not any more.",
    }),
  ),
})
export type RotateWebhook = Static<typeof RotateWebhook>

export const deliveryFields = {
  deliveryId: Type.String({ description: "`webhook-id` of every attempt, and what names a mail." }),
  runId: nullable(Type.String({ description: "Null: a test." })),
  event: text,
  state: oneOf(deliveryStates),
  createdAt: time,
  attempts: count,
  nextAttemptAt: timeOrNull,
  completedAt: timeOrNull,
  lastStatus: nullable(Type.Integer({ description: "Of the last answer; null: there was none." })),
  lastError: textOrNull,
}
const delivery = { ...deliveryFields, webhookId: text }
export const WebhookDelivery = answer("WebhookDelivery", delivery)
export type WebhookDelivery = Static<typeof WebhookDelivery>
export const WebhookDeliveryPage = page("WebhookDeliveryPage", WebhookDelivery)
export type WebhookDeliveryPage = Static<typeof WebhookDeliveryPage>

export const WebhookAttempt = answer("WebhookAttempt", {
  number: count,
  at: time,
  status: nullable(Type.Integer()),
  ms: durationMs,
  error: textOrNull,
  answer: Type.String({ description: "The first KiB of the answer's body." }),
})
export type WebhookAttempt = Static<typeof WebhookAttempt>

export const deliveryLog = Type.Array(WebhookAttempt, { description: "Oldest first; the newest 50." })

export const WebhookDeliveryDetail = answer("WebhookDeliveryDetail", {
  ...delivery,
  body: Type.String({ description: "What is sent, to the byte." }),
  log: deliveryLog,
})
export type WebhookDeliveryDetail = Static<typeof WebhookDeliveryDetail>

const step = jsonObject("000's Step, as far as it is known then, with `attempt`; of events of a step.")
const approval = jsonObject(
  "`id, message, approvers, timeout_at, due_at`, and what the event is about: `reminders, escalated_to, delegated_to, outcome, decided_by`; of events of an approval.",
)

/** What is sent. The fields of `run` and `step` are 000's; values that ran through a run are never among them. */
export const WebhookMessage = answer("WebhookMessage", {
  type: oneOf(webhookEvents),
  timestamp: Type.String({ format: "date-time", description: "When it happened." }),
  data: Type.Object({
    seq: Type.Integer({ description: "Of the event in its run: what has a higher one happened later." }),
    run: jsonObject(
      "`id, workflow_name, workflow_version, environment, status, started_at, completed_at, duration_ms, actor, business_event_id, tenant_id, tags, diagnostics {trace_id, error_code, error_message}, url`.",
    ),
    step: Type.Optional(step),
    approval: Type.Optional(approval),
  }),
})
export type WebhookMessage = Static<typeof WebhookMessage>
