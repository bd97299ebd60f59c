/** Endpoints, deliveries and attempts as clients read them. Secrets and the values of headers are in none of them. */
import type {
  Webhook,
  WebhookAttempt as WebhookAttemptDocument,
  WebhookDelivery as WebhookDeliveryDocument,
} from "@waybill/contract"
import type { WebhookAttempt, WebhookDelivery, WebhookEndpoint } from "@waybill/engine"
import { type Made, make } from "../../http/shared/made.ts"
import { rfc3339, rfc3339OrNull } from "../../http/shared/time.ts"
import { isLocked } from "./locked.ts"

export interface EndpointView {
  readonly row: WebhookEndpoint
  readonly pending: number
  readonly dead: number
}

const endpointTable = {
  webhookId: ({ row }) => row.endpointId,
  url: ({ row }) => row.shownUrl,
  description: ({ row }) => row.description,
  events: ({ row }) => JSON.parse(row.events) as Webhook["events"],
  workflows: ({ row }) => JSON.parse(row.workflows) as string[],
  environment: ({ row }) => row.environment,
  headerNames: ({ row }) => JSON.parse(row.headerNames) as string[],
  enabled: ({ row }) => row.disabledAt === null,
  disabledAt: ({ row }) => rfc3339OrNull(row.disabledAt),
  disabledReason: ({ row }) => row.disabledReason,
  previousSecretUntil: ({ row }) => rfc3339OrNull(row.previousUntil),
  createdAt: ({ row }) => rfc3339(row.createdAt),
  createdBy: ({ row }) => row.createdBy,
  changedAt: ({ row }) => rfc3339(row.changedAt),
  changedBy: ({ row }) => row.changedBy,
  health: healthDocument,
} satisfies Made<Webhook, EndpointView>

export const deliveryFields = {
  deliveryId: (row) => row.deliveryId,
  runId: (row) => row.runId,
  event: (row) => row.event,
  state: (row) => row.state,
  createdAt: (row) => rfc3339(row.createdAt),
  attempts: (row) => row.attempts,
  nextAttemptAt: (row) => rfc3339OrNull(row.dueAt),
  completedAt: (row) => rfc3339OrNull(row.completedAt),
  lastStatus: (row) => row.lastStatus,
  lastError: (row) => row.lastError,
} satisfies Made<Omit<WebhookDeliveryDocument, "webhookId">, WebhookDelivery>

const deliveryTable = {
  ...deliveryFields,
  webhookId: (row) => row.endpointId,
} satisfies Made<WebhookDeliveryDocument, WebhookDelivery>

export const webhookDocument = (view: EndpointView): Webhook => make(endpointTable, view)
export const deliveryDocument = (row: WebhookDelivery): WebhookDeliveryDocument => make(deliveryTable, row)

export function attemptDocument({ at, ...attempt }: WebhookAttempt): WebhookAttemptDocument {
  return { ...attempt, at: rfc3339(at) }
}

export function healthDocument({ row, pending, dead }: EndpointView): Webhook["health"] {
  return {
    state: healthOf(row),
    failingSince: rfc3339OrNull(row.failingSince),
    lastDeliveredAt: rfc3339OrNull(row.lastSuccessAt),
    lastFailedAt: rfc3339OrNull(row.lastFailureAt),
    lastError: row.lastError,
    delivered: row.deliveredCount,
    failedAttempts: row.failedCount,
    pending,
    dead,
  }
}

function healthOf(row: WebhookEndpoint): Webhook["health"]["state"] {
  if (row.disabledAt !== null) return "disabled"
  if (isLocked(row)) return "locked"
  if (row.failingSince !== null) return "failing"
  return row.lastSuccessAt === null ? "unused" : "healthy"
}
