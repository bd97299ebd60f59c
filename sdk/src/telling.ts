/** The routes of those who are told: people by alerts, other systems by webhooks. */
import type {
  Alert,
  AlertDelivery,
  AlertDeliveryDetail,
  AlertDeliveryPage,
  AlertPage,
  ChangeAlert,
  ChangeWebhook,
  CreateAlert,
  CreateWebhook,
  RotateWebhook,
  Webhook,
  WebhookDelivery,
  WebhookDeliveryDetail,
  WebhookDeliveryPage,
  WebhookPage,
  WebhookWithSecret,
} from "@waybill/contract"
import { run } from "./paths.ts"
import type { Call, Query } from "./transport.ts"

const alert = (alertId: string) => `/alerts/${encodeURIComponent(alertId)}`
const webhook = (webhookId: string) => `/webhooks/${encodeURIComponent(webhookId)}`

export function tellingRoutes(call: Call) {
  return {
    alerts: {
      list: () => call<AlertPage>("GET", "/alerts"),
      get: (alertId: string) => call<Alert>("GET", alert(alertId)),
      create: (body: CreateAlert) => call<Alert>("POST", "/alerts", { body }),
      change: (alertId: string, body: ChangeAlert) => call<Alert>("PATCH", alert(alertId), { body }),
      remove: (alertId: string) => call<undefined>("DELETE", alert(alertId)),
      test: (alertId: string) => call<AlertDelivery>("POST", `${alert(alertId)}/test`),
      /** `state, event, cursor, limit`. */
      deliveries: (alertId: string, query: Query = {}) =>
        call<AlertDeliveryPage>("GET", `${alert(alertId)}/deliveries`, { query }),
      delivery: (alertId: string, deliveryId: string) =>
        call<AlertDeliveryDetail>("GET", `${alert(alertId)}/deliveries/${encodeURIComponent(deliveryId)}`),
      redeliver: (alertId: string, deliveryId: string) =>
        call<AlertDelivery>("POST", `${alert(alertId)}/deliveries/${encodeURIComponent(deliveryId)}/redeliver`),
    },
    webhooks: {
      list: () => call<WebhookPage>("GET", "/webhooks"),
      get: (webhookId: string) => call<Webhook>("GET", webhook(webhookId)),
      /** The answer has the secret, this once. */
      create: (body: CreateWebhook) => call<WebhookWithSecret>("POST", "/webhooks", { body }),
      change: (webhookId: string, body: ChangeWebhook) => call<Webhook>("PATCH", webhook(webhookId), { body }),
      remove: (webhookId: string) => call<undefined>("DELETE", webhook(webhookId)),
      test: (webhookId: string) => call<WebhookDelivery>("POST", `${webhook(webhookId)}/test`),
      rotate: (webhookId: string, body: RotateWebhook = {}) =>
        call<WebhookWithSecret>("POST", `${webhook(webhookId)}/rotate`, { body }),
      /** `state, event, runId, cursor, limit`. */
      deliveries: (webhookId: string, query: Query = {}) =>
        call<WebhookDeliveryPage>("GET", `${webhook(webhookId)}/deliveries`, { query }),
      delivery: (webhookId: string, deliveryId: string) =>
        call<WebhookDeliveryDetail>("GET", `${webhook(webhookId)}/deliveries/${encodeURIComponent(deliveryId)}`),
      redeliver: (webhookId: string, deliveryId: string) =>
        call<WebhookDelivery>("POST", `${webhook(webhookId)}/deliveries/${encodeURIComponent(deliveryId)}/redeliver`),
      /** Who was told of a run; for everybody who may see it. */
      ofRun: (runId: string, query: Query = {}) =>
        call<WebhookDeliveryPage>("GET", `${run(runId)}/webhooks`, { query }),
    },
  }
}
