/** Telling people: by mail, in a channel, or as a document to a webhook; one alert an issue, not one a run. */
import { type Static, Type } from "typebox"
import { answer, count, nullable, oneOf, page, request, text, textOrNull, time, timeOrNull } from "./scalars.ts"
import { deliveryFields, deliveryLog, healthFields, type WebhookEventName, webhookUrlMax } from "./webhook.ts"
import { alertEvents, alertKinds } from "./words.ts"

export const alertRecipientsMax = 50
/** Stands among the recipients for those who may decide, as far as members have an address. */
export const approversRecipient = "approvers"

const name = Type.String({ maxLength: 200, description: "For people." })
const to = Type.Array(Type.String({ minLength: 1, maxLength: 254 }), {
  minItems: 1,
  maxItems: alertRecipientsMax,
  uniqueItems: true,
  description: "Of `email`: addresses, and `approvers` for those who may decide and are members.",
})
const url = Type.String({
  minLength: 1,
  maxLength: webhookUrlMax,
  description: "Of `slack`: an incoming webhook of Slack, or what takes `{text}` like it.",
})
const webhookId = Type.String({
  minLength: 1,
  maxLength: 256,
  description: "Of `webhook`: who is told, and signed for.",
})
const events = Type.Array(oneOf(alertEvents satisfies readonly WebhookEventName[]), {
  minItems: 1,
  maxItems: alertEvents.length,
  uniqueItems: true,
  description: "Absent: all of them.",
})
const workflows = Type.Array(Type.String({ minLength: 1, maxLength: 256 }), {
  maxItems: 100,
  uniqueItems: true,
  description: "Only runs of these workflows; empty: of all.",
})
const environment = nullable(Type.String({ maxLength: 256, description: "Only its runs; null: of all environments." }))
const maxPerHour = Type.Integer({
  minimum: 1,
  maximum: 1_000,
  default: 20,
  description: "More is held back, and told together when there is room again.",
})
const repeatMinutes = Type.Integer({
  minimum: 1,
  maximum: 10_080,
  default: 60,
  description: "An issue that goes on failing is told again so late, with how often; one that comes back at once.",
})

/** Its kind stays what it is. */
const changeable = {
  name: Type.Optional(name),
  to: Type.Optional(to),
  url: Type.Optional(url),
  webhookId: Type.Optional(webhookId),
  events: Type.Optional(events),
  workflows: Type.Optional(workflows),
  environment: Type.Optional(environment),
  maxPerHour: Type.Optional(maxPerHour),
  repeatMinutes: Type.Optional(repeatMinutes),
  enabled: Type.Optional(Type.Boolean()),
}

export const CreateAlert = request("CreateAlert", { kind: oneOf(alertKinds), ...changeable })
export type CreateAlert = Static<typeof CreateAlert>

export const ChangeAlert = request("ChangeAlert", changeable)
export type ChangeAlert = Static<typeof ChangeAlert>

export const Alert = answer("Alert", {
  alertId: text,
  kind: oneOf(alertKinds),
  name: text,
  to: Type.Array(text, { description: "Recipients, the host of the channel, or the webhook's id." }),
  events: Type.Array(oneOf(alertEvents)),
  workflows: Type.Array(text),
  environment: textOrNull,
  maxPerHour: count,
  repeatMinutes: count,
  enabled: Type.Boolean(),
  disabledAt: timeOrNull,
  disabledReason: textOrNull,
  createdAt: time,
  createdBy: text,
  changedAt: time,
  changedBy: text,
  health: Type.Object(healthFields),
})
export type Alert = Static<typeof Alert>
export const AlertPage = page("AlertPage", Alert)
export type AlertPage = Static<typeof AlertPage>

export const AlertDelivery = answer("AlertDelivery", { ...deliveryFields, alertId: text })
export type AlertDelivery = Static<typeof AlertDelivery>
export const AlertDeliveryPage = page("AlertDeliveryPage", AlertDelivery)
export type AlertDeliveryPage = Static<typeof AlertDeliveryPage>
export const AlertDeliveryDetail = answer("AlertDeliveryDetail", {
  ...deliveryFields,
  alertId: text,
  body: Type.String({ description: "What is sent; of a mail, its recipients, subject and text." }),
  log: deliveryLog,
})
export type AlertDeliveryDetail = Static<typeof AlertDeliveryDetail>
